"""`/hotline`: a hotline's sheet taken in at the desk: checked first, filed whole, taken back."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from lianxin.orders.hotline import WHAT, import_hotline, undo_hotline
from lianxin.registry.actions import Stamp
from lianxin.registry.imports.outcome import Outcome
from lianxin.registry.models import Batch
from lianxin.web import taking
from lianxin.web.access import access
from lianxin.web.posts import reading
from lianxin.web.words import say

DESK = ("desk",)


@access(*DESK)
@never_cache
@require_http_methods(["GET", "POST"])
def hotline(request: HttpRequest) -> HttpResponse:
    read, who = reading(request, DESK), request.who  # type: ignore[attr-defined]

    def take(data: bytes, file_name: str, stamp: Stamp, **how: Any) -> Outcome:
        return import_hotline(data, file_name, who, read.grant, stamp, **how)

    kind = taking.Kind(WHAT, "hotline", say("hotline.title"), back)
    return taking.page(request, read, kind, take)


def back(id: int) -> str:
    return reverse("hotline_undo", args=[id])


@access(*DESK)
@require_POST
def hotline_undo(request: HttpRequest, id: int) -> HttpResponse:
    taking.take_back(request, WHAT, id, undo)
    return HttpResponseRedirect(reverse("hotline"))


def undo(batch: Batch, stamp: Stamp) -> tuple[str, list[str]]:
    undone = undo_hotline(batch, stamp)
    told = {"removed": undone.removed, "kept": len(undone.kept)}
    return say("hotline.undone", **told), undone.kept
