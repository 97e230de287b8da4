"""`/partners`: units that have checked in with communities; a unit's three lists with each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from lianxin.core.step.refused import Refused
from lianxin.core.step.who import Grant
from lianxin.orders.book import book
from lianxin.orders.joint_tasks import into_order
from lianxin.orders.models import Order
from lianxin.orders.refusal import sentence, status
from lianxin.orders.visits import FLOW
from lianxin.registry.actions import Stamp
from lianxin.registry.actions import unit_check_ins as acts
from lianxin.registry.models import Promise, Unit, UnitCheckIn
from lianxin.registry.models.placed import READS, UNIT_READS
from lianxin.registry.queries import check_ins as queries
from lianxin.registry.refusal import NotPossible
from lianxin.web.access import access
from lianxin.web.account.mine import me
from lianxin.web.check_in.asking import Community
from lianxin.web.check_in.letter import years_of
from lianxin.web.posts import held, reading
from lianxin.web.why_not import why_not
from lianxin.web.words import say, tongue

READERS = (*READS, *UNIT_READS)
AT_ONCE = 200  # pairs of one list
KINDS = ("need", "resource", "project")


@access(*READERS)
@never_cache
@require_safe
def partners(request: HttpRequest) -> HttpResponse:
    read = reading(request, READERS)
    words = request.GET.get("q", "").replace("\0", "").strip()[:60]
    found = queries.pairs([read.grant])
    if words:
        found = found.filter(unit__name__icontains=words)
    rows = list(found.order_by("unit__name", "area__path")[: AT_ONCE + 1])
    return render(request, "check_in/partners.html", {
        **read.facts, "rows": rows[:AT_ONCE], "more": len(rows) > AT_ONCE, "q": words,
        "unit": read.grant.unit or "",
    })  # fmt: skip


@access(*READERS)
@never_cache
@require_http_methods(["GET", "POST"])
def communities(request: HttpRequest, key: int) -> HttpResponse:
    """A unit's clerk reads them all, a place those of its communities."""
    unit, rows = opened(request, key)
    if request.method == "POST":
        return press(request, unit, rows)
    return shown(request, unit, rows)


def opened(request: HttpRequest, key: int) -> tuple[Unit, list[UnitCheckIn]]:
    """Raises Http404 for a unit of which the reader may read nothing."""
    grants = held(request, READERS)
    unit = Unit.objects.filter(pk=key).first()
    rows = list(queries.pairs(grants).filter(unit=key).order_by("area__path")[:AT_ONCE])
    if unit is None or not (rows or is_clerk(request, key)):
        raise Http404
    return unit, rows


def is_clerk(request: HttpRequest, key: int) -> bool:
    grants = request.who.grants  # type: ignore[attr-defined]
    return any(g.role == "clerk" and g.unit == str(key) for g in grants)


def press(request: HttpRequest, unit: Unit, rows: list[UnitCheckIn]) -> HttpResponse:
    """`do`: begin, end, add, done, drop, order."""
    stamp, do = Stamp(me(request), timezone.now()), request.POST.get("do", "")
    if do == "begin":
        return begin(request, stamp, unit, rows)
    pair = next((row for row in rows if str(row.pk) == request.POST.get("pair")), None)
    if pair is None:
        raise Http404
    try:
        change(request, stamp, pair, do)
    except NotPossible as no:
        return shown(request, unit, rows, why_not(no), code=422)
    except Refused as no:
        page = book().page(FLOW, stamp.day)
        return shown(request, unit, rows, sentence(no, tongue(), page), code=status(no))
    messages.success(request, say(f"check_in.pair.done_{do}"))
    left = do == "end" and not is_clerk(request, unit.pk)
    return redirect("partners") if left else redirect("unit_communities", key=unit.pk)


def change(request: HttpRequest, stamp: Stamp, pair: UnitCheckIn, do: str) -> None:
    if do == "end":
        acts.leave_community(stamp, pair)
    elif do == "add":
        text, kind = request.POST.get("text", ""), request.POST.get("kind", "")
        acts.promise(stamp, pair, kind, text.replace("\0", ""))
    elif do in ("done", "drop"):
        acts.end_promise(stamp, line_of(request, pair), do == "done")
    elif do == "order":
        into_order(stamp, line_of(request, pair), request.who)  # type: ignore[attr-defined]
    else:
        raise Http404


def line_of(request: HttpRequest, pair: UnitCheckIn) -> Promise:
    """Raises Http404 for a line of another pair."""
    given = request.POST.get("line", "")
    key = int(given) if given.isdecimal() and len(given) < 19 else 0
    line = Promise.objects.filter(pk=key, check_in=pair).first()
    if line is None:
        raise Http404
    return line


def begin(request: HttpRequest, stamp: Stamp, unit: Unit, rows: list[UnitCheckIn]) -> HttpResponse:
    form = Community(stamp.day, request.POST)
    if not form.is_valid():
        return shown(request, unit, rows, form=form, code=422)
    try:
        acts.check_in_unit(stamp, unit, form.found["community"])
    except NotPossible as no:
        return shown(request, unit, rows, why_not(no), form, 422)
    messages.success(request, say("check_in.pair.done_begin"))
    return redirect("unit_communities", key=unit.pk)


def shown(
    request: HttpRequest, unit: Unit, rows: list[UnitCheckIn], problem: str = "",
    form: Community | None = None, code: int = 200,
) -> HttpResponse:  # fmt: skip
    today, clerk = timezone.localdate(), is_clerk(request, unit.pk)
    told, grants = queries.lines_of(rows), request.who.grants  # type: ignore[attr-defined]
    numbers = numbers_of(request, [line for lines in told.values() for line in lines])
    return render(request, "check_in/communities.html", {
        "unit": unit, "clerk": clerk, "problem": problem, "years": years_of(today),
        "form": (form or Community(today)) if clerk else None,
        "pairs": [(row, lists(row, told.get(row.pk, []), grants, numbers)) for row in rows],
        "longest": acts.LONGEST,
    }, status=code)  # fmt: skip


def lists(
    row: UnitCheckIn, lines: list[Promise], grants: Sequence[Grant], numbers: dict[UUID, str]
) -> list[dict[str, Any]]:
    """The three lists of one pair: each line with the number of its order, and whether the reader
    may write to the list, or have an order made of a line."""
    desk = any(g.role == acts.DESK and str(g.area) == str(row.area_id) for g in grants)
    return [
        {"kind": kind, "keeps": any(acts.keeps(grant, row, kind) for grant in grants),
         "orders": desk and kind != "resource",
         "lines": [(one, numbers.get(one.order, "") if one.order else "")
                   for one in lines if one.kind == kind]}
        for kind in KINDS
    ]  # fmt: skip


def numbers_of(request: HttpRequest, lines: list[Promise]) -> dict[UUID, str]:
    """Of the orders that lines have become, as far as this reader may open them."""
    keys = [line.order for line in lines if line.order]
    mine = Order.objects.visible_to(request.who).filter(pk__in=keys)  # type: ignore[attr-defined]
    return dict(mine.values_list("pk", "number")) if keys else {}
