"""The board for programs: the same counts, each with what opens its rows in the register."""

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router, Schema
from pydantic import Field

from lianxin.core.step.refused import Refused
from lianxin.core.step.who import Grant
from lianxin.orders.queries.board import COLUMNS, LONGEST, Line, Span, table, whole
from lianxin.web.access import access
from lianxin.web.api import shapes
from lianxin.web.api.auth import CALLER, grant_of, name_of, who_of
from lianxin.web.api.operations import says
from lianxin.web.nav import BOARD

router = Router(tags=["board"], auth=CALLER)


class Wanted(Schema):
    path: shapes.Short = Field("", description="a place inside the post's own; without it that")
    from_: date | None = Field(None, alias="from", description="first day, Beijing time; today")
    to: date | None = Field(None, description="last day, included; the first")
    as_: shapes.Short | None = Field(None, alias="as", description="a post as /me names it")


class PlaceCounts(Schema):
    """`opens`: by column, the register's conditions that show exactly these orders (`/orders?…`).
    `exact`: what lies at the place itself, in none of its parts."""

    path: str
    name: str
    exact: bool
    counts: dict[str, shapes.Count]
    opens: dict[str, dict[str, str]]


class Board(Schema):
    """Counts of orders, neither of people nor of visits. `open` and `late` are as of `made`, the
    others of the days. Shares: `late` is of `open`, `unsolved` of `called`."""

    as_: str = Field(alias="as")
    path: str
    from_: date = Field(alias="from")
    to: date
    made: datetime
    places: list[PlaceCounts]
    total: PlaceCounts


@router.get("/board", response=says(200, Board, 403, 422), by_alias=True)
@access("anyone")
def read_board(request: HttpRequest, wanted: Query[Wanted]) -> Any:
    """A place and the next places down: filed, open, late, called back, not solved, reopened,
    struck off."""
    grant = watching(request, wanted.as_)
    path = wanted.path or grant.path
    if not path.startswith(grant.path) or not path.isalnum():
        raise Refused("not_your_grant", post=path)
    span = days(wanted)
    lines = table(grant, path, span)
    return {
        "as": name_of(grant), "path": path, "from": span.first, "to": span.last,
        "made": timezone.now(), "places": [line_out(line, span) for line in lines],
        "total": line_out(whole(path, "", lines), span),
    }  # fmt: skip


def watching(request: HttpRequest, name: str | None) -> Grant:
    """The post named, or the first that reads a board. Raises Refused("not_your_grant")."""
    who = who_of(request)
    if name is None:
        name = next((name_of(g) for g in who.grants if g.role in BOARD), None)
    grant = grant_of(who, name)
    if grant is None or grant.role not in BOARD:
        raise Refused("not_your_grant", post=name or "me")
    return grant


def days(wanted: Wanted) -> Span:
    """Raises Refused("bad_days")."""
    first = wanted.from_ or wanted.to or timezone.localdate()
    span = Span(first, wanted.to or first)
    if not 1 <= span.days <= LONGEST or not 1970 < first.year < 9000:
        raise Refused("bad_days", most=LONGEST)
    return span


def line_out(line: Line, span: Span) -> dict[str, Any]:
    return {
        "path": line.path, "name": line.name, "exact": line.exact, "counts": line.counts,
        "opens": {column: line.asked(column, span) for column in COLUMNS},
    }  # fmt: skip
