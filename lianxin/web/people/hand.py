"""`/people/grids/<path>`: a grid goes from one worker to another in one step, or gets its first."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lianxin.core.step.who import Grant
from lianxin.growth.queries.successors import holders_of, successors
from lianxin.growth.queries.teams import WORKER
from lianxin.orders.hand_over import HandedOver, hand_over
from lianxin.orders.models import Order
from lianxin.registry.actions import Stamp
from lianxin.registry.actions.hand_over import fill_post
from lianxin.registry.models import Area, Person, Post
from lianxin.registry.refusal import NotPossible
from lianxin.registry.team_rules import team_rule
from lianxin.web.access import access
from lianxin.web.account.accounts import posts_of
from lianxin.web.account.mine import me
from lianxin.web.moments import day
from lianxin.web.people.grids import KEEPS, kept_by, list_of
from lianxin.web.templatetags.speech import foreign
from lianxin.web.why_not import why_not
from lianxin.web.widgets import Cards
from lianxin.web.words import say

ISO = "%Y-%m-%d"
FEW = 5  # numbers of orders that a message names


class Hand(forms.Form):
    """`leaving` of those there (asked where there are several), `who` takes over, `since` when."""

    leaving = forms.ChoiceField(widget=Cards)
    who = forms.ChoiceField(widget=Cards)
    since = forms.DateField(widget=forms.DateInput({"type": "date"}, format=ISO))

    def __init__(self, there: list[Post], people: list[Person], today: date, *args: Any) -> None:
        super().__init__(*args, initial={"since": today})
        told = posts_of(people)
        first = today - timedelta(days=team_rule("hand_over", "back_days"))
        self.fields["leaving"].choices = [(str(p.pk), foreign(p.person.name)) for p in there]
        self.fields["who"].choices = [(str(p.pk), called(p, told.get(p.pk, []))) for p in people]
        self.fields["since"].widget.attrs |= {
            "min": f"{first:%Y-%m-%d}",
            "max": f"{today:%Y-%m-%d}",
        }
        if len(there) < 2:
            del self.fields["leaving"]
        for name, field in self.fields.items():
            field.label = say(f"people.hand.{name}")
            for code in ("required", "invalid", "invalid_choice"):
                field.error_messages[code] = say(f"people.hand.no_{name}")


def called(person: Person, posts: list[str]) -> SafeString:
    """With what they are now, so that two of one name are told apart."""
    return format_html("{} <small>{}</small>", foreign(person.name), posts[0] if posts else "")


@access(*KEEPS)
@never_cache
@require_http_methods(["GET", "POST"])
def hand(request: HttpRequest, path: str) -> HttpResponse:
    today = timezone.localdate()
    area, grant = one(request, path, today)
    words = (request.POST or request.GET).get("q", "").replace("\0", "").strip()[:64]
    there, people = holders_of(area, today), successors(area, grant.path, today, words)
    sent = request.POST if request.method == "POST" else None
    form = Hand(there, people, today, *([sent] if sent is not None else []))
    if sent is not None and form.is_valid():
        try:
            return settled(request, grant, area, there, people, form.cleaned_data)
        except NotPossible as no:
            form.add_error(None, why_not(no))
    return render(request, "people/hand.html", {
        "area": area, "there": there, "form": form, "people": people, "q": words,
        "back": list_of(request, grant, area.path),
    }, status=422 if form.is_bound else 200)  # fmt: skip


def one(request: HttpRequest, path: str, on: date) -> tuple[Area, Grant]:
    """A grid in use for which the reader answers; any other is not there."""
    area = Area.objects.on(on).filter(path=path, kind_id="grid").first()
    grant = kept_by(request, path) if area else None
    if area is None or grant is None:
        raise Http404
    return area, grant


def settled(
    request: HttpRequest, grant: Grant, area: Area, there: list[Post], people: list[Person],
    given: dict[str, Any],
) -> HttpResponse:  # fmt: skip
    who = next(p for p in people if str(p.pk) == given["who"])
    stamp, on = Stamp(me(request), timezone.now()), given["since"]
    said = {"place": area.name, "name": who.name}
    if not there:
        fill_post(stamp, area, WORKER, who, on)
    else:
        leaving = next((p for p in there if str(p.pk) == given.get("leaving")), there[0])
        by = request.who.by((grant,))  # type: ignore[attr-defined]
        told(request, hand_over(stamp, leaving, who, on, by), who.name)
    messages.success(request, say("people.hand.done", on=day(on), **said))
    return HttpResponseRedirect(list_of(request, grant, area.path))


def told(request: HttpRequest, done: HandedOver, name: str) -> None:
    """What became of the open orders: of those that stay, which somebody has to see to, as far as
    the reader may know of them."""
    if done.went:
        messages.success(request, say("people.hand.went", n=len(done.went), name=name))
    if done.stayed:
        n, mine = len(done.stayed), Order.objects.visible_to(request.who)  # type: ignore[attr-defined]
        seen = mine.filter(number__in=done.stayed).order_by("pk").values_list("number", flat=True)
        numbers = "、".join(seen[:FEW]) + ("…" if n > FEW else "")
        messages.warning(request, say("people.hand.stayed", n=n, numbers=numbers, name=name))
