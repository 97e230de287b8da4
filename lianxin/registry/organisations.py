"""The four levels of organisation, their offices and days (params/organisations.toml)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from lianxin.core.flow.page import Words
from lianxin.core.place.path import LETTERS, LEVELS
from lianxin.registry.tables import text_of
from lianxin.trouble import Trouble

FILE = "organisations.toml"
# The database holds these to one live row (registry/models/organisation.py), whatever a table says.
ONE = ("secretary", "head", "host")
FOUR = ("community", "branch", "group", "household")
PARTS = ("kinds", "offices", "days")


@dataclass(frozen=True, slots=True)
class Kind:
    """`at`: kinds of area; `under`: kinds of organisation, none = it stands at the top. `members`:
    full ones it needs to be set up; `admits`: whether it has members of its own. `covers`: how many
    buildings it may cover, None = any number."""

    name: str
    words: Words
    at: tuple[str, ...]
    under: tuple[str, ...]
    named: str
    members: int = 0
    admits: bool = False
    covers: int | None = 0


@dataclass(frozen=True, slots=True)
class Office:
    """`of`: kinds that elect it; `one`: one person at a time; `years`: a usual term."""

    name: str
    words: Words
    of: tuple[str, ...]
    years: int
    one: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """`soon`, `work`: days."""

    kinds: dict[str, Kind]
    offices: dict[str, Office]
    soon: int
    work: int

    def offices_of(self, kind: str) -> list[Office]:
        """In the order of the table: the first is whoever answers for it."""
        return [office for office in self.offices.values() if kind in office.of]

    def first_office(self, kind: str) -> str:
        return self.offices_of(kind)[0].name


class BrokenTable(ValueError):
    """`key` of the row, and what is wrong with it in both languages."""

    def __init__(self, key: str, zh: str, en: str) -> None:
        super().__init__(f"{FILE}: {key}: {en}")
        self.key, self.zh, self.en = key, zh, en


def organisations() -> Table:
    """Raises Trouble for a table that cannot be kept to: half a table is none."""
    try:
        return read(text_of(FILE))
    except BrokenTable as no:
        raise Trouble(f"{FILE}：{no.key}：{no.zh}", f"{FILE}: {no.key}: {no.en}") from no


@cache
def read(text: str) -> Table:
    """Raises BrokenTable with the key and the reason."""
    try:
        rows = tomllib.loads(text)
    except tomllib.TOMLDecodeError as wrong:
        raise BrokenTable("TOML", str(wrong), str(wrong)) from wrong
    for part in PARTS:
        if not isinstance(rows.get(part), dict) or not rows[part]:
            raise BrokenTable(part, "没有这一节", "this part is missing")
    if odd := sorted(set(rows) - set(PARTS)):
        raise BrokenTable(odd[0], "没有这样的节", "there is no such part")
    kinds = {name: _kind(name, row, rows["kinds"]) for name, row in rows["kinds"].items()}
    if gone := [name for name in FOUR if name not in kinds]:
        raise BrokenTable(f"kinds.{gone[0]}", "四级缺了一级", "one of the four levels is missing")
    offices = {name: _office(name, row, kinds) for name, row in rows["offices"].items()}
    table = Table(kinds, offices, *(_days(rows["days"], name) for name in ("soon", "work")))
    for name in kinds:
        if not table.offices_of(name):
            raise BrokenTable(f"kinds.{name}", "没有人负责", "no office answers for it")
    return table


def _kind(name: str, row: Any, kinds: Mapping[str, Any]) -> Kind:
    key = f"kinds.{name}"
    _only(key, row, {"zh", "en", "at", "under", "named", "members", "admits", "covers"})
    at = _names(f"{key}.at", row.get("at"), {*LEVELS, *LETTERS.values()})
    under = _names(f"{key}.under", row.get("under"), set(kinds) - {name}, none=True)
    named = row.get("named", "")
    if not isinstance(named, str) or "{area}" not in named:
        raise BrokenTable(f"{key}.named", "要有 {area}", "it must say {area}")
    members, covers = row.get("members", 0), row.get("covers", 0)
    return Kind(
        name, _words(key, row), at, under, named, _whole(f"{key}.members", members),
        row.get("admits", False) is True, None if covers == "any" else _whole(key, covers),
    )  # fmt: skip


def _office(name: str, row: Any, kinds: Mapping[str, Kind]) -> Office:
    key = f"offices.{name}"
    _only(key, row, {"zh", "en", "of", "one", "years"})
    of = _names(f"{key}.of", row.get("of"), set(kinds))
    one = row.get("one", False)
    if one is not (name in ONE):
        zh = "只有 " + "、".join(ONE) + " 是一人"
        raise BrokenTable(f"{key}.one", zh, f"one person at a time: {', '.join(ONE)}, no other")
    return Office(name, _words(key, row), of, _whole(f"{key}.years", row.get("years"), 1), one)


def _only(key: str, row: Any, known: set[str]) -> None:
    if not isinstance(row, dict):
        raise BrokenTable(key, "不是一行表", "is no row of a table")
    if odd := sorted(set(row) - known):
        raise BrokenTable(f"{key}.{odd[0]}", "没有这样的字段", "there is no such field")


def _words(key: str, row: Mapping[str, Any]) -> Words:
    if not all(isinstance(row.get(lang), str) and row[lang].strip() for lang in ("zh", "en")):
        raise BrokenTable(key, "两种语言都要有名称", "it wants a name in both languages")
    return Words(row["zh"], row["en"])


def _names(key: str, given: Any, known: set[str], none: bool = False) -> tuple[str, ...]:
    """A list of names that the house knows."""
    if not isinstance(given, list) or (not given and not none):
        raise BrokenTable(key, "要写成列表", "a list is wanted")
    if odd := [one for one in given if one not in known]:
        raise BrokenTable(key, f"没有“{odd[0]}”", f"there is no “{odd[0]}”")
    return tuple(given)


def _whole(key: str, given: Any, least: int = 0) -> int:
    if not isinstance(given, int) or isinstance(given, bool) or given < least:
        zh, en = f"要写 {least} 以上的整数", f"a whole number from {least} up is wanted"
        raise BrokenTable(key, zh, en)
    return given


def _days(row: Mapping[str, Any], name: str) -> int:
    _only("days", row, {"soon", "work"})
    return _whole(f"days.{name}", row.get(name), 1)
