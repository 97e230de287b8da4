"""`/careers/new`: a community worker more, with post and contract; whom they may be already is said
before a second row is made of one person."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lianxin.growth.actions.careers import write
from lianxin.growth.actions.particulars import day_of, set_particulars
from lianxin.growth.models import Fact
from lianxin.growth.queries.workers import KEEPS, alike
from lianxin.registry.actions import Stamp, add_person, after
from lianxin.registry.models import Area, Person
from lianxin.registry.refusal import NotPossible
from lianxin.web.access import access
from lianxin.web.careers.forms import Worker
from lianxin.web.careers.writing import stamp
from lianxin.web.why_not import why_not
from lianxin.web.words import say


@access(*KEEPS)
@never_cache
@require_http_methods(["GET", "POST"])
def worker(request: HttpRequest) -> HttpResponse:
    grants = request.who.grants  # type: ignore[attr-defined]
    sent = request.POST if request.method == "POST" else None
    form = Worker(grants, "sure" in (sent or {}) or "warned" in (sent or {}), sent)
    like: list[Person] = []
    if sent is not None and form.is_valid():
        try:
            like = same_people(form.cleaned_data, stamp(request))
            if not like:
                person = taken_in(stamp(request), form)
                messages.success(request, say("career.worker.done", name=person.name))
                return redirect("career_of", key=person.pk)
            form = Worker(grants, True, sent)
        except NotPossible as no:
            form.add_error(None, why_not(no))
    facts = {"form": form, "alike": like}
    return render(request, "careers/new.html", facts, status=422 if form.is_bound else 200)


def same_people(given: dict[str, Any], by: Stamp) -> list[Person]:
    """Those of the same name and birthday, unless they were seen and it is somebody else, or the
    row meant is named."""
    if given.get("sure") or given["username"].strip():
        return []
    return alike(given["name"], day_of(given["born"].strip(), by.day))


@transaction.atomic
def taken_in(by: Stamp, form: Worker) -> Person:
    """Person, birth, service and post, or nothing. Refuses: no_such_user, name_differs."""
    given = form.cleaned_data
    person = known(given["name"].strip(), given["username"].strip())
    person = person or add_person(by, given["name"])
    if given["born"]:
        set_particulars(by, person, given["born"])
    since, last = given["since"], given["until"]
    area = Area.objects.get(pk=int(given["area"]))
    write(
        by, person,
        Fact(kind="worked", area=area, since=since, until=after(last) if last else None),
        Fact(kind="post", name=given["post"], since=since),
    )  # fmt: skip
    return person


def known(name: str, username: str) -> Person | None:
    if not username:
        return None
    person = Person.objects.filter(username=username, is_active=True).first()
    if person is None:
        raise NotPossible("no_such_user", username=username)
    if person.name != name:
        raise NotPossible("name_differs", username=username)
    return person
