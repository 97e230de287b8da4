"""`/accounts/<key>/vetting`: who may go where a minor or a home is involved, set by whoever keeps
their account."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from lianxin.registry.actions import Stamp, after, unvet, vet
from lianxin.registry.refusal import NotPossible
from lianxin.web.access import access
from lianxin.web.account.accounts import one, shown
from lianxin.web.account.mine import me
from lianxin.web.nav import KEEPERS
from lianxin.web.why_not import why_not
from lianxin.web.words import say


@access(*KEEPERS)
@never_cache
@require_POST
def vetting(request: HttpRequest, key: int) -> HttpResponse:
    """Vetted from today, up to a day if one is given; or no longer."""
    person = one(request, key)
    stamp = Stamp(me(request), timezone.now())
    try:
        if "end" in request.POST:
            unvet(stamp, person, stamp.day)
            done = "ended"
        else:
            vet(stamp, person, stamp.day, end_of(request.POST.get("until", "")))
            done = "done"
    except NotPossible as no:
        said = why_not(no)
        return shown(request, person, said, 422)
    messages.success(request, say(f"vetting.{done}", name=person.name))
    return redirect("account_of", key=person.pk)


def end_of(typed: str) -> date | None:
    """The day after the last one that was typed, None for a field left empty. Raises
    NotPossible("not_a_date")."""
    if not typed.strip():
        return None
    try:
        return after(date.fromisoformat(typed.strip()[:10]))
    except ValueError:
        raise NotPossible("not_a_date", value=typed[:20]) from None
