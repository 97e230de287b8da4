"""`/reserves/<key>`: one reserve: the plan, line by line, the classes, and what became of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lianxin.growth.actions import reserves as actions
from lianxin.growth.models import Rearing, Reserve
from lianxin.growth.queries import reserves as queries
from lianxin.growth.queries import workers
from lianxin.growth.training import hours_of
from lianxin.registry.actions import Stamp
from lianxin.registry.models.placed import READS
from lianxin.registry.refusal import NotPossible
from lianxin.registry.team_rules import called
from lianxin.web.access import access, opens
from lianxin.web.account.mine import me
from lianxin.web.why_not import why_not
from lianxin.web.widgets import Cards
from lianxin.web.words import say, speak

LEAVES = ("withdrew", "moved", "released")
ISO = "%Y-%m-%d"


class Dated(forms.Form):
    """Both forms of the page ask for a kind and a day."""

    kind = forms.ChoiceField(widget=Cards)
    on = forms.DateField(widget=forms.DateInput({"type": "date"}, format=ISO))

    def __init__(
        self, name: str, kinds: list[tuple[str, str]], today: date, sent: Any = None
    ) -> None:
        super().__init__(sent, auto_id=f"{name}-%s", initial={"on": today})
        self.fields["kind"].choices = kinds
        for field in self.fields:
            self.fields[field].label = say(f"reserves.{name}.{field}")
            for code in ("required", "invalid", "invalid_choice", "max_length"):
                self.fields[field].error_messages[code] = say(f"reserves.no_{field}")


class Line(Dated):
    """One line more of the plan."""

    name = forms.CharField(max_length=actions.LONGEST)
    field_order = ("kind", "name", "on")


@access("person")
@never_cache
@require_http_methods(["GET", "POST"])
def reserve(request: HttpRequest, key: int) -> HttpResponse:
    """Read by who reads the community's people, and by themselves; written by who keeps them."""
    who = request.who  # type: ignore[attr-defined]
    row = queries.reserve_for(who, key)
    if row is None or (request.method == "POST" and not queries.keeps(who, row)):
        raise Http404
    if request.method != "POST":
        return shown(request, row)
    do = request.POST.get("do", "")
    if do not in PRESSES:
        raise Http404
    return PRESSES[do](request, row)


# ── shown ────────────────────────────────────────────────────────────────────────────────────────


def shown(
    request: HttpRequest, row: Reserve, problem: str = "", line: Line | None = None,
    outcome: Dated | None = None, code: int = 200,
) -> HttpResponse:  # fmt: skip
    who, today = request.who, timezone.localdate()  # type: ignore[attr-defined]
    number, runs = queries.case_of(who, row)
    writes = row.until is None and queries.keeps(who, row)
    offered = outcomes(request, row, today) if writes and not runs else []
    classes = [(seat, hours_of(seat)) for seat in queries.classes_of(row, today)]
    return render(request, "growth/reserve.html", {
        "row": row, "door": called("doors")[row.door], "problem": problem, "writes": writes,
        "ended": called("ended").get(row.ended), "number": number, "runs": runs and writes,
        "risen": queries.risen(Reserve.objects.filter(pk=row.pk, until=None), today).exists(),
        "plan": [(kind, speak(called("rearing")[kind]), lines)
                 for kind, lines in queries.plan_of(row).items()],
        "classes": classes, "hours": sum(hours for _, hours in classes),
        "line": (line or Line("line", kinds(), today)) if writes else None,
        "outcome": (outcome or Dated("outcome", offered, today)) if offered else None,
        "reads": opens(request, READS),
    }, status=code)  # fmt: skip


def kinds() -> list[tuple[str, str]]:
    return [(kind, speak(called("rearing")[kind])) for kind in Rearing.Kind.values]


def outcomes(request: HttpRequest, row: Reserve, today: date) -> list[tuple[str, str]]:
    """What this reader may write down as having become of them."""
    ended = called("ended")
    found = [(how, speak(ended[how])) for how in LEAVES]
    if queries.appoints(request.who, row):  # type: ignore[attr-defined]
        found.insert(0, (actions.SECRETARY, speak(ended[actions.SECRETARY])))
    if workers.keeps(request.who, row.person_id, today):  # type: ignore[attr-defined]
        found.insert(0, (actions.DEPUTY, say("reserves.deputy")))
    return found


# ── pressed ──────────────────────────────────────────────────────────────────────────────────────


def add(request: HttpRequest, row: Reserve) -> HttpResponse:
    form = Line("line", kinds(), timezone.localdate(), clean(request))
    if not form.is_valid():
        return shown(request, row, line=form, code=422)
    given = form.cleaned_data
    try:
        actions.plan(stamp(request), row, given["kind"], given["name"], given["on"])
    except NotPossible as no:
        form.add_error(None, why_not(no))
        return shown(request, row, line=form, code=422)
    return done(request, row, "add")


def close(request: HttpRequest, row: Reserve) -> HttpResponse:
    key = request.POST.get("line", "")
    known = Rearing.objects.filter(reserve=row)
    line = known.filter(pk=int(key) if key.isdecimal() and len(key) < 19 else 0).first()
    if line is None:
        raise Http404
    try:
        actions.close_line(stamp(request), line, timezone.localdate())
    except NotPossible as no:
        return shown(request, row, why_not(no), code=422)
    return done(request, row, "close")


def settle(request: HttpRequest, row: Reserve) -> HttpResponse:
    """Whose case is still open is led on there, and not past it."""
    today, (_, runs) = timezone.localdate(), queries.case_of(request.who, row)  # type: ignore[attr-defined]
    if runs:
        raise Http404
    form = Dated("outcome", outcomes(request, row, today), today, clean(request))
    if not form.is_valid():
        return shown(request, row, outcome=form, code=422)
    how, on = form.cleaned_data["kind"], form.cleaned_data["on"]
    try:
        if on > today:
            raise NotPossible("day_to_come", on=on)
        if how in LEAVES:
            actions.end(stamp(request), row, on, how)
        else:
            actions.became(stamp(request), row, how, on)
    except NotPossible as no:
        form.add_error(None, why_not(no))
        return shown(request, row, outcome=form, code=422)
    return done(request, row, "settle")


PRESSES: dict[str, Callable[[HttpRequest, Reserve], HttpResponse]] = {
    "add": add, "close": close, "settle": settle,
}  # fmt: skip


def clean(request: HttpRequest) -> dict[str, str]:
    return {name: value.replace("\0", "") for name, value in request.POST.dict().items()}


def stamp(request: HttpRequest) -> Stamp:
    return Stamp(me(request), timezone.now())


def done(request: HttpRequest, row: Reserve, what: str) -> HttpResponse:
    messages.success(request, say(f"reserves.done.{what}"))
    return redirect("reserve", key=row.pk)
