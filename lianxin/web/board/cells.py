"""The counts as the page draws them: a number, a share with what it is a share of, its rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from lianxin.orders.queries.board import COLUMNS, Line, Span, asked
from lianxin.web import moments
from lianxin.web.board.period import Period
from lianxin.web.nav import READERS
from lianxin.web.posts import Reading
from lianxin.web.words import say

FIGURES = ("open", "late", "filed", "unsolved", "reopened", "struck")  # the big ones, in order
STATES = {"late": "late", "unsolved": "waiting", "reopened": "waiting"}
OF = {"late": "open", "unsolved": "called"}  # column → the column it is a share of


@dataclass(frozen=True, slots=True)
class Cell:
    """`share`: "" where there is nothing to be a share of; never without its `base`."""

    name: str
    column: str
    value: int
    href: str
    share: str = ""
    base: int = 0
    state: str = ""


@dataclass(frozen=True, slots=True)
class PlaceRow:
    name: str
    href: str
    cells: list[Cell]


def register_at(request: HttpRequest, read: Reading) -> int:
    """Which place the same post has among those the register offers, where more roles read."""
    grants = request.who.grants  # type: ignore[attr-defined]
    there = [g for role in READERS for g in grants if g.role == role]
    return there.index(read.grant)


def rows_at(at: int, asked: dict[str, str]) -> str:
    """The address of the register with these conditions."""
    return f"{reverse('register')}?{urlencode({'as': at, **asked})}"


def cell(line: Line, column: str, span: Span, at: int) -> Cell:
    value, base = line.counts[column], line.counts.get(OF.get(column, ""), 0)
    return Cell(
        say(f"board.{column}"), column, value, rows_at(at, line.asked(column, span)),
        moments.rate(value / base) if base else "", base,
        STATES.get(column, "") if value else "",
    )  # fmt: skip


def rows(lines: Iterable[Line], period: Period, at: int, post: int) -> list[PlaceRow]:
    """The places, those with most late first; what lies in no part of theirs comes last."""
    shown = sorted(lines, key=lambda x: (x.exact, -x.counts["late"], -x.counts["open"], x.path))
    return [
        PlaceRow(named(line), "" if line.exact or not line.name else below(line, period, post),
                 [cell(line, column, period.span, at) for column in COLUMNS])
        for line in shown
    ]  # fmt: skip


def named(line: Line) -> str:
    if line.exact:
        return say("board.rest")
    return line.name or say("board.gone", path=line.path)


def below(line: Line, period: Period, post: int) -> str:
    return f"?{urlencode({'as': post, 'path': line.path, **period.asked})}"


def figures(whole: Line, period: Period, at: int) -> list[dict[str, str | int]]:
    """The big numbers as `parts/figure.html` is told."""
    found = [cell(whole, column, period.span, at) for column in FIGURES]
    return [
        {"value": c.value, "name": c.name, "href": c.href, "state": c.state, "base": base_of(c)}
        for c in found
    ]


def base_of(cell: Cell) -> str:
    """What stands under a number: of how many, and which days."""
    if cell.column in OF:
        known = "share" if cell.share else "none"
        return say(f"board.{cell.column}_{known}", n=cell.base, share=cell.share)
    return say(f"board.{cell.column}_is")


def heads() -> list[tuple[str, str]]:
    return [(column, say(f"board.{column}")) for column in COLUMNS]


def meanings() -> list[tuple[str, str]]:
    """Each column and exactly what it counts."""
    return [(say(f"board.{column}"), say(f"board.means.{column}")) for column in COLUMNS]


def day_rows(column: str, span: Span, path: str, at: int) -> str:
    return rows_at(at, {"path": path, **asked(column, span)})
