"""`/careers/new`: a community worker more, with post and contract; whom they may be already is said
before a second row is made of one person."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lianxin.core.step.refused import Refused
from lianxin.core.step.who import Grant
from lianxin.growth.actions import shown
from lianxin.growth.actions.careers import write
from lianxin.growth.actions.particulars import day_of, set_particulars
from lianxin.growth.actions.workers import may_begin
from lianxin.growth.imports.cells import people_of
from lianxin.growth.models import Fact
from lianxin.growth.queries.workers import KEEPS, LOWEST, alike
from lianxin.registry.actions import Stamp, add_person, after
from lianxin.registry.models import Area, Person
from lianxin.registry.refusal import NotPossible
from lianxin.web.access import access
from lianxin.web.api.pace import Pace
from lianxin.web.careers.forms import Worker
from lianxin.web.careers.writing import stamp
from lianxin.web.posts import held
from lianxin.web.why_not import why_not
from lianxin.web.words import say

# Whoever asks for one name and day after another would learn when somebody was born.
asked = Pace("alike", most=60, per_s=600)


@access(*KEEPS)
@never_cache
@require_http_methods(["GET", "POST"])
def worker(request: HttpRequest) -> HttpResponse:
    grants = held(request, KEEPS, LOWEST)
    sent = request.POST if request.method == "POST" else None
    form = Worker(grants, "sure" in (sent or {}) or "warned" in (sent or {}), sent)
    like: list[Person] = []
    if sent is not None and form.is_valid():
        try:
            if form.cleaned_data["born"]:
                asked.keep(request)
            like = same_people(form.cleaned_data, stamp(request))
            if not like:
                person = taken_in(stamp(request), form, grants)
                messages.success(request, say("career.worker.done", name=person.name))
                return redirect("career_of", key=person.pk)
            form = Worker(grants, True, sent)
        except NotPossible as no:
            form.add_error(None, why_not(no))
        except Refused as no:
            wait = -(-int(no.facts["wait"]) // 60)
            form.add_error(None, say("career.worker.slow", n=wait))
    facts = {"form": form, "alike": like}
    return render(request, "careers/new.html", facts, status=422 if form.is_bound else 200)


def same_people(given: dict[str, Any], by: Stamp) -> list[Person]:
    """Those of the same name and birthday, unless they were seen and it is somebody else, or the
    row meant is named."""
    if given.get("sure") or given["username"].strip():
        return []
    return alike(given["name"], day_of(given["born"].strip(), by.day))


@transaction.atomic
def taken_in(by: Stamp, form: Worker, grants: Sequence[Grant]) -> Person:
    """Person, birth, service and post, or nothing. Refuses: no_such_user, name_differs, born_known,
    not_kept, and as `write`."""
    given, paths = form.cleaned_data, [grant.path for grant in grants]
    born, since, last = day_of(given["born"].strip(), by.day), given["since"], given["until"]
    person = known(given["name"].strip(), given["username"].strip(), born, paths)
    if person is not None:
        may_begin(by, person, paths, since)
    person = person or add_person(by, given["name"])
    was = shown.of(person).born if born else ""
    if was not in ("", born):
        raise NotPossible("born_known", name=person.name)
    if born and not was:
        set_particulars(by, person, born)
    area = Area.objects.get(pk=int(given["area"]))
    write(
        by, person,
        Fact(kind="worked", area=area, since=since, until=after(last) if last else None),
        Fact(kind="post", name=given["post"], since=since),
    )  # fmt: skip
    return person


def known(name: str, username: str, born: str, paths: Sequence[str]) -> Person | None:
    """Of one's own place, as for a sheet; whoever comes from elsewhere is known by their birthday
    too. Refuses: no_such_user, name_differs."""
    if not username:
        return None
    person = Person.objects.filter(username=username, is_active=True).first()
    here = person and any(people_of(path).filter(pk=person.pk).exists() for path in paths)
    if person is None or not (here or (born and shown.of(person).born == born)):
        raise NotPossible("no_such_user", username=username)
    if person.name != name:
        raise NotPossible("name_differs", username=username)
    return person
