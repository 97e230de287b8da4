"""`/services`: the catalogue by the five kinds. What it can answer it answers at once; what is
chosen all the same goes the way of every request."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from lianxin.core.category import Category, Table
from lianxin.core.flow.page import Words
from lianxin.core.step.refused import Refused
from lianxin.orders.answered import DAYS, count, lately
from lianxin.orders.book import categories
from lianxin.web.access import access
from lianxin.web.access import opens as may
from lianxin.web.api.pace import Pace
from lianxin.web.asking.draft import plain
from lianxin.web.words import say, speak

GROUP = 2  # digits of a category that stands for a group and is not asked for itself
counts = Pace("answered", most=60, per_s=600)
FEW = 3  # services named beneath a kind
WORK = ("desk", "supervisor", "leader")  # who see how often an answer was enough


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
    said = spared(request, [row.code for row in found.services])
    rows = [(row, opens(row, kind, door(request)), said.get(row.code, 0)) for row in found.services]
    return render(
        request, "services/kind.html",
        {"kind": found, "rows": rows, "door": door(request), "days": DAYS},
    )  # fmt: skip


@access("anyone")
def service(request: HttpRequest, kind: str, code: str) -> HttpResponse:
    """What to bring, where, how long, who: then whoever still wants it says when."""
    row = categories().on(timezone.localdate()).categories.get(code)
    if row is None or row.kind != kind or row.answer is None:
        raise Http404
    return render(request, "services/answer.html", {
        "row": row, "lines": row.answer.lines, "ask": address(code, door(request)), "kind": kind,
        "door": door(request), "times": spared(request, [code]).get(code, 0), "days": DAYS,
    })  # fmt: skip


def spared(request: HttpRequest, codes: list[str]) -> dict[str, int]:
    """Whoever answers for the work sees where an answer saves a request, and where it does not."""
    shown = request.user.is_authenticated and may(request, WORK)
    return lately(codes, timezone.localdate()) if shown else {}


@access("anyone")
@require_POST
def enough(request: HttpRequest) -> HttpResponse:
    """The answer was all that was needed: no order, and nothing of whoever read it is kept."""
    today, code = timezone.localdate(), request.POST.get("category", "")
    row = categories().on(today).categories.get(code)
    if row is None or row.answer is None:
        raise Http404
    return answered(request, row)


def answered(request: HttpRequest, row: Category) -> HttpResponse:
    """Counted by kind and day; whoever presses it all day long is counted no more."""
    with suppress(Refused):
        counts.keep(request)
        count(row.code, timezone.localdate())
    return HttpResponseRedirect(reverse("answered"))


@access("anyone")
def thanks(request: HttpRequest) -> HttpResponse:
    return render(request, "services/enough.html")


def opens(row: Category, kind: str, door: str) -> str:
    """A service that the catalogue can say something of says it first."""
    if row.answer is None:
        return address(row.code, door)
    here = reverse("service", args=[kind, row.code])
    return f"{here}?{urlencode({'d': door})}" if door else here


def door(request: HttpRequest) -> str:
    """The code of the door one came in by, so that the place need not be asked again."""
    return plain(request.GET.get("d", ""), 24)


def address(code: str, door: str) -> str:
    asked = {"c": code, "s": "1"} | ({"d": door} if door else {})
    return f"{reverse('file')}?{urlencode(asked)}"
