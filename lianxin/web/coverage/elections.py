"""`/coverage/elections`: whose term is over or soon will be, the longest over first."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lianxin.registry.models import Officer
from lianxin.registry.models.placed import READS
from lianxin.registry.organisations import organisations
from lianxin.web.access import access
from lianxin.web.coverage.place import Looked, keeps, looked
from lianxin.web.words import say, speak

FEW, MANY = 6, 50


def ending(at: Looked, most: int = FEW, after: str = "") -> list[Officer]:
    """Terms that end within the days of the table, or have ended, with nobody elected since."""
    last = at.on + timedelta(days=organisations().soon)
    found = Officer.objects.under([at.read.grant]).filter(
        until=None, since__lte=at.on, term__lte=last, organisation__area__path__startswith=at.path
    )
    found = behind(found, after)
    rows = found.select_related("person", "organisation__area").order_by("term", "pk")
    return list(rows[:most])


def behind(found: QuerySet[Officer], after: str) -> QuerySet[Officer]:
    """What comes after a row; from the beginning where the mark is none."""
    term, _, key = after.partition("_")
    try:
        last = date.fromisoformat(term)
    except ValueError:
        return found
    if not key.isdecimal() or len(key) > 18:
        return found
    return found.filter(Q(term__gt=last) | Q(term=last, pk__gt=int(key)))


def told(rows: Iterable[Officer]) -> list[dict[str, Any]]:
    offices = organisations().offices
    return [
        {
            "name": row.person.name, "office": speak(offices[row.office].words), "term": row.term,
            "organisation": row.organisation, "href": address(row),
        }
        for row in rows
    ]  # fmt: skip


def address(row: Officer) -> str:
    """Where somebody is elected to it."""
    asked = urlencode({"office": row.office})
    return f"{reverse('organisation_form', args=[row.organisation_id, 'elect'])}?{asked}"


@access(*READS)
@never_cache
@require_safe
def elections(request: HttpRequest) -> HttpResponse:
    at = looked(request)
    found = ending(at, MANY + 1, request.GET.get("after", ""))
    more, found = len(found) > MANY, found[:MANY]
    onward = at.query(after=f"{found[-1].term}_{found[-1].pk}") if more else ""
    return render(request, "coverage/elections.html", {
        **at.read.facts, "title": say("organisation.terms.title"), "path": at.path,
        "trail": at.trail, "asked": at.asked, "terms": told(found), "onward": onward, "at": at,
        "soon": organisations().soon, "keeps": keeps(request.who, at.path),  # type: ignore[attr-defined]
    })  # fmt: skip
