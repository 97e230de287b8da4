"""`/corrections`: what people asked to have put right about themselves, and the answers."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from lianxin.growth.actions.own_data import answer
from lianxin.growth.models import Correction
from lianxin.growth.queries.workers import kept, spells
from lianxin.registry.actions import Stamp
from lianxin.registry.refusal import NotPossible
from lianxin.web.access import access
from lianxin.web.account.accounts import mine
from lianxin.web.account.mine import me
from lianxin.web.nav import KEEPERS
from lianxin.web.why_not import why_not
from lianxin.web.words import say

AT_ONCE = 50


def theirs(request: HttpRequest) -> QuerySet[Correction]:
    """Of people whose account or career the reader keeps; never one's own."""
    held, day = request.who.grants, timezone.localdate()  # type: ignore[attr-defined]
    own = Q(person__in=mine(request).values("pk"))
    if keeping := kept(held):
        own |= Q(person__in=spells(keeping, day).values("person"))
    return Correction.objects.filter(own).exclude(person=request.user.pk).select_related("person")


@access(*KEEPERS)
@never_cache
@require_safe
def corrections(request: HttpRequest) -> HttpResponse:
    return page(request)


def page(request: HttpRequest, problem: str = "", asked: int = 0, text: str = "") -> HttpResponse:
    found = theirs(request)
    waiting = found.filter(answered=None).order_by("at", "pk")[:AT_ONCE]
    done = found.exclude(answered=None).select_related("by").order_by("-answered", "-pk")[:AT_ONCE]
    return render(request, "own_data/corrections.html", {
        "waiting": waiting, "done": done, "problem": problem, "asked": asked, "text": text,
    }, status=422 if problem else 200)  # fmt: skip


@access(*KEEPERS)
@require_POST
def answered(request: HttpRequest, key: int) -> HttpResponse:
    row = theirs(request).filter(pk=key).first()
    if row is None:
        raise Http404
    text = request.POST.get("text", "").replace("\0", "")
    try:
        answer(Stamp(me(request), timezone.now()), row, text)
    except NotPossible as no:
        return page(request, why_not(no), key, text)
    messages.success(request, say("own_data.corrections.done", name=row.person.name))
    return redirect("corrections")
