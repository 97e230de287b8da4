"""`/check-in`: where a member has checked in, from which unit, what they took on, their hours."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from lianxin.core.place import path as paths
from lianxin.orders import certificates
from lianxin.registry import tasks as table
from lianxin.registry.actions import Stamp
from lianxin.registry.actions import check_ins as acts
from lianxin.registry.models import Area, CheckIn, Person, Post, Task
from lianxin.registry.queries import check_ins as queries
from lianxin.registry.refusal import NotPossible
from lianxin.web.access import access
from lianxin.web.account.mine import me
from lianxin.web.check_in.asking import Where
from lianxin.web.member.pool import served
from lianxin.web.why_not import why_not
from lianxin.web.words import say

OWN_ROLES = ("member", "clerk")


@access("person")
@never_cache
@require_http_methods(["GET", "POST"])
def mine(request: HttpRequest) -> HttpResponse:
    """Whoever has not checked in finds the form."""
    person, today = me(request), timezone.localdate()
    row = queries.own(person.pk)
    if request.method != "POST":
        form = None if row else Where(today, initial=guess(person))
        return page(request, person, row, form)
    if row is not None:
        again = NotPossible("checked_in_already", name=row.area.name, since=row.since)
        return page(request, person, row, None, why_not(again), 422)
    form = Where(today, request.POST)
    if form.is_valid():
        try:
            acts.check_in(stamp_of(request, person), person, form.found["unit"], form.found["home"])
        except NotPossible as no:
            return page(request, person, row, form, why_not(no), 422)
        messages.success(request, say("check_in.began", unit=form.found["unit"].name))
        return redirect("check_in")
    return page(request, person, row, form, code=422)


@access("person")
@never_cache
@require_http_methods(["GET", "POST"])
def move(request: HttpRequest) -> HttpResponse:
    """To another place, or to another unit."""
    person, today = me(request), timezone.localdate()
    row = queries.own(person.pk)
    if row is None:
        return redirect("check_in")
    begun = {"unit_said": row.unit.name, "home_said": row.area.name}
    form = Where(today, request.POST) if request.method == "POST" else Where(today, initial=begun)
    problem = ""
    if form.is_bound and form.is_valid():
        try:
            acts.move(stamp_of(request, person), row, form.found["unit"], form.found["home"])
        except NotPossible as no:
            problem = why_not(no)
        else:
            same = form.found["unit"].pk == row.unit_id
            messages.success(request, say("check_in.moved" if same else "check_in.moved_unit"))
            return redirect("check_in")
    facts = {"form": form, "row": row, "problem": problem}
    return render(request, "check_in/move.html", facts, status=422 if form.is_bound else 200)


@access("person")
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    return pressed(request, "left", lambda stamp, row: acts.leave(stamp, row))


@access("person")
@require_POST
def tasks(request: HttpRequest) -> HttpResponse:
    """`take`: a kind of task; `drop`: the key of one."""
    if kind := request.POST.get("take", ""):
        return pressed(request, "taken", lambda stamp, row: acts.take_task(stamp, row, kind))
    given = request.POST.get("drop", "")
    key = int(given) if given.isdecimal() and len(given) < 19 else 0

    def drop(stamp: Stamp, row: CheckIn) -> None:
        task = Task.objects.filter(pk=key, check_in=row).select_related("check_in").first()
        if task is None:
            raise NotPossible("no_task", task=given[:20])
        acts.drop_task(stamp, task)

    return pressed(request, "dropped", drop)


def pressed(request: HttpRequest, done: str, press: Any) -> HttpResponse:
    """One press about one's own check-in, and back to it."""
    person = me(request)
    row = queries.own(person.pk)
    if row is None:
        messages.info(request, say("check_in.none_now"))
        return redirect("check_in")
    try:
        press(stamp_of(request, person), row)
    except NotPossible as no:
        return page(request, person, queries.own(person.pk), None, why_not(no), 422)
    messages.success(request, say(f"check_in.{done}"))
    return redirect("check_in")


def page(
    request: HttpRequest, person: Person, row: CheckIn | None, form: Where | None,
    problem: str = "", code: int = 200,
) -> HttpResponse:  # fmt: skip
    today = timezone.localdate()
    held = queries.tasks_of(row) if row else []
    return render(request, "check_in/mine.html", {
        "row": row, "form": form, "problem": problem, "state": state_of(row),
        "tasks": [(task.pk, table.task_words(task.kind), task.since) for task in held],
        "offered": [(k, table.task_words(k)) for k in table.offered(t.kind for t in held)],
        "before": queries.before(person.pk), "hours": served(person.pk, today),
        "years": list(certificates.years(person.pk)),
    }, status=code)  # fmt: skip


def state_of(row: CheckIn | None) -> tuple[str, str] | None:
    """(colour, word) of a check-in, None where there is none."""
    if row is None:
        return None
    if row.until is not None:
        return "stopped", say("check_in.state.declined" if row.reason else "check_in.state.over")
    return ("done", say("check_in.state.confirmed")) if row.confirmed else (
        "waiting", say("check_in.state.waiting"),
    )  # fmt: skip


def guess(person: Person) -> dict[str, str]:
    """What is known already of whoever fills in the form: their post's unit, where they live."""
    today = timezone.localdate()
    held = Post.objects.on(today).filter(person=person, role__in=OWN_ROLES, unit__isnull=False)
    post = held.select_related("unit").order_by("pk").first()
    home = paths.cut(person.home.path, "community") if person.home else None
    area = Area.objects.on(today).filter(path=home).first() if home else None
    found = {"unit_said": post and post.unit.name, "home_said": area and area.name}
    return {name: said for name, said in found.items() if said}


def stamp_of(request: HttpRequest, person: Person) -> Stamp:
    return Stamp(person, timezone.now())
