"""How the house is doing: each thing that must be so, looked at, with a sentence for whoever asks.

Limits stand in params/health.toml, sentences in words/health.toml.
"""

from __future__ import annotations

import json
import os
import shutil
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from lianxin import __version__
from lianxin.backup.restoring import MARK as RESTORING
from lianxin.backup.taking import NOTE
from lianxin.registry.tables import text_of
from lianxin.web.demo_flag import is_demo
from lianxin.web.words import say

TICK = "clock.at"  # touched by the clock each time it has looked
GB, MB = 10**9, 10**6
AWAY = (DatabaseError, InterfaceError)
QUEUE = """
SELECT count(*) FILTER (WHERE waits), min(since) FILTER (WHERE waits),
  count(*) FILTER (WHERE status = 'failed')
FROM (
  SELECT status, status = 'todo' AND coalesce(scheduled_at <= now(), true) AS waits,
    coalesce(scheduled_at,
      (SELECT min(at) FROM procrastinate_events WHERE job_id = job.id)) AS since
  FROM procrastinate_jobs job WHERE status IN ('todo', 'failed')
) jobs"""


@dataclass(frozen=True, slots=True)
class Finding:
    """`state`: ok, wrong, or unknown (which is nobody's fault); `word` names its sentence."""

    name: str
    state: str
    facts: dict[str, Any] = field(default_factory=dict)
    word: str = ""

    def sentence(self, lang: str | None = None) -> str:
        return say(f"health.{self.name}.{self.word or self.state}", lang, **self.facts)

    @property
    def title(self) -> str:
        return say(f"health.name.{self.name}")


def look(now: datetime) -> list[Finding]:
    """Everything, in the order it is mended; a database that is away hides what it knows."""
    found = [database()]
    there = found[0].state == "ok"
    found += [*restoring()]
    found.append(migrations() if there else Finding("migrations", "unknown"))
    found.append(disk())
    found.append(queue(now) if there else Finding("queue", "unknown"))
    return [*found, clock(now), backup(now), Finding("version", "ok", {"version": __version__})]


def limit(name: str) -> float:
    return float(tomllib.loads(text_of("health.toml"))[name])


def var(name: str = "") -> Path:
    return Path(settings.VAR) / name


def database() -> Finding:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SHOW server_version")
            (server,) = cursor.fetchone()
    except AWAY as away:
        return Finding("database", "wrong", {"why": type(away).__name__})
    return Finding("database", "ok", {"server": str(server).split()[0]})


def restoring() -> Iterator[Finding]:
    if var(RESTORING).exists():
        yield Finding("restore", "wrong")


def migrations() -> Finding:
    executor = MigrationExecutor(connection)
    n = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    return Finding("migrations", "wrong" if n else "ok", {"n": n})


def disk() -> Finding:
    free, least = shutil.disk_usage(var()).free / GB, limit("free_gb")
    facts = {"free": f"{free:.1f}", "least": f"{least:g}"}
    return Finding("disk", "wrong" if free < least else "ok", facts)


def queue(now: datetime) -> Finding:
    try:
        with connection.cursor() as cursor:
            cursor.execute(QUEUE)
            n, since, failed = cursor.fetchone()
    except AWAY:  # before the first migration there is none
        return Finding("queue", "unknown")
    minutes = max(0, int((now - since).total_seconds() // 60)) if since else 0
    state = "wrong" if minutes > limit("waiting_min") else "ok"
    return Finding("queue", state, {"n": n, "minutes": minutes, "failed": failed})


def clock(now: datetime) -> Finding:
    try:
        last = datetime.fromtimestamp(os.stat(var(TICK)).st_mtime, UTC)
    except FileNotFoundError:
        return Finding("clock", "unknown")
    seconds = max(0, int((now - last).total_seconds()))
    if seconds > limit("clock_s"):
        return Finding("clock", "wrong", {"at": moment(last)})
    return Finding("clock", "ok", {"seconds": seconds})


def ticked() -> None:
    """Said by the clock."""
    var(TICK).touch()


def backup(now: datetime) -> Finding:
    try:
        row = json.loads(var(NOTE).read_text("utf-8"))
    except FileNotFoundError:
        return Finding("backup", "ok", word="demo") if is_demo() else Finding(
            "backup", "wrong", word="none"
        )  # fmt: skip
    last, most = datetime.fromisoformat(row["at"]), limit("backup_days")
    facts = {"at": moment(last), "file": row["file"], "size": f"{row['bytes'] / MB:.1f}"}
    days = (now - last).days
    if (now - last).total_seconds() > most * 86400 and not is_demo():
        return Finding("backup", "wrong", facts | {"days": days, "most": f"{most:g}"})
    return Finding("backup", "ok", facts)


def moment(at: datetime) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}"
