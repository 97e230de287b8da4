"""`/coverage/<measure>`: exactly the rows that a number counts; each gap with what closes it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, F, Min, OuterRef, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lianxin.registry.models import Area, Door
from lianxin.registry.models.placed import READS
from lianxin.registry.queries import lines
from lianxin.registry.queries.coverage import (
    KINDS,
    MEASURES,
    THIN,
    WORKED,
    rows,
    standing,
    thin,
)
from lianxin.web.access import access
from lianxin.web.coverage.place import Looked, keeps, looked
from lianxin.web.words import say

AT_ONCE = 50
SHOWS = {"covered": True, "gaps": False}
HOMES = ("household_work", "core_households")  # rows that stay with their community
NAMED = ("street", "community", "quarter")  # of what lies above a row


@access(*READS)
@never_cache
@require_safe
def listed(request: HttpRequest, measure: str) -> HttpResponse:
    if measure not in (*MEASURES, *KINDS, THIN):
        raise Http404
    at, show = looked(request), request.GET.get("show", "gaps" if measure in MEASURES else "all")
    found = narrowed(measure, at, show)
    far = measure in HOMES and not at.near
    told = by_place(found, request, at) if far else one_by_one(found, request, at, measure)
    facts = {
        "title": say(f"organisation.measure.{measure}.{show if show in SHOWS else 'all'}")
        if measure in MEASURES else say(f"organisation.measure.{measure}.name"),
        "measure": measure, "path": at.path, "trail": at.trail, "asked": at.asked, "at": at,
        "tabs": list(tabs(measure, at, show)), "far": far, "back": reverse("coverage") + at.query(),
    }  # fmt: skip
    return render(request, "coverage/rows.html", {**at.read.facts, **facts, **told})


def narrowed(measure: str, at: Looked, show: str) -> QuerySet[Any]:
    if measure == THIN:
        return thin(at.path, at.on)
    if measure in KINDS:
        found = standing(KINDS[measure], at.path, at.on)
        return found.filter(since__gte=at.since) if show == "new" else found
    found = rows(measure, at.path, at.on)
    return found.filter(covered=SHOWS[show]) if show in SHOWS else found


def tabs(measure: str, at: Looked, show: str) -> Iterable[dict[str, Any]]:
    names: tuple[str, ...] = ("all", "new") if measure in KINDS else ("gaps", "covered", "all")
    names = ("all",) if measure == THIN else names
    for name in names:
        current = name == show or (show not in names and name == "all")
        href = reverse("coverage_rows", args=[measure]) + at.query(show=name)
        yield {"words": say(f"organisation.show.{name}"), "href": href, "current": current}


# ── by place ─────────────────────────────────────────────────────────────────────────────────────


def by_place(found: QuerySet[Any], request: HttpRequest, at: Looked) -> dict[str, Any]:
    """From above a community core households are counted and not read: so many a place."""
    counted = found.order_by().values("area__path", "area__name").annotate(n=Count("pk"))
    after = request.GET.get("after", "")[:20]
    after = after if after.isalnum() else ""
    page = list(counted.filter(area__path__gt=after).order_by("area__path")[: AT_ONCE + 1])
    more, page = len(page) > AT_ONCE, page[:AT_ONCE]
    above = names_above([row["area__path"] for row in page], at)
    told = [
        {"name": row["area__name"], "where": above[row["area__path"]], "n": row["n"]}
        for row in page
    ]
    return {"rows": told, "onward": onward(request, page[-1]["area__path"]) if more else ""}


# ── one by one ───────────────────────────────────────────────────────────────────────────────────


def one_by_one(
    found: QuerySet[Any], request: HttpRequest, at: Looked, measure: str
) -> dict[str, Any]:
    after = request.GET.get("after", "")
    if after.isdecimal() and len(after) < 19:
        found = found.filter(pk__gt=int(after))
    page = list(placed(found, measure, at).order_by("pk")[: AT_ONCE + 1])
    more, page = len(page) > AT_ONCE, page[:AT_ONCE]
    above = names_above([row.place for row in page], at)
    may = keeps(request.who, at.path)  # type: ignore[attr-defined]
    told = [row_of(row, measure, above, request if may and at.today else None) for row in page]
    return {"rows": told, "onward": onward(request, str(page[-1].pk)) if more else ""}


def placed(found: QuerySet[Any], measure: str, at: Looked) -> QuerySet[Any]:
    """With `place`, the path of where each lies."""
    if measure == "quarters":
        return found.annotate(place=F("path"))
    if measure == "buildings":
        doors = Door.objects.filter(building=OuterRef("pk"), area__path__startswith=at.path)
        first = doors.values("building").annotate(least=Min("area__path")).values("least")
        return found.annotate(place=Subquery(first))
    return found.annotate(place=F("area__path")).select_related("area")


def row_of(
    row: Any, measure: str, above: dict[str, str], request: HttpRequest | None
) -> dict[str, Any]:
    covered = getattr(row, "covered", None)
    told = {
        "name": row.written if measure == "buildings" else row.name, "where": above[row.place],
        "covered": covered, "since": getattr(row, "since", None) if measure in KINDS else None,
        "href": "", "fix": "", "verb": "",
    }  # fmt: skip
    if measure not in ("quarters", "buildings"):
        told["href"] = reverse("organisation", args=[row.pk])
    if covered is False and request is not None:
        told["fix"] = fix(row, measure, request.get_full_path())
        told["verb"] = say(f"organisation.measure.{measure}.fix")
    if measure == THIN and request is not None:
        asked = urlencode({"back": request.get_full_path()})
        told["fix"] = f"{reverse('organisation_form', args=[row.pk, 'admit'])}?{asked}"
        told["verb"] = say("organisation.act.admit")
    return told


def fix(row: Any, measure: str, back: str) -> str:
    """The form that closes this gap, with what is known filled in."""
    if measure in WORKED:
        asked = urlencode({"back": back})
        return f"{reverse('organisation_form', args=[row.pk, 'note'])}?{asked}"
    known = {
        "quarters": {"kind": "branch", "area": row.place},
        "buildings": {"kind": "group", "area": row.place, "building": row.pk},
        "groups": {"kind": "household", "area": row.place, "parent": row.pk},
    }[measure]
    return f"{reverse('organisation_new')}?{urlencode({**known, 'back': back})}"


def names_above(found: Iterable[str], at: Looked) -> dict[str, str]:
    """Where each lies, from the street down, the row's own area with it; two queries."""
    paths = list(dict.fromkeys(found))
    own = dict(Area.objects.on(at.on).filter(path__in=paths).values_list("path", "name"))
    above = lines(paths, at.on)
    return {
        path: " · ".join([
            *(area.name for area in above[path] if area.kind_id in NAMED and area.path > at.path),
            *([own[path]] if path in own else []),
        ])
        for path in paths
    }  # fmt: skip


def onward(request: HttpRequest, after: str) -> str:
    return f"?{urlencode({**request.GET.dict(), 'after': after})}"
