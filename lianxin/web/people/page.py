"""`/people`: the four teams of a place, staffing per 10,000, what is missing, and its parts."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lianxin.growth.queries.teams import (
    Asked,
    counts,
    latest_year,
    overburdened,
    per,
    populations,
    table,
    under,
    vacant,
    without_reserve,
)
from lianxin.registry.models import Figure
from lianxin.registry.models.placed import READS
from lianxin.registry.queries import lines as lines_of
from lianxin.registry.team_rules import team_rule
from lianxin.web.access import access
from lianxin.web.board.page import trail, within
from lianxin.web.moments import figure
from lianxin.web.people import cells
from lianxin.web.people.grids import kept_by
from lianxin.web.posts import Reading, reading
from lianxin.web.words import say

FEW = 8  # of each gap shown; the others are a press away
YEARS = range(2000, 2200)


@access(*READS)
@never_cache
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    read, now = reading(request, READS), timezone.now()
    path, today = within(request, read), timezone.localdate(now)
    asked = Asked(
        see := under(read.grant), today, year_of(request) or latest_year(see, read.path, today)
    )
    told, population = counts(asked, path), populations([path], today).get(path)
    rate = per(told["workers"], population)
    columns = cells.columns_of(path)
    parts = [x for x in table(asked, path, columns) if x.path != path or x.exact]
    facts = {
        "title": say("people.title"), "path": path, "now": now, "period": {"asked": {}},
        "trail": trail(read.path, path, today),
        "teams": cells.figures(cells.TEAMS, told, rate, asked, path, read.at),
        "rearing": cells.figures(cells.REARING, told, rate, asked, path, read.at),
        "heads": cells.heads(columns), "meanings": cells.meanings(asked.year),
        "rows": cells.places(parts, columns, asked, read.at, read.at),
        "total": cells.cells(columns, told, rate, path, asked, read.at),
        **staffing(told["workers"], population, rate, path, read),
        **gaps(request, asked, path, read),
    }  # fmt: skip
    return render(request, "people/people.html", {**read.facts, **facts})


def year_of(request: HttpRequest) -> int | None:
    typed = request.GET.get("year", "")
    year = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) == 4 else 0
    return year if year in YEARS else None


def staffing(
    workers: int, population: Figure | None, rate: float | None, path: str, read: Reading
) -> dict[str, Any]:
    """The sum with its row, and where the rows of figures are kept."""
    told = {"figures": f"{reverse('roll', args=['figures'])}?{rows_of(path, read)}"}
    if population is None or rate is None:
        return {**told, "rate": None}
    people = figure(int(population.value))
    return {
        **told, "rate": rate,
        "sum": say("people.staffing.sum", workers=figure(workers), people=people, per=rate),
        "source": {"people": people, "source": population.source, "on": population.on},
    }  # fmt: skip


def rows_of(path: str, read: Reading) -> str:
    return urlencode({"as": read.at, "path": path})


def gaps(request: HttpRequest, asked: Asked, path: str, read: Reading) -> dict[str, Any]:
    """The first of each kind, with how many more there are."""
    empty = vacant(asked.on).filter(path__startswith=path).order_by("path")
    bare, many = without_reserve(asked, path), overburdened(path, asked.on)
    found = {"vacant": empty.count(), "bare": bare.count(), "many": many.count()}
    shown = list(empty[:FEW])
    around = lines_of([area.path for area in shown], asked.on)
    return {
        "gaps": any(found.values()), "gap": found, "most": team_rule("grids", "most"),
        "more": {name: max(0, n - FEW) for name, n in found.items()},
        "vacant": [(area, around[area.path], kept_by(request, area.path)) for area in shown],
        "vacant_all": f"{reverse('people_grids')}?{rows_of(path, read)}&show=vacant",
        "bare": list(bare[:FEW]), "many": list(many[:FEW]),
    }  # fmt: skip
