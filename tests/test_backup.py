"""A house is backed up while people write in it, is lost, and comes back whole or not at all."""

from __future__ import annotations

import itertools
import json
import os
import shutil
import stat
import threading
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connection, connections
from django.test import Client
from town import Town, settled
from web_town import picture

from lianxin.backup import archive, kept, restoring, schema, taking
from lianxin.backup.archive import MANIFEST, Reading
from lianxin.cli import main
from lianxin.orders import photos, used, world
from lianxin.orders.models import Event, Order, Photo
from lianxin.orders.recount import verify
from lianxin.registry import secret
from lianxin.registry.models import Entry, Person
from lianxin.trouble import Trouble

PASSWORD = "lantern-rain-42"
PHONE = "13800138000"
HEIGHTS = itertools.count(20)


@pytest.fixture
def town(request: pytest.FixtureRequest, fresh: str, monkeypatch: Any) -> Iterator[Town]:
    """A town in a database and a folder of its own: both are going to be destroyed."""
    monkeypatch.setenv("DATABASE_URL", fresh)
    monkeypatch.setattr(settings, "VAR", settings.VAR / "house")
    monkeypatch.setattr(settings, "MEDIA_ROOT", settings.VAR / "photos")
    settings.VAR.mkdir(parents=True)
    with settled(request) as town:
        desk = town.people["desk"]
        desk.phone = PHONE
        desk.set_password(PASSWORD)
        desk.save()
        town.dispatched()
        write(town)
        yield town
    shutil.rmtree(settings.VAR)
    secret._derived.cache_clear()


def write(town: Town) -> None:
    town.file(text="又一件")
    picture(town.people["resident"], (60, next(HEIGHTS)))  # no two alike


@pytest.fixture
def backup(town: Town, tmp_path: Path) -> Path:
    path = tmp_path / "house.zip"
    assert main(["backup", str(path)]) == 0
    return path


def destroy() -> None:
    """Somebody drops every table; the disk loses photos and keys."""
    with connection.cursor() as cursor:
        for kind, name in schema.objects("public"):
            cursor.execute(f"DROP {kind} IF EXISTS {name} CASCADE")
    connection.close()
    for path in settings.VAR.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    secret._derived.cache_clear()
    world.forget()
    used.forget()


def standing() -> tuple[Any, ...]:
    """What a refused restoring must leave as it was."""
    files = sorted(str(p) for p in settings.VAR.rglob("*") if p.is_file())
    orders = sorted(map(str, Order.objects.values_list("id", "head")))
    entries = Entry.objects.count(), Event.objects.count()
    schemas = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
    with connection.cursor() as cursor:
        cursor.execute(schemas)
        return orders, entries, files, cursor.fetchone()


def restore(path: Path, *more: str) -> int:
    connection.close()
    return main(["restore", str(path), *more])


# --- there and back


def test_a_lost_house_comes_back_as_it_was_at_one_moment(town: Town, tmp_path: Path) -> None:
    path = tmp_path / "house.zip"
    with writers(town) as wrote:
        assert main(["backup", str(path)]) == 0
    assert wrote(), "nobody wrote while the backup was taken"
    with Reading(path) as file:
        known = file.manifest
    before = set(Order.objects.values_list("number", flat=True))
    destroy()
    assert restore(path) == 0
    after = set(Order.objects.values_list("number", flat=True))
    assert after < before, "orders filed after the moment of the backup are not in it"
    assert len(after) == known.tables["orders_order"]["rows"] > 1
    assert (whole := verify()).broken == 0
    assert whole.cases == len(after)
    names = list(Photo.objects.values_list("sha256", flat=True))
    assert names
    assert [n for n in names if not kept.whole(photos.path_of(n))] == []
    assert Person.objects.with_phone(PHONE).get().phone == PHONE
    signed = Client().post("/login", {"username": "desk", "password": PASSWORD})
    assert signed.status_code == 302
    write(Town(town.areas, town.units, town.people))  # ids and numbers go on where they stood
    assert verify().broken == 0


class writers:
    """Three people who file orders and send photos all the time; called, says whether they did."""

    def __init__(self, town: Town) -> None:
        self.town, self.leave, self.wrote = town, threading.Event(), 0
        self.threads = [threading.Thread(target=self.work) for _ in range(3)]

    def work(self) -> None:
        try:
            while not self.leave.is_set():
                write(self.town)
                self.wrote += 1
        finally:
            connections.close_all()

    def __enter__(self) -> Callable[[], int]:
        for thread in self.threads:
            thread.start()
        while not self.wrote:
            self.leave.wait(0.01)
        return lambda: self.wrote

    def __exit__(self, *_: object) -> None:
        while self.wrote < 10:
            self.leave.wait(0.01)
        self.leave.set()
        for thread in self.threads:
            thread.join()


def test_the_file_is_private_and_lets_nobody_in(backup: Path, town: Town) -> None:
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    assert [p.name for p in backup.parent.iterdir()] == ["house.zip"], "a draft was left"
    with zipfile.ZipFile(backup) as parts:
        names = parts.namelist()
    assert not [n for n in names if "session" in n or "axes" in n]
    assert {"keys/secret", "keys/fields"} >= {n for n in names if n.startswith("keys/")} != set()


def test_a_backup_overwrites_nothing(backup: Path, capsys: Any) -> None:
    before = backup.read_bytes()
    assert main(["backup", str(backup)]) == 2
    assert "已经在了" in capsys.readouterr().err
    assert backup.read_bytes() == before


def test_into_a_folder_it_is_called_by_its_time(town: Town, tmp_path: Path) -> None:
    assert main(["backup", str(tmp_path)]) == 0
    (file,) = tmp_path.iterdir()
    assert restore(file, "--check") == 0


def test_a_disk_that_is_full_leaves_no_half_backup(
    town: Town, tmp_path: Path, monkeypatch: Any, capsys: Any
) -> None:
    def full(*_: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(archive.Writing, "add", full)
    assert main(["backup", str(tmp_path / "x.zip")]) == 2
    assert "No space left" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_photo_lost_by_the_house_is_told(town: Town, tmp_path: Path, capsys: Any) -> None:
    photos.path_of(Photo.objects.all()[0].sha256).write_bytes(b"rot")
    assert main(["backup", str(tmp_path / "x.zip")]) == 1
    assert "丢失或损坏" in capsys.readouterr().out
    assert restore(tmp_path / "x.zip", "--check") == 0


# --- a house that is not empty, or open


def test_a_full_house_is_not_replaced_unasked(backup: Path, town: Town, capsys: Any) -> None:
    before = standing()
    assert restore(backup) == 2
    assert "--force" in capsys.readouterr().err
    assert standing() == before


def test_force_replaces_all_of_it(backup: Path, town: Town) -> None:
    known = Order.objects.count()
    write(town)
    later = picture(town.people["resident"], (70, 50))
    kept_file = photos.path_of(Photo.objects.get(pk=later).sha256)
    assert restore(backup, "--force") == 0
    assert Order.objects.count() == known
    assert not kept_file.exists(), "a picture of nobody's stayed"
    assert verify().broken == 0


def test_an_open_house_is_not_restored_into(backup: Path, town: Town, capsys: Any) -> None:
    with psycopg.connect(os.environ["DATABASE_URL"]):
        assert restore(backup, "--force") == 2
    assert "连接在用" in capsys.readouterr().err
    assert restore(backup, "--force") == 0


# --- files that are not what they were


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-200])


def no_zip(path: Path) -> None:
    path.write_text("hello")


def again(path: Path, change: Callable[[str, bytes], bytes | None], **more: bytes) -> None:
    """The same zip with parts changed, left out (None) or added."""
    draft = path.with_suffix(".new")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(draft, "w") as new:
        for name in old.namelist():
            if (content := change(name, old.read(name))) is not None:
                new.writestr(name, content)
        for name, content in more.items():
            new.writestr(name, content)
    draft.replace(path)


def in_part(prefix: str, change: Callable[[bytes], bytes | None]) -> Callable[[Path], None]:
    def spoil(path: Path) -> None:
        again(path, lambda name, was: change(was) if name.startswith(prefix) else was)

    return spoil


def in_manifest(**values: Any) -> Callable[[Path], None]:
    def change(was: bytes) -> bytes:
        return json.dumps(json.loads(was) | values).encode()

    return in_part(MANIFEST, change)


def one_byte(path: Path) -> None:
    """As a disk does it: one bit, somewhere in the middle."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


SPOILED = {
    "cut": (cut, "cut off"),
    "no_zip": (no_zip, "cut off"),
    "a_bit": (one_byte, "Nothing was changed"),
    "table": (in_part("tables/orders_order", lambda b: b.replace(b"522601", b"522602")), "damaged"),
    "photo": (in_part("photos/", lambda b: b + b"x"), "damaged"),
    "key": (in_part("keys/", lambda b: b[::-1]), "damaged"),
    "table_gone": (in_part("tables/registry_entry", lambda b: None), "damaged"),
    "photo_gone": (in_part("photos/", lambda b: None), "damaged"),
    "key_gone": (in_part("keys/", lambda b: None), "damaged"),
    "manifest_gone": (in_part(MANIFEST, lambda b: None), "manifest"),
    "manifest_odd": (in_part(MANIFEST, lambda b: b"{}"), "manifest"),
    "more": (lambda path: again(path, lambda n, b: b, **{"keys/../../x": b"x"}), "damaged"),
    "newer_format": (in_manifest(format=99, version="9.9"), "later version (9.9)"),
    "newer_tables": (in_manifest(migrations=[["orders", "9999_later"]]), "later version"),
    "fewer_rows": (in_manifest(photos=0), "damaged"),
}


@pytest.mark.parametrize("how", SPOILED)
def test_a_spoiled_backup_is_refused_and_nothing_changes(
    how: str, backup: Path, town: Town, capsys: Any
) -> None:
    spoil, says = SPOILED[how]
    spoil(backup)
    before = standing()
    assert restore(backup, "--force") == 2
    told = capsys.readouterr().err
    assert says in told
    assert "Traceback" not in told
    assert standing() == before


# --- broken off on the way


def test_broken_off_in_the_middle_the_old_house_stands(backup: Path, town: Town) -> None:
    write(town)
    before = standing()

    def stop(total: int) -> Callable[[int], None]:
        return lambda n: (_ for _ in ()).throw(KeyboardInterrupt)

    connection.close()
    with Reading(backup) as file, pytest.raises(KeyboardInterrupt):
        restoring.restore(file, stop, force=True)
    assert standing() == before
    assert restore(backup, "--force") == 0
    assert standing() != before


def test_broken_off_at_the_exchange_keys_and_database_stay_together(
    backup: Path, town: Town, monkeypatch: Any
) -> None:
    before, keys = standing(), {p.name: p.read_bytes() for p in kept.key_files()}
    (settings.VAR / "keys/fields").write_text("00" * 32)  # other than in the backup
    monkeypatch.setattr(kept.Keys, "exchange", half_exchange)
    with pytest.raises(OSError, match="pulled"):
        restore(backup, "--force")
    assert (settings.VAR / "keys/fields").read_text() == "00" * 32
    (settings.VAR / "keys/fields").write_bytes(keys["fields"])
    assert standing() == before
    assert Person.objects.with_phone(PHONE).get().phone == PHONE


def half_exchange(self: kept.Keys) -> None:
    self.here.rename(self.before)
    raise OSError("the plug was pulled")


def test_a_mark_of_a_broken_exchange_keeps_the_house_closed(town: Town, capsys: Any) -> None:
    (settings.VAR / restoring.MARK).touch()
    assert main(["verify"]) == 2
    assert "broken off" in capsys.readouterr().err


def test_sums_are_checked_before_anything_is_asked_of_the_database(
    backup: Path, monkeypatch: Any
) -> None:
    cut(backup)
    monkeypatch.setattr(restoring, "restore", lambda *_, **__: pytest.fail("it went on"))
    with pytest.raises(Trouble), Reading(backup):
        pass


def test_what_is_left_out_is_what_nobody_needs(backup: Path) -> None:
    """A table of ours that is neither kept nor named as left out would be lost unnoticed."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND NOT relispartition"
            " AND relnamespace = 'public'::regnamespace"
        )
        there = {name for (name,) in cursor.fetchall()}
    with Reading(backup) as file:
        left = there - set(file.manifest.tables)
    assert left == {
        "django_session", "axes_accessattempt", "axes_accessattemptexpiration",
        "axes_accessfailurelog", "axes_accesslog",
    }  # fmt: skip
    assert taking.NOTE in {p.name for p in settings.VAR.iterdir()}
