"""`/jot`: what a grid worker hears on the round, kept in ten seconds, sent when it can be."""

from __future__ import annotations

import base64
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lianxin.orders.book import book
from lianxin.orders.heard import BACK
from lianxin.orders.photos import LONGEST_SIDE
from lianxin.registry.models import Area
from lianxin.web.access import access
from lianxin.web.desk.new import FLOW
from lianxin.web.forms.uploads import MOST as PHOTOS
from lianxin.web.forms.widgets import widget
from lianxin.web.words import rows, say

WORKER = "grid_worker"
DOORS = ("log", "file_for")  # solved on the spot, or passed on
MOST = 60  # grids of one worker's choice


@access(WORKER)
@never_cache
@require_safe
def jot(request: HttpRequest) -> HttpResponse:
    """One screen, the same for all who speak one language: whose it is the phone knows itself, so
    that the kept page tells nothing about anybody."""
    page = book().page(FLOW, timezone.localdate())
    return render(request, "jot/jot.html", {
        "doors": [(name, say(f"jot.door.{name}")) for name in DOORS], "plain": True,
        "kinds": widget(page.field("category")).choices,
        "words": script_words(), "days": BACK.days, "photos": PHOTOS, "side": LONGEST_SIDE,
    })  # fmt: skip


@access("anyone")
@never_cache
@require_safe
def me(request: HttpRequest) -> HttpResponse:
    """Whom the phone belongs to at this moment: `id` "" for nobody. `csrf` goes with this sign-in
    and no other; `seal` closes what this person writes, and is given to nobody else."""
    who = request.who  # type: ignore[attr-defined]
    now = timezone.now().isoformat()
    if not who.id:
        return JsonResponse({"id": "", "now": now})
    return JsonResponse({
        "id": who.id, "name": request.user.name or request.user.username, "now": now,
        "csrf": get_token(request), "seal": seal(who.id), "places": places(who),
    })  # fmt: skip


def seal(person: str) -> str:
    """256 bits of this house for one person, always the same ones: what was closed on a phone weeks
    ago opens when they sign in again."""
    digest = salted_hmac("lianxin.jot", person, algorithm="sha256").digest()
    return base64.b64encode(digest).decode()


def places(who: Any) -> list[dict[str, Any]]:
    """The grids that one works in, those of one's own post before those one stands in for."""
    held = sorted((g for g in who.grants if g.role == WORKER), key=lambda g: g.behalf is not None)
    paths = [g.path for g in held]
    if not paths:
        return []
    found = Area.objects.on(timezone.localdate()).under(*paths).filter(kind="grid").order_by("path")
    whose = sorted(found[:MOST], key=lambda a: next(
        n for n, path in enumerate(paths) if a.path.startswith(path)
    ))  # fmt: skip
    return [{"id": area.pk, "name": area.name} for area in whose]


def script_words() -> dict[str, str]:
    """The sentences that the phone fills in itself: `words/jot.toml`, table `phone`."""
    mine = [key for key in rows() if key.startswith("jot.phone.")]
    blank = dict.fromkeys(("n", "at", "number", "name", "what", "s"), "")
    facts = {name: "{" + name + "}" for name in blank}
    return {key.removeprefix("jot.phone."): say(key, **facts) for key in mine}
