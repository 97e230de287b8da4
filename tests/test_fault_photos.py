"""Photos that are none, photos that want to burst us, and a disk that is full."""

import binascii
import errno
import io
import os
import shutil
import struct
import subprocess
import zlib
from pathlib import Path

import pytest
from api_client import Caller, code
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image
from town import settled

from lianxin.core.step.refused import Refused
from lianxin.orders import photos
from lianxin.orders.models import Photo

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HUGE = 64 * 2**20  # bytes that a small chunk unpacks to


@pytest.fixture
def town(request):
    with settled(request) as town:
        yield town


@pytest.fixture
def album(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "photos"
    return settings.MEDIA_ROOT


# ── what is sent ─────────────────────────────────────────────────────────────────────────────────


def jpeg(size=(640, 480)):
    out = io.BytesIO()
    Image.effect_noise(size, 90).convert("RGB").save(out, "JPEG")
    return out.getvalue()


def gif():
    out = io.BytesIO()
    Image.new("P", (9, 9)).save(out, "GIF")
    return out.getvalue()


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(
        ">I", binascii.crc32(name + data)
    )  # fmt: skip


def png(width, height, *more, rows=b""):
    """A PNG by hand: what it says of itself, further chunks, and its rows packed."""
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    parts = [chunk(b"IHDR", head), *more, chunk(b"IDAT", zlib.compress(rows, 9))]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts) + chunk(b"IEND", b"")


def bomb():
    """50,000 × 50,000 points, one bit each, in a few KB."""
    return png(50_000, 50_000, rows=bytes(1 << 20))


def wordy():
    """A PNG of one point, with a text that unpacks to more than anybody reads."""
    packed = zlib.compress(bytes(HUGE), 9)
    return png(8, 8, chunk(b"iTXt", b"Comment\0\1\0\0\0" + packed), rows=bytes(16))


def no_photos():
    whole = jpeg()
    return {
        "a PNG of 2,500 million points": (bomb(), "photo_too_large"),
        "a text of 64 MB in a PNG": (wordy(), "not_a_photo"),
        "a JPEG cut in half": (whole[: len(whole) // 2], "not_a_photo"),
        "a JPEG's first bytes": (whole[:20], "not_a_photo"),
        "an SVG": (SVG, "not_a_photo"),
        "a GIF": (gif(), "not_a_photo"),
        "a page that begins like a GIF": (b"GIF89a/*" + SVG, "not_a_photo"),
        "a PDF": (b"%PDF-1.7\n", "not_a_photo"),
        "nothing": (b"", "not_a_photo"),
        "13 MB": (whole + bytes(13 * 2**20), "photo_too_large"),
    }


@pytest.mark.parametrize("name", no_photos())
def test_it_is_refused_and_leaves_nothing(town, album, name):
    data, why = no_photos()[name]
    with pytest.raises(Refused, match=why):
        photos.take_in(io.BytesIO(data), None, timezone.now())
    assert files(album) == []
    assert not Photo.objects.exists()


def files(album: Path):
    return sorted(p for p in album.rglob("*") if p.is_file()) if album.exists() else []


def test_what_rides_on_a_photo_falls_off(town, album):
    """A polyglot: a good photo with a program behind it, and words in its hidden data."""
    rider = b"PK\x03\x04<script>alert(1)</script>"
    photo = photos.take_in(io.BytesIO(jpeg() + rider), None, timezone.now())
    kept = photos.path_of(photo.sha256).read_bytes()
    assert kept.startswith(b"\xff\xd8\xff") and kept.endswith(b"\xff\xd9")
    assert b"script" not in kept and b"PK\x03\x04" not in kept


def send(caller, data):
    sent = SimpleUploadedFile("photo.jpg", data, "image/jpeg")
    return caller.client.post("/api/v1/photos", {"photo": sent})


def test_over_http_each_no_is_a_sentence(town, album):
    resident = Caller(town.token("resident"))
    for data, why in ((bomb(), "photo_too_large"), (SVG, "not_a_photo"), (gif(), "not_a_photo")):
        answer = send(resident, data)
        assert code(answer) == why
        assert answer.json()["detail"].endswith("。")
    assert files(album) == []


# ── a full disk ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("where", ["fsync", "replace"])
def test_the_disk_is_full_in_the_middle(town, album, monkeypatch, where):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    resident = Caller(town.token("resident"))
    with monkeypatch.context() as disk:
        disk.setattr(photos.os, where, full)
        answer = send(resident, jpeg())
    assert (code(answer), answer.status_code) == ("disk_full", 507)
    assert "空间已满" in answer.json()["detail"]
    assert (files(album), Photo.objects.count()) == ([], 0)
    assert send(resident, jpeg()).status_code == 201


@pytest.fixture
def small_disk(tmp_path, settings):
    """A real file system of 64 KB."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = shutil.which("mount")
    if os.geteuid() != 0 or mount is None:
        pytest.skip("only root can mount a small disk")
    command = [mount, "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(place)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"no small disk here: {done.stderr.strip()}")
    settings.MEDIA_ROOT = place
    yield place
    subprocess.run(["umount", str(place)], check=True)


def test_a_disk_that_is_really_full(town, small_disk):
    resident = Caller(town.token("resident"))
    answers = [send(resident, jpeg((120 + n, 120))) for n in range(12)]
    codes = [code(a) for a in answers]
    assert codes[0] == "201" and codes[-1] == "disk_full"
    kept = codes.count("201")
    assert (len(files(small_disk)), Photo.objects.count()) == (kept, kept)
    for path in files(small_disk):
        Image.open(path).verify()
