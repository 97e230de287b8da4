"""Takes a backup of a house while people work in it: the database as it was at one moment."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from lianxin import __version__
from lianxin.backup import inventory, kept
from lianxin.backup.archive import FORMAT, Manifest, Writing
from lianxin.backup.inventory import Table
from lianxin.backup.trouble import trouble
from lianxin.orders.models import Photo
from lianxin.orders.painting import painted
from lianxin.orders.photos import digest, in_use, path_of
from lianxin.place import place

Tell = Callable[[int], Any]
NOTE = "backup.json"  # beside the data: when the last one was taken, for `lianxin health`


def take(path: Path, begin: Callable[[int], Tell], now: datetime) -> tuple[Manifest, int]:
    """Writes the backup under this name; what it holds, and its size in bytes.

    `begin(n)` is told how many rows and photos there are and gives who is told of each lot.
    """
    must_be_free(path)
    with Writing(path) as file:
        with transaction.atomic():
            with connection.cursor() as cursor:
                # Everybody else goes on reading and writing; we see the moment this began.
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            manifest, missing = add_all(file, begin, now)
        manifest.lost = len(in_use(set(missing)))
        add_files(file, manifest)
        size = file.finish(manifest)
    note(path, now, size)
    return manifest, size


def add_all(
    file: Writing, begin: Callable[[int], Tell], now: datetime
) -> tuple[Manifest, list[str]]:
    """Tables and photos as they are at this moment, and the photos that could not be had."""
    found = inventory.tables()
    counts = {name: count(name) for name in found}
    photos = named_photos()
    tell = begin(sum(counts.values()) + len(photos))
    manifest = beginning(now)
    manifest.sequences = {name: counter(name) for name in inventory.sequences()}
    for name in inventory.in_order(found):
        add_table(file, manifest, found[name], tell)
    return manifest, add_photos(file, manifest, photos, tell)


def must_be_free(path: Path) -> None:
    if path.exists():
        raise trouble("exists", file=path)
    if not path.parent.is_dir():
        raise trouble("no_folder", folder=path.parent)


def beginning(now: datetime) -> Manifest:
    with connection.cursor() as cursor:
        cursor.execute("SELECT app, name FROM django_migrations ORDER BY id")
        applied = [list(row) for row in cursor.fetchall()]
        cursor.execute("SHOW server_version_num")
        (server,) = cursor.fetchone()
    made = now.astimezone(UTC).isoformat(timespec="seconds")
    return Manifest(FORMAT, __version__, made, place(), int(server), applied)


def count(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {inventory.quoted(table)}")
        return int(cursor.fetchone()[0])


def counter(sequence: str) -> list[Any]:
    """Read after the moment of the backup, so it never stands behind what the tables hold."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT last_value, is_called FROM {inventory.quoted(sequence)}")
        return list(cursor.fetchone())


def add_table(file: Writing, manifest: Manifest, table: Table, tell: Tell) -> None:
    rows = 0

    def chunks() -> Iterator[memoryview]:
        nonlocal rows
        command = f"COPY (SELECT {table.listed} FROM {inventory.quoted(table.name)}) TO STDOUT"
        with connection.cursor() as cursor, cursor.copy(command) as copy:
            for chunk in copy:
                fresh = bytes(chunk).count(b"\n")  # in this format a row is a line
                rows += fresh
                tell(fresh)
                yield chunk

    name = f"tables/{table.name}.copy"
    manifest.sums[name] = file.add(name, chunks())
    manifest.tables[table.name] = {"columns": list(table.columns), "rows": rows}


def named_photos() -> list[str]:
    return sorted(in_use())


def add_photos(file: Writing, manifest: Manifest, names: list[str], tell: Tell) -> list[str]:
    """Returns those that are missing or spoiled. What was taken out of its order, or painted over,
    since our moment is gone, and rightly: only what a photo needs even now is lost."""
    there, missing = [], []
    for name in names:
        data = content(name)
        if data is None:
            missing.append(name)
        else:
            manifest.photo_bytes += len(data)
            file.add(f"photos/{name}.jpg", [data], pack=False)
            there.append(name)
        tell(1)
    manifest.photos, manifest.photo_names = len(there), sum_of(there)
    return missing


def content(name: str) -> bytes | None:
    """A picture; one that somebody has painted anew since our moment is painted once more as it
    was then."""
    if (data := read_whole(name)) is not None:
        return data
    for photo in Photo.objects.filter(sha256=name).exclude(original="")[:1]:
        original = read_whole(photo.original)
        again = painted(original, photo.covers) if original else b""
        return again if digest(again) == name else None
    return None


def read_whole(name: str) -> bytes | None:
    """Read at once: the file may go at any moment."""
    try:
        data = path_of(name).read_bytes()
    except FileNotFoundError:
        return None
    return data if digest(data) == name else None


def sum_of(names: list[str]) -> str:
    return hashlib.sha256("\n".join(sorted(names)).encode()).hexdigest()


def add_files(file: Writing, manifest: Manifest) -> None:
    paths = {f"keys/{path.name}": path for path in kept.key_files()}
    paths |= {f"marks/{path.name}": path for path in kept.mark_files()}
    for name, path in paths.items():
        manifest.sums[name] = file.add(name, kept.read(path))


def note(path: Path, now: datetime, size: int) -> None:
    row = {"at": now.astimezone(UTC).isoformat(), "file": str(path), "bytes": size}
    kept.put(kept.var() / NOTE, [json.dumps(row, ensure_ascii=False).encode()])
