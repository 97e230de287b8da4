"""`/check-ins`: who waits for their unit's word; one of them or of its members by itself."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lianxin.registry import tasks as table
from lianxin.registry.actions import Stamp
from lianxin.registry.actions import check_ins as acts
from lianxin.registry.models import CheckIn
from lianxin.registry.models.placed import READS, UNIT_READS
from lianxin.registry.queries import check_ins as queries
from lianxin.registry.refusal import NotPossible
from lianxin.web.access import access
from lianxin.web.account.mine import me
from lianxin.web.check_in.letter import years_of
from lianxin.web.check_in.own import state_of
from lianxin.web.posts import held, reading
from lianxin.web.why_not import why_not
from lianxin.web.words import say

CLERK = "clerk"
AT_ONCE = 100  # of those who wait; the rest come after them
TOLD = 5  # refusals of one press that are told one by one


@access(CLERK)
@never_cache
@require_http_methods(["GET", "POST"])
def check_ins(request: HttpRequest) -> HttpResponse:
    read = reading(request, (CLERK,))
    if request.method == "POST":
        confirm_all(request, list(queries.waiting([read.grant]).filter(pk__in=picked(request))))
        return redirect(f"{request.path}?as={read.at}")
    found = queries.waiting([read.grant])
    return render(request, "check_in/waiting.html", {
        **read.facts, "rows": list(found[:AT_ONCE]), "n": found.count(),
        "unit": read.grant.unit, "me": request.user.pk, "years": years_of(timezone.localdate()),
        "members": members(read.grant), "all": "all" in request.GET,
    })  # fmt: skip


def members(grant: Any) -> int:
    return CheckIn.objects.under([grant]).filter(until=None, confirmed__isnull=False).count()


def picked(request: HttpRequest) -> list[int]:
    given = request.POST.getlist("row")[:AT_ONCE]
    return [int(key) for key in given if key.isdecimal() and len(key) < 19]


def confirm_all(request: HttpRequest, rows: list[CheckIn]) -> None:
    """Each by itself: one that cannot be confirmed keeps no other back."""
    stamp, done, refused = Stamp(me(request), timezone.now()), 0, []
    for row in rows:
        try:
            acts.confirm(stamp, row)
            done += 1
        except NotPossible as no:
            refused.append(f"{row.person.name}: {why_not(no)}")
    if done:
        messages.success(request, say("check_in.clerk.confirmed", n=done))
    for said in refused[:TOLD]:
        messages.error(request, said)
    if not rows:
        messages.info(request, say("check_in.clerk.nobody_picked"))


@access(*READS, *UNIT_READS)
@never_cache
@require_http_methods(["GET", "POST"])
def check_in_of(request: HttpRequest, key: int) -> HttpResponse:
    """Read by the places and the unit it lies in; pressed by the unit's clerk."""
    row = queries.one(held(request, (*READS, *UNIT_READS)), key)
    if row is None:
        raise Http404
    if request.method == "POST":
        return press(request, row)
    return shown(request, row)


def press(request: HttpRequest, row: CheckIn) -> HttpResponse:
    """`do`: confirm, decline (with a reason), end."""
    stamp, do = Stamp(me(request), timezone.now()), request.POST.get("do", "")
    try:
        if do == "confirm":
            acts.confirm(stamp, row)
        elif do == "decline":
            acts.decline(stamp, row, request.POST.get("reason", "").replace("\0", ""))
        elif do == "end" and is_clerk(request, row):
            acts.leave(stamp, row)
        else:
            raise Http404
    except NotPossible as no:
        row.refresh_from_db(fields=["until", "confirmed", "reason"])
        return shown(request, row, why_not(no), 422)
    messages.success(request, say(f"check_in.clerk.done_{do}", name=row.person.name))
    return redirect("check_ins")


def is_clerk(request: HttpRequest, row: CheckIn) -> bool:
    grants = request.who.grants  # type: ignore[attr-defined]
    return any(g.role == CLERK and g.unit == str(row.unit_id) for g in grants)


def shown(request: HttpRequest, row: CheckIn, problem: str = "", code: int = 200) -> HttpResponse:
    keeps = is_clerk(request, row) and row.until is None
    own = row.person_id == request.user.pk
    return render(request, "check_in/one.html", {
        "row": row, "state": state_of(row), "problem": problem, "clerk": is_clerk(request, row),
        "tasks": [(t.pk, table.task_words(t.kind), t.since) for t in queries.tasks_of(row)],
        "asks": keeps and row.confirmed is None and not own,
        "ends": keeps and row.confirmed is not None,
        "longest": acts.LONGEST,
    }, status=code)  # fmt: skip
