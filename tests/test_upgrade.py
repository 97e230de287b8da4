"""A house of the first landing, as its own code left it, is brought to today and is whole there.

tests/cases/first_landing holds its tables as COPY writes them: a town, four orders at different
turns of their loop, one with a paper, a sealed phone, a password, a token, entries in both logs.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import Client

from lianxin.backup import restoring, schema
from lianxin.backup.archive import Manifest, Reading, Writing
from lianxin.backup.taking import sum_of
from lianxin.cli import main, setup
from lianxin.orders import actions, used, world
from lianxin.orders.models import Event, Order
from lianxin.orders.recount import Fault, Verdict, verify
from lianxin.registry import secret
from lianxin.registry.models import Area, Entry, Person
from lianxin.trouble import Trouble
from lianxin.web.who import Who

CASE = Path(__file__).resolve().parent / "cases" / "first_landing"
KEYS = {"fields": b"11" * 32, "secret": b"22" * 32}
PBKDF2 = "django.contrib.auth.hashers.PBKDF2PasswordHasher"


@pytest.fixture
def first(fresh: str, settings: Any, monkeypatch: Any, tmp_path: Path) -> Iterator[Path]:
    """That house as a backup; nothing else is here."""
    monkeypatch.setenv("DATABASE_URL", fresh)
    settings.VAR = settings.VAR / "first"
    settings.MEDIA_ROOT = settings.VAR / "photos"
    settings.PASSWORD_HASHERS = [PBKDF2]
    settings.VAR.mkdir(parents=True)
    forget()
    yield written(tmp_path / "first.zip")
    forget()
    shutil.rmtree(settings.VAR)


def forget() -> None:
    secret._derived.cache_clear()
    world.forget()
    used.forget()


def written(path: Path) -> Path:
    manifest = Manifest(**json.loads((CASE / "manifest.json").read_text()))
    manifest.photo_names = sum_of([])
    with Writing(path) as file:
        for table in manifest.tables:
            part, name = CASE / f"{table}.copy", f"tables/{table}.copy"
            content = part.read_bytes() if part.exists() else b""
            manifest.sums[name] = file.add(name, [content])
        for key, content in KEYS.items():
            manifest.sums[f"keys/{key}"] = file.add(f"keys/{key}", [content])
        file.finish(manifest)
    return path


def as_it_was(path: Path) -> None:
    """The database of then, under the keys of then: no backup, the very tables."""
    for name, content in KEYS.items():
        restoring.kept.put(settings.VAR / "keys" / name, [content])
    with schema.looking_at(), Reading(path) as file:
        for kind, name in schema.objects("public"):
            schema.run(f"DROP {kind} IF EXISTS {name} CASCADE")
        schema.migrate(file.manifest.migrations)
        with transaction.atomic():
            restoring.pour(file, file.manifest, lambda n: None)
            for name, (value, called) in file.manifest.sequences.items():
                with connection.cursor() as cursor:
                    cursor.execute("SELECT setval(%s, %s, %s)", [name, value, called])


def test_it_is_of_the_first_landing() -> None:
    applied = json.loads((CASE / "manifest.json").read_text())["migrations"]
    last = {app: name for app, name in applied if app in ("orders", "registry")}
    assert last == {"orders": "0003_open", "registry": "0002_kinds_and_log"}


@pytest.mark.parametrize("way", ["upgraded", "restored"])
def test_the_first_house_is_whole_today(way: str, first: Path) -> None:
    if way == "restored":
        assert main(["restore", str(first)]) == 0
    else:
        as_it_was(first)
        setup.migrate()
    used.check()
    verdict = verify()
    assert wrong(verdict) == []
    assert (verdict.cases, verdict.papers) == (4, 1)
    assert Event.objects.count() == 17
    assert [a.name for a in Area.objects.filter(kind="grid")] == ["第一网格"]
    assert Entry.objects.count() == 3
    assert Person.objects.with_phone("13800138000").get().username == "desk"
    assert Person.objects.get(username="desk").phone == "13800138000"
    sent = {"username": "desk", "password": "lantern-rain-42"}
    assert Client().post("/login", sent).status_code == 302


@pytest.mark.parametrize("way", ["upgraded", "restored"])
def test_and_its_orders_go_on(way: str, first: Path) -> None:
    if way == "restored":
        assert main(["restore", str(first)]) == 0
    else:
        as_it_was(first)
        setup.migrate()
    done = Order.objects.get(number="LX-000001")
    assert done.state == "done"
    resident = Who(str(Person.objects.get(username="resident").pk))
    actions.step(done.number, "rate", resident, {"rating": 5})
    grid = Area.objects.get(kind="grid")
    fresh = actions.file("five-orders", "file", resident, {"text": "新的一件"}, area=grid)
    assert fresh.number == "LX-000005", "numbers go on where they stood"
    assert wrong(verify()) == []


def wrong(verdict: Verdict) -> list[Fault]:
    """The case holds the tables of that house and not the files of its photos."""
    return [fault for fault in verdict.faults if fault.what != "file"]


def test_an_older_program_does_not_open_a_later_house(first: Path) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied)"
            " VALUES ('registry', '9999_later', now())"
        )
    with pytest.raises(Trouble, match="later version than this program"):
        setup.migrate()


def test_tables_upgraded_out_of_order_are_told_without_a_traceback(first: Path) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE name = '0002_kinds_and_log'")
    with pytest.raises(Trouble, match="out of order"):
        setup.migrate()
