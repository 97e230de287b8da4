"""`/careers/proposals`: whose reckoned grade has passed the one on paper, recorded in one press."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lianxin.core.step.who import Grant
from lianxin.growth.actions.proposals import record, take_back
from lianxin.growth.queries import proposals as asked
from lianxin.growth.queries.careers import stale
from lianxin.growth.queries.workers import KEEPS, LOWEST
from lianxin.registry.actions import Stamp
from lianxin.registry.refusal import NotPossible
from lianxin.web.access import access
from lianxin.web.account.mine import me
from lianxin.web.posts import Reading, reading
from lianxin.web.why_not import why_not
from lianxin.web.words import say

AT_ONCE = 200


@access(*KEEPS)
@never_cache
@require_http_methods(["GET", "POST"])
def proposals(request: HttpRequest) -> HttpResponse:
    read, problem = reading(request, KEEPS, LOWEST), ""
    if request.method == "POST":
        try:
            return pressed(request, read)
        except NotPossible as no:
            problem = why_not(no)
    day = timezone.localdate()
    rows = list(asked.proposals([read.grant], day)[: AT_ONCE + 1])
    who = request.who.id  # type: ignore[attr-defined]
    return render(request, "careers/proposals.html", {
        **read.facts, "rows": [row(spell, day, who) for spell in rows[:AT_ONCE]],
        "more": len(rows) > AT_ONCE, "most": AT_ONCE, "problem": problem, "today": day,
        "papers": asked.papers([read.grant], day), "number": request.POST.get("number", ""),
        "chosen": set(request.POST.getlist("p")),
    }, status=422 if problem else 200)  # fmt: skip


def row(spell: Any, day: Any, who: str) -> dict[str, Any]:
    """One's own grade is recorded by somebody else."""
    return {
        "person": spell.person, "area": spell.area.name, "grade": spell.grade, "paper": spell.paper,
        "value": f"{spell.person_id}:{spell.grade}", "own": str(spell.person_id) == who,
        "stale": stale(spell.reckoned, spell.next_on, day),
    }  # fmt: skip


def pressed(request: HttpRequest, read: Reading) -> HttpResponse:
    """Records what was ticked, or takes one paper back. Refuses: not_kept, and as the actions."""
    stamp = Stamp(me(request), timezone.now())
    number = request.POST.get("number", "").replace("\0", "").strip()
    since = day_of(request.POST.get("since", "")) or stamp.day
    if request.POST.get("do") == "back":
        found = [p for p in asked.papers([read.grant], stamp.day)
                 if (p.number, p.since) == (number, since)]  # fmt: skip
        people = [person for paper in found for person in paper.people]
        n = take_back(stamp, number, since, people)
        messages.success(request, say("career.proposals.back_done", n=n))
    else:
        made = record(stamp, shown(request, read.grant), number, since)
        messages.success(request, say("career.proposals.done", n=len(made)))
    return redirect(f"{reverse('career_proposals')}?as={read.at}")


def day_of(typed: str) -> date | None:
    """Refuses: not_a_date."""
    try:
        return date.fromisoformat(typed.strip()[:10]) if typed.strip() else None
    except ValueError:
        raise NotPossible("not_a_date", value=typed[:20]) from None


def shown(request: HttpRequest, grant: Grant) -> dict[int, int]:
    """Person → grade of each line that was ticked. Refuses: not_kept, for whoever is no line of
    this reader's."""
    ticked = [value.partition(":") for value in request.POST.getlist("p")[:AT_ONCE]]
    if not all(p.isdecimal() and g.isdecimal() and len(p + g) < 20 for p, _, g in ticked):
        raise NotPossible("not_kept")
    found = {int(person): int(grade) for person, _, grade in ticked}
    rows = asked.proposals([grant], timezone.localdate()).filter(person__in=list(found))
    if set(rows.values_list("person_id", flat=True)) != set(found):
        raise NotPossible("not_kept")
    return found
