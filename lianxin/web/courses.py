"""`/courses`: training classes: what is open to me, what I went to, what I hold; `/c/<code>`: being
there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianxin.core.step.given import YEARS
from lianxin.growth.actions import courses as actions
from lianxin.growth.models import Attendance, Course
from lianxin.growth.queries import courses as queries
from lianxin.growth.training import hours_of
from lianxin.registry.actions import Stamp
from lianxin.registry.models import Area
from lianxin.registry.refusal import NotPossible
from lianxin.web.access import access
from lianxin.web.account.mine import me
from lianxin.web.pictures import picture_of
from lianxin.web.why_not import why_not
from lianxin.web.words import say

MONTH = 31  # days of the longest class that the form opens


@access("person")
@never_cache
@require_safe
def courses(request: HttpRequest) -> HttpResponse:
    who, today = request.who, timezone.localdate()  # type: ignore[attr-defined]
    mine = queries.own(who)
    signed = {row.course_id for row in mine}
    return render(request, "growth/courses.html", {
        "title": say("courses.title"), "today": today,
        "offered": [c for c in queries.offered(who, today) if c.pk not in signed],
        "mine": [(row, hours_of(row)) for row in mine],
        "hours": sum(map(hours_of, mine)), "keeps": keeps(request), "kept": queries.kept(who),
    })  # fmt: skip


@access("person")
@never_cache
@require_safe
def course(request: HttpRequest, id: int) -> HttpResponse:
    return shown(request, found(request, id))


def shown(request: HttpRequest, row: Course, wrong: str = "", status: int = 200) -> HttpResponse:
    """One class. Who signed up is read by those who hold it; everybody else sees their own seat."""
    who, today = request.who, timezone.localdate()  # type: ignore[attr-defined]
    holds = queries.keeper_of(who, row.area.path)
    seats = queries.seats_of(row) if holds else []
    seat = next((s for s in queries.own(who) if s.course_id == row.pk), None)
    return render(request, "growth/course.html", {
        "title": row.name, "course": row, "holds": holds, "seat": seat, "wrong": wrong,
        "seats": [(s, hours_of(s)) for s in seats], "hours": hours_of(seat) if seat else 0,
        "over": row.until <= today, "runs": row.since <= today < row.until,
        "free": max(0, row.seats - row.signed), "stars": range(1, 6),
    }, status=status)  # fmt: skip


@access("person")
@require_POST
def course_press(request: HttpRequest, id: int) -> HttpResponse:
    """`do`: sign_up, sign_off, rate (one's own seat), came (a seat of a class that one holds)."""
    row, do = found(request, id), request.POST.get("do", "")
    if do not in PRESSES:
        raise Http404
    try:
        PRESSES[do](request, row)
    except NotPossible as no:
        return shown(request, row, why_not(no), 422)
    messages.success(request, say(f"courses.done.{do}", name=row.name))
    return redirect("course", id=row.pk)


def sign_up(request: HttpRequest, row: Course) -> None:
    actions.sign_up(stamp(request), row, me(request))


def sign_off(request: HttpRequest, row: Course) -> None:
    actions.sign_off(stamp(request), own_seat(request, row))


def rate(request: HttpRequest, row: Course) -> None:
    stars = request.POST.get("stars", "")
    known = stars.isdecimal() and len(stars) == 1
    actions.rate(stamp(request), own_seat(request, row), int(stars) if known else 0)


def came(request: HttpRequest, row: Course) -> None:
    """Whoever holds the class notes those who have no telephone with them."""
    given = request.POST.get("seat", "")
    key = int(given) if given.isdecimal() and len(given) < 19 else 0
    seat = Attendance.objects.filter(course=row, pk=key).first()
    who = request.who  # type: ignore[attr-defined]
    if seat is None or not queries.keeper_of(who, row.area.path):
        raise Http404
    now = stamp(request)
    actions.came(now, seat, now.at)


PRESSES: dict[str, Callable[[HttpRequest, Course], None]] = {
    "sign_up": sign_up, "sign_off": sign_off, "rate": rate, "came": came,
}  # fmt: skip


def found(request: HttpRequest, id: int) -> Course:
    row = queries.course_for(request.who, id, timezone.localdate())  # type: ignore[attr-defined]
    if row is None:
        raise Http404
    return row


def own_seat(request: HttpRequest, row: Course) -> Attendance:
    seat = Attendance.objects.filter(course=row, person=request.user.pk).first()
    if seat is None:
        raise NotPossible("not_signed", name=row.name)
    return seat


def stamp(request: HttpRequest) -> Stamp:
    return Stamp(me(request), timezone.now())


# ── being there ──────────────────────────────────────────────────────────────────────────────────


@access("person")
@never_cache
@require_http_methods(["GET", "POST"])
def came_in(request: HttpRequest, code: str) -> HttpResponse:
    """What the code at the door opens: one button. One that opens nothing says so, and no more."""
    row = Course.objects.filter(code=code[:24]).select_related("area").first()
    facts: dict[str, Any] = {"title": say("courses.here"), "course": row}
    if request.method != "POST" or row is None:
        facts["wrong"] = "" if row else say("registry.refused.no_course")
        return render(request, "growth/came_in.html", facts, status=200 if row else 404)
    try:
        actions.check_in(stamp(request), row.code, me(request))
    except NotPossible as no:
        return render(request, "growth/came_in.html", facts | {"wrong": why_not(no)}, status=422)
    messages.success(request, say("courses.done.came", name=row.name))
    return redirect("course", id=row.pk)


@access("desk", "secretary")
@never_cache
@require_safe
def course_sheet(request: HttpRequest, id: int) -> HttpResponse:
    """To hang at the door: the code is for those in the room, so only its holder prints it."""
    row = found(request, id)
    if not queries.keeper_of(request.who, row.area.path):  # type: ignore[attr-defined]
        raise Http404
    address = settings.PUBLIC_URL + reverse("came_in", args=[row.code])
    facts = {"title": row.name, "course": row, "code": picture_of(address), "address": address}
    return render(request, "growth/course_sheet.html", facts)


# ── holding one ──────────────────────────────────────────────────────────────────────────────────


class NewCourse(forms.Form):
    """`days`: how many days it runs."""

    name = forms.CharField(max_length=120)
    area = forms.CharField(max_length=20, widget=forms.Select)
    since = forms.DateField(widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    days = forms.IntegerField(min_value=1, max_value=MONTH, initial=1)
    minutes = forms.IntegerField(min_value=1)
    seats = forms.IntegerField(min_value=1)

    def __init__(self, places: list[Area], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = {area.path: area for area in places}
        self.fields["area"].widget.choices = [(a.path, a.name) for a in places]
        for name, field in self.fields.items():
            field.label = say(f"courses.{name}")
            for code in ("required", "invalid"):
                field.error_messages[code] = say("courses.wrong", what=field.label)
        self.fields["minutes"].help_text = say("courses.minutes_is")

    def clean_since(self) -> date:
        """The days of the class are counted from it."""
        found: date = self.cleaned_data["since"]
        if found.year not in YEARS:
            raise forms.ValidationError(say("courses.wrong", what=self.fields["since"].label))
        return found

    def clean_area(self) -> Area:
        if (path := self.cleaned_data["area"]) not in self.places:
            raise forms.ValidationError(say("new.no_place"))
        return self.places[path]


def keeps(request: HttpRequest) -> list[Area]:
    """Where the reader may hold classes."""
    grants = request.who.grants  # type: ignore[attr-defined]
    own = {g.path for g in grants if g.role in queries.KEEPS and not g.unit}
    return list(Area.objects.on(timezone.localdate()).filter(path__in=own).order_by("path"))


@access("desk", "secretary")
@never_cache
@require_http_methods(["GET", "POST"])
def course_new(request: HttpRequest) -> HttpResponse:
    places, today = keeps(request), timezone.localdate()
    sent = request.POST if request.method == "POST" else None
    form = NewCourse(places, sent, initial={"since": today})
    if sent is not None and form.is_valid():
        given = form.cleaned_data
        try:
            row = actions.open_course(
                stamp(request), given["area"], given["name"], given["seats"], given["minutes"],
                given["since"], given["since"] + timedelta(days=given["days"]),
            )  # fmt: skip
        except NotPossible as no:
            form.add_error(None, why_not(no))
        else:
            messages.success(request, say("courses.done.open", name=row.name))
            return HttpResponseRedirect(reverse("course", args=[row.pk]))
    return render(request, "growth/course_new.html", {"form": form, "title": say("courses.new")},
                  status=422 if form.is_bound else 200)  # fmt: skip
