"""Puts a backup back: into an empty house, all of it or nothing."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable
from typing import Any

from django.db import DatabaseError, connection, transaction
from django.db.utils import ProgrammingError
from psycopg.errors import InsufficientPrivilege

from lianxin.backup import inventory, kept, schema
from lianxin.backup.archive import Manifest, Reading
from lianxin.backup.inventory import quoted
from lianxin.backup.kept import Keys
from lianxin.backup.schema import COMING, looking_at, run
from lianxin.backup.trouble import trouble
from lianxin.orders.photos import in_use

Tell = Callable[[int], Any]
PEOPLE_LEAVE = ("registry_person", "registry_area", "orders_order")
LEAVING_S = 3  # how long a connection that is being closed may still be seen
MARK = "restoring"  # stands in VAR while keys and database are exchanged


def restore(file: Reading, begin: Callable[[int], Tell], *, force: bool = False) -> None:
    """The caller has checked the file. Raises Trouble: not_empty, in_use, no_right, refused."""
    must_fit(file)
    with looking_at():
        must_be_free(force)
        target = room()
    tell = begin(file.manifest.rows + file.manifest.photos)
    for name in file.names():
        if photo := kept.PHOTO.fullmatch(name):
            kept.put_photo(photo[1], file.chunks(name))
            tell(1)
    try:
        with looking_at(COMING):
            fill(file, tell)
        with looking_at():
            take_place(file, target)
    except DatabaseError as refused:
        raise trouble("refused", why=str(refused).strip().splitlines()[0]) from refused
    put_marks(file)
    if force:
        with looking_at():
            sweep()


def must_fit(file: Reading) -> None:
    """Photos, and the tables with as much again for their indexes. A database elsewhere knows."""
    needed = file.manifest.photo_bytes + 2 * sum(
        info.file_size for info in file.zip.infolist() if info.filename.startswith("tables/")
    )
    free = shutil.disk_usage(kept.var()).free
    if free < needed:
        raise trouble("no_space", needed=needed // 2**20 + 1, free=free // 2**20)


def must_be_free(force: bool) -> None:
    if others := beside():
        raise trouble("in_use", n=others)
    if not force and not is_empty():
        raise trouble("not_empty")


def beside() -> int:
    """Programs beside us that are connected to this database. One that has just gone is seen for a
    moment longer, so whoever is still there is waited for."""
    deadline = time.monotonic() + LEAVING_S
    while (n := connected()) and time.monotonic() < deadline:
        time.sleep(0.1)
    return n


def connected() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
        return int(cursor.fetchone()[0])


def is_empty() -> bool:
    """Nobody and nothing is registered here: what a fresh house has of itself does not count."""
    there = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for table in (name for name in PEOPLE_LEAVE if name in there):
            cursor.execute(f"SELECT EXISTS (SELECT FROM {quoted(table)})")
            if cursor.fetchone()[0]:
                return False
    return True


def room() -> str:
    """Makes the schema of what is coming; the name of the one it will take the place of."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_schema()")
        (target,) = cursor.fetchone()
    try:
        schema.make_room()
    except ProgrammingError as refused:
        if isinstance(refused.__cause__, InsufficientPrivilege):
            raise trouble("no_right", database=connection.settings_dict["NAME"]) from refused
        raise
    return str(target)


def fill(file: Reading, tell: Tell) -> None:
    """The tables as they were at the backup, its rows, and on to the tables of this version."""
    manifest = file.manifest
    schema.migrate(manifest.migrations)
    with transaction.atomic():
        pour(file, manifest, tell)
        for name, (value, called) in manifest.sequences.items():
            with connection.cursor() as cursor:
                cursor.execute("SELECT setval(%s::regclass, %s, %s)", [quoted(name), value, called])
    schema.migrate()
    run(f"ANALYZE {', '.join(map(quoted, inventory.tables()))}")


def pour(file: Reading, manifest: Manifest, tell: Tell) -> None:
    here = inventory.tables()
    if odd := set(manifest.tables) - set(here):
        raise trouble("damaged", part=f"tables/{min(odd)}.copy")
    order = inventory.in_order(here)
    for name in order:  # the log refuses what is not said for the first time, and jobs note theirs
        run(f"ALTER TABLE {quoted(name)} DISABLE TRIGGER USER")
    for name in reversed(order):  # what migrations had put there: the backup has it too
        run(f"DELETE FROM {quoted(name)}")
    for name in order:
        if name in manifest.tables:
            pour_table(file, name, manifest.tables[name], tell)
    run("SET CONSTRAINTS ALL IMMEDIATE")
    for name in order:
        run(f"ALTER TABLE {quoted(name)} ENABLE TRIGGER USER")


def pour_table(file: Reading, name: str, about: dict[str, Any], tell: Tell) -> None:
    columns = ", ".join(quoted(column) for column in about["columns"])
    with connection.cursor() as cursor:
        with cursor.copy(f"COPY {quoted(name)} ({columns}) FROM STDIN") as copy:
            for chunk in file.chunks(f"tables/{name}.copy"):
                copy.write(chunk)
                tell(chunk.count(b"\n"))
        if cursor.rowcount != about["rows"]:
            raise trouble("damaged", part=f"tables/{name}.copy")


def take_place(file: Reading, target: str) -> None:
    """Database and keys change in one moment. Should the machine stop just between the two, a mark
    says so, and the next restoring does it over."""
    if others := beside():
        raise trouble("in_use", n=others)
    found = {m[1]: b"".join(file.chunks(n)) for n in file.names() if (m := kept.KEY.fullmatch(n))}
    keys, mark = Keys(found), kept.var() / MARK
    try:
        with transaction.atomic():
            schema.take_place(target)
            kept.put(mark, [file.path.name.encode()])
            keys.exchange()
    except BaseException:
        keys.back()
        mark.unlink(missing_ok=True)
        raise
    mark.unlink()


def put_marks(file: Reading) -> None:
    found = {m[1]: n for n in file.names() if (m := kept.MARK.fullmatch(n))}
    for name in kept.MARKS:
        if name in found:
            kept.put(kept.var() / name, file.chunks(found[name]))
        else:
            (kept.var() / name).unlink(missing_ok=True)


def sweep() -> None:
    """Pictures of the house that was here before belong to nobody now."""
    named = in_use()
    folder = kept.var() / "photos"
    for path in folder.glob("*/*.jpg"):
        if path.stem.partition("-")[0] not in named:
            os.unlink(path)
