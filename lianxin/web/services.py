"""`/services`: the catalogue by the five kinds; what is chosen goes the way of every request."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from lianxin.core.category import Category, Table
from lianxin.core.flow.page import Words
from lianxin.orders.book import categories
from lianxin.web.access import access
from lianxin.web.draft import plain
from lianxin.web.words import say, speak

GROUP = 2  # digits of a category that stands for a group and is not asked for itself
FEW = 3  # services named beneath a kind


@dataclass(frozen=True, slots=True)
class Kind:
    code: str
    words: Words
    services: tuple[Category, ...]

    @property
    def some(self) -> str:
        return say("orders.story.list").join(speak(row.words) for row in self.services[:FEW])


def kinds(table: Table) -> list[Kind]:
    """The kinds that have services today, each with them."""
    found = [Kind(code, words, services(table, code)) for code, words in table.kinds.items()]
    return [kind for kind in found if kind.services]


def services(table: Table, kind: str) -> tuple[Category, ...]:
    rows = table.categories.values()
    return tuple(row for row in rows if row.kind == kind and len(row.code) > GROUP)


@access("anyone")
def catalogue(request: HttpRequest) -> HttpResponse:
    table = categories().on(timezone.localdate())
    return render(request, "services/kinds.html", {"kinds": kinds(table), "door": door(request)})


@access("anyone")
def kind(request: HttpRequest, kind: str) -> HttpResponse:
    table = categories().on(timezone.localdate())
    found = next((k for k in kinds(table) if k.code == kind), None)
    if found is None:
        raise Http404
    rows = [(row, address(row.code, door(request))) for row in found.services]
    return render(
        request, "services/kind.html", {"kind": found, "rows": rows, "door": door(request)}
    )


def door(request: HttpRequest) -> str:
    """The code of the door one came in by, so that the place need not be asked again."""
    return plain(request.GET.get("d", ""), 24)


def address(code: str, door: str) -> str:
    asked = {"c": code, "s": "1"} | ({"d": door} if door else {})
    return f"{reverse('file')}?{urlencode(asked)}"
