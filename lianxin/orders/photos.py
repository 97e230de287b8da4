"""Photos: re-encoded, without hidden data, kept by their digest, shown only on request."""

from __future__ import annotations

import errno
import hashlib
import io
import os
import tempfile
import warnings
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Any
from uuid import UUID

from django.conf import settings
from django.db.models import Q
from PIL import Image, ImageOps, UnidentifiedImageError

from lianxin.core.step.order import Change
from lianxin.core.step.refused import Refused
from lianxin.orders.book import book
from lianxin.orders.models import Photo
from lianxin.orders.world import new_id

LARGEST_FILE = 12 * 1024 * 1024  # bytes as sent; phones' photos have 3–8 MB
LARGEST_IMAGE = 50_000_000  # pixels before scaling; a bomb has more, a phone's camera has not
LOOSE_FOR = timedelta(days=2)  # a draft may lie that long before it is sent
LONGEST_SIDE = 2048  # pixels as kept
QUALITY = 82
FORMATS = ("JPEG", "PNG", "WEBP")  # a phone's MPO opens as JPEG
CARRIERS = ("photo", "file")  # types of fields whose answers are ids of photos


def take_in(source: IO[bytes], by: int | None, now: datetime) -> Photo:
    """Re-encode and keep one photo. It belongs to no order until a step takes it.

    Raises Refused: photo_too_large, not_a_photo, disk_full. Nothing is left behind then.
    """
    raw = source.read(LARGEST_FILE + 1)
    if len(raw) > LARGEST_FILE:
        raise Refused("photo_too_large", most_mb=LARGEST_FILE // 1024 // 1024)
    clean, size = encode(raw)
    name = digest(clean)
    keep(name, clean)
    return Photo.objects.create(
        id=UUID(new_id(now)), sha256=name, width=size[0], height=size[1], size=len(clean),
        by_id=by, at=now,
    )  # fmt: skip


def encode(raw: bytes) -> tuple[bytes, tuple[int, int]]:
    """A JPEG of at most `LONGEST_SIDE`, upright, with nothing in it but the picture."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(raw), formats=FORMATS) as opened:
                if opened.width * opened.height > LARGEST_IMAGE:
                    raise Refused("photo_too_large", most_mb=LARGEST_FILE // 1024 // 1024)
                opened.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
                upright = ImageOps.exif_transpose(opened)
                picture = flat(upright)
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as bomb:
        raise Refused("photo_too_large", most_mb=LARGEST_FILE // 1024 // 1024) from bomb
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError) as wrong:
        raise Refused("not_a_photo") from wrong
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=QUALITY, optimize=True)
    return out.getvalue(), picture.size


def flat(image: Image.Image) -> Image.Image:
    """On white, without transparency, palette or profile: a plain RGB copy of the pixels."""
    if image.mode in ("RGBA", "LA", "P", "PA"):
        rgba = image.convert("RGBA")
        paper = Image.new("RGB", image.size, "white")
        paper.paste(rgba, mask=rgba.getchannel("A"))
        return paper
    plain = Image.new("RGB", image.size)
    plain.paste(image.convert("RGB"))
    return plain


def digest(data: bytes) -> str:
    """The name of a picture's file."""
    return hashlib.sha256(data).hexdigest()


def whole(path: Path) -> bool:
    """Whether the picture that stands here is the one its name says."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == path.stem
    except FileNotFoundError:
        return False


def path_of(name: str) -> Path:
    return Path(settings.MEDIA_ROOT) / name[:2] / f"{name}.jpg"


def keep(name: str, data: bytes) -> None:
    """Write once and whole: a reader sees the old file, the new file, never half of one."""
    path = path_of(name)
    if path.exists():
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as part:
            try:
                part.write(data)
                part.flush()
                os.fsync(part.fileno())
                os.replace(part.name, path)
            except OSError:
                os.unlink(part.name)
                raise
    except OSError as full:
        if full.errno in (errno.ENOSPC, errno.EDQUOT, errno.EROFS):
            raise Refused("disk_full") from full
        raise


def carried(change: Change) -> list[str]:
    """Ids of the photos that a change brings."""
    page = book().exact(change.order.flow, change.order.since)
    ids: list[Any] = []
    for content in change.contents:
        field = page.fields.get(content.name)
        if field and field.type in CARRIERS:
            ids += content.value if isinstance(content.value, list) else [content.value]
    return [str(i) for i in ids]


def attach(change: Change) -> None:
    """Bind the photos to the order that took them in. Raises Refused("unknown") for any that is
    not there or belongs to another order: a guessed id brings nobody else's photo to light."""
    ids = carried(change)
    if not ids:
        return
    try:
        wanted = {UUID(i) for i in ids}
    except ValueError:
        raise Refused("unknown", field="photo", value=ids[0][:40]) from None
    free = Photo.objects.filter(pk__in=wanted, order=None)
    if free.update(order_id=UUID(change.order.id)) != len(wanted):
        raise Refused("unknown", field="photo", value=ids[0][:40])


def throw_away_loose(now: datetime) -> int:
    """Delete photos, with files, that no order took in within `LOOSE_FOR`. Returns how many."""
    loose = Photo.objects.filter(order=None, at__lt=now - LOOSE_FOR)
    names = set(loose.values_list("sha256", flat=True))
    count, _ = loose.delete()
    remove_files(names)
    return count


def in_use(names: set[str] | None = None) -> set[str]:
    """The files that photos need, painted and original; `names`: those of them that are asked."""
    wanted = Photo.objects.all()
    if names is not None:
        wanted = wanted.filter(Q(sha256__in=names) | Q(original__in=names))
    return {name for pair in wanted.values_list("sha256", "original") for name in pair if name}


def remove_files(names: set[str]) -> None:
    """The files of these pictures and their thumbnails, but not of one that another photo shows or
    that lies under its paint."""
    for name in names - in_use(names):
        for file in path_of(name).parent.glob(f"{name}*.jpg"):
            file.unlink(missing_ok=True)
