"""`/accounts/<key>/same`: two rows of one person become one, and two again where that was wrong."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lianxin.registry.actions import Stamp
from lianxin.registry.actions.merging import merge, part
from lianxin.registry.models import Person
from lianxin.registry.refusal import NotPossible
from lianxin.web.access import access
from lianxin.web.account.accounts import mine, one, posts_of
from lianxin.web.account.mine import me
from lianxin.web.nav import KEEPERS
from lianxin.web.why_not import why_not
from lianxin.web.words import say


@access(*KEEPERS)
@never_cache
@require_http_methods(["GET", "POST"])
def same(request: HttpRequest, key: int) -> HttpResponse:
    """The row that goes is the one of the address; the one that stays is named, and must be the
    reader's to keep as well."""
    lost, problem = found(request, key), ""
    typed = request.POST.get("username", "").replace("\0", "").strip()[:64]
    if request.method == "POST":
        try:
            return pressed(request, lost, typed)
        except NotPossible as no:
            problem = why_not(no)
    facts = {
        "person": lost, "posts": posts_of([lost]).get(lost.pk, []), "typed": typed,
        "stays": lost.became, "problem": problem,
    }  # fmt: skip
    return render(request, "accounts/same.html", facts, status=422 if problem else 200)


def found(request: HttpRequest, key: int) -> Person:
    """One of the reader's own to keep; who went over has no posts any more, and is theirs by the
    row that stays."""
    row = Person.objects.filter(pk=key).select_related("became").first()
    if row and row.became and mine(request).filter(pk=row.became_id).exists():
        return row
    return one(request, key)


def pressed(request: HttpRequest, lost: Person, typed: str) -> HttpResponse:
    stamp = Stamp(me(request), timezone.now())
    if request.POST.get("do") == "part":
        part(stamp, lost)
        messages.success(request, say("own_data.merge.parted", name=lost.name))
        return redirect("account_of", key=lost.pk)
    stays = mine(request).filter(username=typed).first()
    if stays is None:
        raise NotPossible("no_such_user", username=typed)
    merge(stamp, lost, stays)
    messages.success(request, say("own_data.merge.done", name=stays.name, username=stays.username))
    return redirect("account_same", key=lost.pk)
