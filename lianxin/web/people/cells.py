"""The teams' numbers as the page draws them: each with what it is of, and the way to its rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse

from lianxin.growth.queries.teams import COLUMNS, Asked, Line
from lianxin.web.moments import figure
from lianxin.web.words import say

ROLLS = {
    "workers": "workers", "members": "members", "reserves": "reserves", "studying": "studying",
    "classes": "courses", "attendances": "attendances", "trainees": "trainees",
    "posts": "reserved_posts", "grid_workers": "grid_workers",
}  # fmt: skip
GRIDS = {"grids": "", "staffed": "staffed"}  # these have a list of their own, and what it shows
OF_A_YEAR = ("classes", "attendances", "trainees", "posts")
TEAMS = ("workers", "grid_workers", "members", "reserves")
AT_GRIDS = ("staffed", "members")
COMMUNITY = 12  # digits
REARING = ("studying", "classes", "attendances", "trainees", "posts")


@dataclass(frozen=True, slots=True)
class Cell:
    name: str
    value: str
    href: str


@dataclass(frozen=True, slots=True)
class PlaceRow:
    name: str
    href: str
    cells: list[Cell]


def last_day(asked: Asked) -> date:
    """The day by which the year's rows are counted: its end, or today."""
    return min(asked.on, date(asked.year, 12, 31))


def rows_at(column: str, path: str, at: int, asked: Asked) -> str:
    """The address of the very rows that a number counts."""
    told: dict[str, str | int] = {"as": at, "path": path}
    if column in GRIDS:
        told |= {"show": GRIDS[column]} if GRIDS[column] else {}
        return f"{reverse('people_grids')}?{urlencode(told)}"
    if column in OF_A_YEAR:
        told["on"] = last_day(asked).isoformat()
    return f"{reverse('roll', args=[ROLLS[column]])}?{urlencode(told)}"


def figures(
    names: Iterable[str],
    counts: dict[str, int],
    per: float | None,
    asked: Asked,
    path: str,
    at: int,
) -> list[dict[str, str]]:
    """The big numbers as `parts/figure.html` is told."""
    told = {**counts, "posts": counts["civil"] + counts["institution"]}
    return [
        {"value": figure(told[name]), "name": say(f"people.column.{name}"), "state": "",
         "base": base_of(name, told, per, asked), "href": rows_at(name, path, at, asked)}
        for name in names
    ]  # fmt: skip


def base_of(name: str, counts: dict[str, int], per: float | None, asked: Asked) -> str:
    """What stands under a number: of what, and which year."""
    if name == "workers":
        return say("people.base.workers_none") if per is None else say(
            "people.base.workers", per=per
        )  # fmt: skip
    if name == "reserves":
        n = counts["communities"]
        return say("people.base.reserves", n=n, per=depth(counts)) if n else say(
            "people.base.reserves_none"
        )  # fmt: skip
    facts = {"year": asked.year, "civil": counts["civil"], "institution": counts["institution"]}
    if name == "grid_workers":
        facts |= {"grids": counts["grids"], "staffed": counts["staffed"]}
    return say(f"people.base.{name}", **facts)


def depth(counts: dict[str, int]) -> str:
    """Reserves for each community.

    >>> depth({"reserves": 414, "communities": 169})
    '2.4'
    """
    return f"{counts['reserves'] / counts['communities']:.1f}"


def columns_of(path: str) -> tuple[str, ...]:
    """Inside a community only what lies at its grids: workers and reserves are the community's."""
    return COLUMNS if len(path) < COMMUNITY else AT_GRIDS


def heads(columns: Iterable[str]) -> list[tuple[str, str]]:
    """The rate stands beside what it is a rate of."""
    found = list(columns)
    names = [*found[:1], "per", *found[1:]] if found[0] == "workers" else found
    return [(name, say(f"people.column.{name}")) for name in names]


def places(
    lines: Iterable[Line], columns: tuple[str, ...], asked: Asked, at: int, kept: dict[str, int]
) -> list[PlaceRow]:
    """The places in their order; what lies in no part of theirs comes last. `kept`: what the
    address of each takes along."""
    shown = sorted(lines, key=lambda x: (x.exact, x.path))
    return [
        PlaceRow(
            say("board.rest") if line.exact else line.name or say("board.gone", path=line.path),
            "" if line.exact or not line.name
            else f"?{urlencode({'as': at, 'path': line.path} | kept)}",
            cells(columns, line.counts, line.per, "" if line.exact else line.path, asked, at),
        )
        for line in shown
    ]  # fmt: skip


def cells(
    columns: tuple[str, ...], counts: dict[str, int], per: float | None, path: str, asked: Asked,
    at: int,
) -> list[Cell]:  # fmt: skip
    """`path` "" = no list shows just these."""
    return [
        Cell(name, figure(per), "") if column == "per" else
        Cell(name, figure(counts[column]), rows_at(column, path, at, asked) if path else "")
        for column, name in heads(columns)
    ]  # fmt: skip


def meanings(year: int) -> list[tuple[str, str]]:
    """Each column and exactly what it counts."""
    return [(name, say(f"people.means.{column}", year=year)) for column, name in heads(COLUMNS)]
