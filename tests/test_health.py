"""The house says how it is doing, a sentence a thing, and who watches it hears by the exit code."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.utils import timezone

from lianxin import health
from lianxin.backup import restoring, taking
from lianxin.cli import main


@pytest.fixture
def house(fresh: str, monkeypatch: Any) -> Iterator[None]:
    """All is well in it: the clock has just looked, and a backup was taken."""
    monkeypatch.setenv("DATABASE_URL", fresh)
    monkeypatch.setattr(settings, "VAR", settings.VAR / "well")
    settings.VAR.mkdir(parents=True)
    health.ticked()
    taking.note(settings.VAR / "b.zip", timezone.now(), 10**6)
    yield
    shutil.rmtree(settings.VAR)


def told(capsys: Any) -> tuple[int, dict[str, dict[str, Any]]]:
    code = main(["health", "--json"])
    row = json.loads(capsys.readouterr().out)
    assert row["well"] is (code == 0)
    return code, {check["name"]: check for check in row["checks"]}


@pytest.mark.usefixtures("house")
def test_a_house_that_is_well(capsys: Any) -> None:
    code, checks = told(capsys)
    assert code == 0
    assert set(checks) == {"database", "migrations", "disk", "queue", "clock", "backup", "version"}
    assert {c["state"] for c in checks.values()} == {"ok"}
    assert main(["health"]) == 0
    lines = capsys.readouterr().out
    assert "一切正常。" in lines
    assert "All is well." in lines


def no_clock() -> None:
    os.utime(settings.VAR / health.TICK, (time.time() - 120,) * 2)


def old_backup() -> None:
    taking.note(settings.VAR / "b.zip", timezone.now() - timedelta(days=3), 10**6)


def no_backup() -> None:
    (settings.VAR / taking.NOTE).unlink()


def half_restored() -> None:
    (settings.VAR / restoring.MARK).touch()


def stuck_job() -> None:
    run("INSERT INTO procrastinate_jobs (queue_name, task_name, scheduled_at)"
        " VALUES ('default', 'orders.say', now() - interval '11 minutes')")  # fmt: skip


def missing_migration() -> None:
    run("DELETE FROM django_migrations WHERE (app, name) = ('registry', '0003_accounts')"
        " OR (app, name) = ('registry', '0004_mail') OR app = 'orders'")  # fmt: skip


def run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


WRONG = {
    "clock": (no_clock, "时限和提醒已经停了"),
    "backup": (old_backup, "已经过了 3 天"),
    "never": (no_backup, "还没有备份过"),
    "restore": (half_restored, "被打断"),
    "queue": (stuck_job, "最早的已等 11 分钟"),
    "migrations": (missing_migration, "升级没有做"),
}


@pytest.mark.usefixtures("house")
@pytest.mark.parametrize("what", WRONG)
def test_what_is_wrong_is_said_and_counts(what: str, capsys: Any) -> None:
    spoil, says = WRONG[what]
    spoil()
    code, checks = told(capsys)
    assert code == 1
    wrong = [c for c in checks.values() if c["state"] == "wrong"]
    assert len(wrong) == 1
    assert says in wrong[0]["zh"]
    assert wrong[0]["en"].endswith(".")


@pytest.mark.usefixtures("house")
def test_a_full_disk(capsys: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=10**9))
    code, checks = told(capsys)
    assert (code, checks["disk"]["state"]) == (1, "wrong")
    assert "只剩 1.0 GB" in checks["disk"]["zh"]


@pytest.mark.usefixtures("house")
def test_a_job_that_waits_for_its_hour_is_not_late(capsys: Any) -> None:
    run("INSERT INTO procrastinate_jobs (queue_name, task_name, scheduled_at)"
        " VALUES ('default', 'orders.say', now() + interval '3 days')")  # fmt: skip
    code, checks = told(capsys)
    assert (code, checks["queue"]["n"]) == (0, 0)


@pytest.mark.usefixtures("house")
def test_a_demo_needs_no_backup(capsys: Any) -> None:
    no_backup()
    (settings.VAR / "demo").touch()
    assert told(capsys)[0] == 0


@pytest.mark.usefixtures("house")
def test_a_database_that_is_away_hides_what_it_knows(capsys: Any) -> None:
    before = dict(connection.settings_dict)
    connection.close()
    connection.settings_dict |= {"HOST": "127.0.0.1", "PORT": "1"}
    try:
        code, checks = told(capsys)
    finally:
        connection.settings_dict.update(before)
    assert code == 1
    assert checks["database"]["state"] == "wrong"
    assert {checks[n]["state"] for n in ("migrations", "queue")} == {"unknown"}
    assert "开门" in checks["database"]["zh"]


@pytest.mark.usefixtures("house")
def test_the_operators_page_says_the_same() -> None:
    no_clock()
    person = get_user_model().objects.create_user("k", "x", name="管理员", is_operator=True)
    client = Client()
    assert client.get("/operator").status_code == 302
    client.force_login(person)
    html = client.get("/operator").content.decode()
    assert "有 1 处要处理" in html
    assert "时限和提醒已经停了" in html
    client.cookies["language"] = "en"
    assert "1 thing needs you" in client.get("/operator").content.decode()


@pytest.mark.usefixtures("house")
def test_healthz_stays_cheap(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        assert Client().get("/healthz").content == b"ok"


@pytest.mark.usefixtures("house")
def test_the_clock_leaves_word_each_time_it_has_looked() -> None:
    from lianxin.cli import clock

    no_clock()
    clock.look()
    assert time.time() - os.stat(settings.VAR / health.TICK).st_mtime < 5
