"""Which rank is tied to how many places of which kind (`params/contact_points/<day>.toml`)."""

from __future__ import annotations

import tomllib
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

from lianxin.core.flow.page import Words
from lianxin.core.place.path import LETTERS, LEVELS
from lianxin.registry.roles import all_roles
from lianxin.registry.tables import SHIPPED
from lianxin.trouble import Trouble

FOLDER = "contact_points"
KINDS = (*LEVELS, *LETTERS.values())
FIELDS = {"zh", "en", "role", "ties", "days", "example"}


@dataclass(frozen=True, slots=True)
class Rank:
    """`ties`: kind of area → how many. `days`: from one visit to the next. `role`: whoever holds
    this post is of the rank, "" = nobody is by a post. `example`: the numbers are ours."""

    name: str
    words: Words
    ties: dict[str, int]
    days: int
    role: str = ""
    example: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """What holds from a day on."""

    since: date
    ranks: dict[str, Rank]

    def of_role(self, role: str) -> Rank | None:
        return next((rank for rank in self.ranks.values() if rank.role == role), None)

    @property
    def kinds(self) -> list[str]:
        """Every kind of place that any rank is tied to, the larger first."""
        named = {kind for rank in self.ranks.values() for kind in rank.ties}
        return [kind for kind in KINDS if kind in named]


class BrokenTable(ValueError):
    """`key`: of the row that is wrong; the reason in both languages."""

    def __init__(self, key: str, zh: str, en: str) -> None:
        super().__init__(f"{key}: {en}")
        self.key, self.zh, self.en = key, zh, en


def contact_table(on: date) -> Table:
    """The table of a day. Before the first there is none: LookupError. Raises Trouble for a table
    that cannot be kept to."""
    rows = tables()
    at = bisect_right([row.since for row in rows], on)
    if not at:
        raise LookupError(f"no table of contact points holds on {on}")
    return rows[at - 1]


def tables() -> tuple[Table, ...]:
    """All of them by their first day. Raises Trouble."""
    return _tables(settings.PARAMS)


@cache
def _tables(own: Path | None) -> tuple[Table, ...]:
    """Ours and the deployment's own, whose files replace ours of the same name; by first day."""
    files: dict[str, Path] = {}
    for folder in (SHIPPED, *([own] if own else [])):
        files |= {path.name: path for path in (folder / FOLDER).glob("*.toml")}
    try:
        if not files:
            raise BrokenTable(FOLDER, "一张表也没有", "there is no table")
        return tuple(
            read(Path(name).stem, files[name].read_text("utf-8")) for name in sorted(files)
        )
    except BrokenTable as no:
        raise Trouble(f"{FOLDER}：{no.key}：{no.zh}", f"{FOLDER}: {no.key}: {no.en}") from no


def read(day: str, text: str) -> Table:
    """Raises BrokenTable with the key and the reason."""
    try:
        since, rows = date.fromisoformat(day), tomllib.loads(text)
    except tomllib.TOMLDecodeError as wrong:
        raise BrokenTable(day, str(wrong), str(wrong)) from wrong
    except ValueError as wrong:
        raise BrokenTable(day, "文件名不是日期", "the file's name is no day") from wrong
    ranks = rows.get("ranks")
    if set(rows) != {"ranks"} or not isinstance(ranks, dict) or not ranks:
        raise BrokenTable(day, "只能有 ranks，且不能空", "it wants ranks, and nothing else")
    table = Table(since, {name: _rank(f"{day}.{name}", name, row) for name, row in ranks.items()})
    held = [rank.role for rank in table.ranks.values() if rank.role]
    if len(held) != len(set(held)):
        raise BrokenTable(f"{day}.role", "一个岗位有两个级别", "one post is of two ranks")
    return table


def _rank(key: str, name: str, row: Any) -> Rank:
    if not isinstance(row, dict):
        raise BrokenTable(key, "不是一行表", "is no row of a table")
    if odd := sorted(set(row) - FIELDS):
        raise BrokenTable(f"{key}.{odd[0]}", "没有这样的字段", "there is no such field")
    if not all(isinstance(row.get(lang), str) and row[lang].strip() for lang in ("zh", "en")):
        raise BrokenTable(key, "两种语言都要有名称", "it wants a name in both languages")
    role, example = row.get("role", ""), row.get("example", False)
    if role and role not in all_roles():
        raise BrokenTable(f"{key}.role", f"没有岗位“{role}”", f"there is no role “{role}”")
    if not isinstance(example, bool):
        raise BrokenTable(f"{key}.example", "只能是 true 或 false", "true or false is wanted")
    days = _whole(f"{key}.days", row.get("days"))
    ties = _ties(f"{key}.ties", row.get("ties"))
    return Rank(name, Words(row["zh"], row["en"]), ties, days, role, example)


def _ties(key: str, given: Any) -> dict[str, int]:
    if not isinstance(given, Mapping) or not given:
        raise BrokenTable(key, "至少联系一处", "at least one place is wanted")
    if odd := [kind for kind in given if kind not in KINDS]:
        raise BrokenTable(f"{key}.{odd[0]}", "没有这种区域", "there is no such kind of area")
    return {kind: _whole(f"{key}.{kind}", given[kind]) for kind in KINDS if kind in given}


def _whole(key: str, given: Any) -> int:
    if not isinstance(given, int) or isinstance(given, bool) or given < 1:
        raise BrokenTable(key, "要写 1 以上的整数", "a whole number from 1 up is wanted")
    return given
