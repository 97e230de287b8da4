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

from lianxin.growth.queries.communities import communities, short, vacancies
from lianxin.growth.queries.reserves import risen
from lianxin.growth.queries.teams import (
    Asked,
    counts,
    latest_year,
    overburdened,
    per,
    populations,
    reserves,
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
ROLLS = {
    "many": "overburdened", "bare": "bare", "short": "vacancies", "posts": "communities",
    "risen": "risen",
}  # fmt: skip
YEARS = range(2000, 2200)


@access(*READS)
@never_cache
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    read, now = reading(request, READS), timezone.now()
    path, today = within(request, read), timezone.localdate(now)
    chosen = year_of(request)
    asked = Asked(see := under(read.grant), today, chosen or latest_year(see, read.path, today))
    kept = {"year": chosen} if chosen else {}  # goes along from place to place
    told, population = counts(asked, path), populations([path], today).get(path)
    rate = per(told["workers"], population)
    columns = cells.columns_of(path)
    parts = [x for x in table(asked, path, columns) if x.path != path or x.exact]
    facts = {
        "title": say("people.title"), "path": path, "now": now, "period": {"asked": kept},
        "trail": trail(read.path, path, today),
        "teams": cells.figures(cells.TEAMS, told, rate, asked, path, read.at),
        "rearing": cells.figures(cells.REARING, told, rate, asked, path, read.at),
        "heads": cells.heads(columns), "meanings": cells.meanings(asked.year),
        "rows": cells.places(parts, columns, asked, read.at, kept),
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
    here = communities([path], asked.on)
    posts = vacancies(here)
    up = risen(reserves(asked).filter(area__path__startswith=path), asked.on)
    found = {
        "vacant": empty.count(), "bare": bare.count(), "many": many.count(),
        "short": posts["communities"] or 0, "risen": up.count(),
    }  # fmt: skip
    shown = list(empty[:FEW])
    around = lines_of([area.path for area in shown], asked.on)
    return {
        "gaps": any(found.values()), "gap": found, "most": team_rule("grids", "most"),
        "more": {name: max(0, n - FEW) for name, n in found.items()},
        "vacant": [(area, around[area.path], kept_by(request, area.path)) for area in shown],
        "vacant_all": f"{reverse('people_grids')}?{rows_of(path, read)}&show=vacant",
        "all": {name: f"{reverse('roll', args=[roll])}?{rows_of(path, read)}"
                for name, roll in ROLLS.items()},
        "bare": list(bare[:FEW]), "many": list(many[:FEW]), "posts_of": posts,
        "risen": list(up.select_related("person", "area").order_by("area__path", "pk")[:FEW]),
        "short": list(short(here)[:FEW]), "notice_at": notice_at(request, path),
    }  # fmt: skip


def notice_at(request: HttpRequest, path: str) -> str:
    """Where a desk of the place notices a vacancy, "" for everybody else."""
    grants = request.who.grants  # type: ignore[attr-defined]
    desk = any(g.role == "desk" and not g.unit and path.startswith(g.path) for g in grants)
    return reverse("case", args=["vacancy", "notice"]) if desk else ""
