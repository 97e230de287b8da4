"""`/rolls/<name>/sheet`: a sheet taken in for one's own place: checked first, taken back whole."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from lianxin.registry.actions import Stamp
from lianxin.registry.imports import import_sheet, undo_batch
from lianxin.registry.imports.outcome import Outcome
from lianxin.registry.models import Batch
from lianxin.registry.rolls import Roll
from lianxin.web import taking
from lianxin.web.access import access
from lianxin.web.posts import reading
from lianxin.web.rolls.opened import columns, keepers, named, takes, title
from lianxin.web.words import say, speak

MOST = 5000  # rows of one sheet at a page; more are for the terminal


@access(*keepers())
@never_cache
@require_http_methods(["GET", "POST"])
def roll_take(request: HttpRequest, name: str) -> HttpResponse:
    """Nothing outside the place of the post is read or written; of a unit's, nothing of another
    unit, which its taker sees to."""
    roll = kept(name)
    read = reading(request, roll.keeps, roll.lowest)
    within = read.path if read.path[:1].isalnum() else ""
    if not within and not read.grant.unit:
        raise PermissionDenied

    def take(data: bytes, file_name: str, stamp: Stamp, **how: Any) -> Outcome:
        return import_sheet(name, data, file_name, stamp, within=within, most=MOST, **how)

    return taking.page(request, read, kind_of(roll), take)


@access(*keepers())
@require_POST
def roll_undo(request: HttpRequest, name: str, id: int) -> HttpResponse:
    roll = kept(name)
    reading(request, roll.keeps, roll.lowest)  # whoever keeps it no more takes nothing back
    taking.take_back(request, name, id, undo)
    return HttpResponseRedirect(reverse("roll_take", args=[name]))


def kept(name: str) -> Roll:
    """Raises Http404 for a roll that nobody takes in at a page."""
    roll = named(name)
    if not takes(roll):
        raise Http404
    return roll


def kind_of(roll: Roll) -> taking.Kind:
    wanted = [speak(c.words) for c in columns(roll) if c.required]
    known = [speak(c.words) for c in columns(roll) if not c.required]
    comma = say("orders.story.list")
    return taking.Kind(
        roll.name, "rolls.sheet", say("rolls.sheet.title", roll=title(roll)),
        lambda id: reverse("roll_undo", args=[roll.name, id]),
        {
            "up": reverse("roll", args=[roll.name]), "up_words": title(roll),
            "form": f"{reverse('roll_sheet', args=[roll.name])}?empty=1",
            "has": comma.join(wanted + known),
        },
    )  # fmt: skip


def undo(batch: Batch, stamp: Stamp) -> tuple[str, list[str]]:
    undone = undo_batch(batch, stamp)
    told = {"removed": undone.removed, "restored": undone.restored, "kept": undone.left}
    return say("rolls.sheet.undone", **told), [row.name for row in undone.kept]
