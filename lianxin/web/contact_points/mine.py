"""`/contact-points/mine`: a leader's own places on the phone, and the visit logged in two taps."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from lianxin.core.step.refused import Refused
from lianxin.orders.book import book
from lianxin.orders.refusal import sentence, status
from lianxin.orders.visits import FLOW, came, taken_away
from lianxin.registry.actions import Stamp
from lianxin.registry.actions.contact_points import LONGEST
from lianxin.registry.models import Area, ContactPoint, Visit
from lianxin.registry.queries.contact_points import Tie, last_words, own_points, who_works
from lianxin.registry.refusal import NotPossible
from lianxin.web.access import access
from lianxin.web.account.mine import me
from lianxin.web.why_not import why_not
from lianxin.web.words import say, tongue

ORDER = "order"  # the second button: logged and filed at once


@access("person")
@never_cache
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    return shown(request)


def shown(request: HttpRequest, wrong: dict[int, dict[str, str]] | None = None, code: int = 200
          ) -> HttpResponse:  # fmt: skip
    """`wrong`: contact point → what was typed, and why it was not taken."""
    today = timezone.localdate()
    ties = own_points(request.who, today)  # type: ignore[attr-defined]
    works, last = who_works(ties, today), last_words(ties)
    phones = dict(Area.objects.filter(path__in=[t.path for t in ties], until=None)
                  .values_list("path", "phone"))  # fmt: skip
    return render(request, "contact_points/mine.html", {
        "cards": [
            card(tie, works[tie.path], phones.get(tie.path, ""), last.get(tie.key),
                 (wrong or {}).get(tie.key, {}))
            for tie in ties
        ],
        "today": today, "longest": LONGEST,
    }, status=code)  # fmt: skip


def card(
    tie: Tie, works: list[tuple[str, str]], phone: str, last: Any, typed: dict[str, str]
) -> dict[str, Any]:
    return {
        "tie": tie, "kind": say(f"graph.kind.{tie.kind}"), "phone": phone, "typed": typed,
        "works": [(role_words(role), name) for role, name in works],
        "said": last.text if last else "", "visit": last,
    }  # fmt: skip


def role_words(role: str) -> Any:
    return book().roles[role].words


@access("person")
@never_cache
@require_POST
def visit(request: HttpRequest, key: int) -> HttpResponse:
    """Log a visit to one's own contact point; what was taken away becomes an order if asked."""
    who = request.who  # type: ignore[attr-defined]
    points = ContactPoint.objects.visible_to(who).filter(person=int(who.id))
    point = points.select_related("area").filter(pk=key).first()
    if point is None:
        raise Http404
    typed = {name: request.POST.get(name, "").replace("\0", "") for name in ("on", "text")}
    order = request.POST.get("do") == ORDER
    try:
        if order and not typed["text"].strip():
            return again(request, key, typed, say("contact_points.mine.no_text"), 422)
        stamp = Stamp(me(request), timezone.now())
        done = came(stamp, point, day_of(typed["on"], stamp.day), typed["text"], who, order=order)
    except NotPossible as no:
        return again(request, key, typed, why_not(no), 422)
    except Refused as no:
        page = book().page(FLOW, timezone.localdate())
        return again(request, key, typed, sentence(no, tongue(), page), status(no))
    said = {"area": point.area.name} | ({"number": done.number} if done.number else {})
    messages.success(request, say(f"contact_points.mine.{'filed' if order else 'done'}", **said))
    return redirect("contact_mine")


@access("person")
@never_cache
@require_POST
def visit_order(request: HttpRequest, key: int) -> HttpResponse:
    """What was taken away from the last visit becomes an order after all."""
    who = request.who  # type: ignore[attr-defined]
    mine = ContactPoint.objects.visible_to(who).filter(person=int(who.id))
    row = Visit.objects.filter(pk=key, contact_point__in=mine)
    found = row.select_related("contact_point__area").first()
    if found is None:
        raise Http404
    try:
        number = taken_away(Stamp(me(request), timezone.now()), found, who)
    except NotPossible as no:
        messages.error(request, why_not(no))
    except Refused as no:
        page = book().page(FLOW, timezone.localdate())
        messages.error(request, sentence(no, tongue(), page))
    else:
        said = {"area": found.contact_point.area.name, "number": number}
        messages.success(request, say("contact_points.mine.filed", **said))
    return redirect("contact_mine")


def day_of(typed: str, today: date) -> date:
    """Today where nothing was typed. Raises NotPossible("not_a_date")."""
    if not typed.strip():
        return today
    try:
        return date.fromisoformat(typed.strip()[:10])
    except ValueError:
        raise NotPossible("not_a_date", value=typed[:20]) from None


def again(
    request: HttpRequest, key: int, typed: dict[str, str], why: str, code: int
) -> HttpResponse:
    """The page as it was, with what was typed and why it was not taken."""
    return shown(request, {key: {**typed, "why": why}}, code)
