"""`/coverage`: how far the organisation reaches in a place, and how far it works."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lianxin.registry.models import Area
from lianxin.registry.models.placed import READS
from lianxin.registry.organisations import organisations
from lianxin.registry.queries.coverage import (
    COVERED,
    KINDS,
    THIN,
    WORKED,
    Coverage,
    Tally,
    thin,
)
from lianxin.registry.queries.coverage import coverage as reckoned
from lianxin.web.access import access
from lianxin.web.coverage.elections import ending, told
from lianxin.web.coverage.place import Looked, keeps, looked
from lianxin.web.moments import rate
from lianxin.web.words import say

FEW = 5  # terms that are named on this page
SECTIONS = {"organisation": COVERED, "work": WORKED}


@dataclass(frozen=True, slots=True)
class Number:
    """A count and the address of exactly its rows."""

    column: str
    value: int
    href: str


@dataclass(frozen=True, slots=True)
class Line:
    """One measure: how many of how many, how many are missing."""

    name: str
    share: str
    numbers: list[Number]


@access(*READS)
@never_cache
@require_safe
def coverage(request: HttpRequest) -> HttpResponse:
    at = looked(request)
    found = reckoned(at.path, at.on, at.since)
    trail = at.trail
    terms = ending(at)
    facts = {
        "title": say("organisation.coverage.title"), "trail": trail, "path": at.path, "at": at,
        "asked": at.asked, "big": [big(name, getattr(found.whole, name)) for name in SECTIONS],
        "sections": [section(name, found, at) for name in SECTIONS],
        "stand": list(standing(found, at)), "parts": list(parts(found, at)),
        "thin": thin(at.path, at.on).count(), "thin_rows": rows_of(THIN, at, "all"),
        "least": organisations().kinds["branch"].members,
        "terms": told(terms[:FEW]), "more_terms": len(terms) > FEW,
        "elections": reverse("elections") + at.query(),
        "soon": organisations().soon,
        "keeps_place": at.today and keeps(request.who, at.path),  # type: ignore[attr-defined]
    }  # fmt: skip
    return render(request, "coverage/coverage.html", {**at.read.facts, **facts},
                  status=422 if at.wrong else 200)  # fmt: skip


def big(name: str, tally: Tally) -> dict[str, Any]:
    """A rate as `parts/figure.html` is told; it leads to the numbers it is made of."""
    base = say("organisation.coverage.of", n=tally.covered, of=tally.of)
    return {
        "value": rate(tally.rate), "name": say(f"organisation.coverage.{name}"), "base": base,
        "href": f"#{name}", "state": "late" if tally.gaps else "",
    }  # fmt: skip


def section(name: str, found: Coverage, at: Looked) -> dict[str, Any]:
    return {
        "id": name, "title": say(f"organisation.coverage.{name}"),
        "is": say(f"organisation.coverage.{name}_is", n=organisations().work),
        "lines": [line(measure, found.whole.tallies[measure], at) for measure in SECTIONS[name]],
    }  # fmt: skip


def line(measure: str, tally: Tally, at: Looked) -> Line:
    counts = {"covered": tally.covered, "gaps": tally.gaps, "all": tally.of}
    return Line(
        say(f"organisation.measure.{measure}.name"), rate(tally.rate),
        [Number(show, n, rows_of(measure, at, show)) for show, n in counts.items()],
    )  # fmt: skip


def standing(found: Coverage, at: Looked) -> Iterator[Line]:
    """How many there are of a kind, and how many of these are new."""
    for name in KINDS:
        numbers = [
            Number("all", found.stand[name], rows_of(name, at, "all")),
            Number("new", found.new[name], rows_of(name, at, "new")),
        ]
        yield Line(say(f"organisation.measure.{name}.name"), "", numbers)


def rows_of(measure: str, at: Looked, show: str) -> str:
    return reverse("coverage_rows", args=[measure]) + at.query(show=show)


def parts(found: Coverage, at: Looked) -> Iterator[dict[str, Any]]:
    """The places in it, those with most gaps first; what lies in no part of it has no name."""
    areas = Area.objects.on(at.on).filter(path__in=[line.path for line in found.parts])
    names = dict(areas.values_list("path", "name"))
    ordered = sorted(found.parts, key=lambda x: (-x.organisation.gaps - x.work.gaps, x.path))
    for row in ordered:
        inside = row.path in names and row.path != at.path
        yield {
            "name": names[row.path] if inside else say("organisation.coverage.rest"),
            "href": at.query(path=row.path) if inside else "",
            "tallies": [(name, rate(t.rate), t) for name, t in both(row)],
        }  # fmt: skip


def both(row: Any) -> list[tuple[str, Tally]]:
    return [(say(f"organisation.coverage.{name}"), getattr(row, name)) for name in SECTIONS]
