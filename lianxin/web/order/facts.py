"""The facts beside the story of an order: place, parties, answers, other orders it belongs with."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from lianxin.orders.book import book
from lianxin.orders.models import Order
from lianxin.orders.queries.lists import openly
from lianxin.orders.queries.story import KERNEL_WORDS, may_read
from lianxin.orders.wished import NAMES, wish_of
from lianxin.web.asking.wishes import told
from lianxin.web.headline import headline
from lianxin.web.order import reckoning
from lianxin.web.order.seen import Seen
from lianxin.web.order.telling import joined, many, readable
from lianxin.web.templatetags.speech import foreign
from lianxin.web.words import say, speak

BR = mark_safe("<br>")
STREET = 9  # digits of a street's path: above it, everybody knows where they are
Fact = tuple[str, Any]  # its name and what it is


def facts(seen: Seen) -> list[Fact]:
    found = [("flow", speak(seen.page.words)), ("place", _place(seen))]
    rows: list[Fact] = [(say(f"orders.facts.{name}"), value) for name, value in found if value]
    parties = ((p.words, seen.party(name)) for name, p in seen.page.parties.items())
    rows += [(speak(words), who) for words, who in parties if who]
    rows += _answers(seen)
    if suits := told(wish_of(seen.order.fields)):
        rows.append((say("wishes.title"), suits))
    if seen.order.state and seen.sheet.family.two_go(seen.order):
        rows.append((say("vetting.who"), say("vetting.pair")))
    rows += _links(seen)
    filed = reckoning.moment(seen.row.filed, this_year=seen.now.year)
    rows.append((say("orders.facts.filed"), filed))
    if seen.order.round > 1:
        rows.append((say("orders.facts.round"), str(seen.order.round)))
    return rows


def _place(seen: Seen) -> SafeString:
    places = seen.places
    names = [a.name for a in places if len(a.path) >= STREET or a == places[-1]]
    return joined([foreign(n) for n in dict.fromkeys(names)], "orders.facts.sep")


def _answers(seen: Seen) -> Iterable[Fact]:
    """What stands with the order and may be read by these eyes: category, severity, seats, …"""
    for name, about in seen.page.fields.items():
        value, elsewhere = seen.order.fields.get(name), about.type in ("place", "order")
        if value is None or elsewhere or name in NAMES or not may_read(about, seen.telling.closed):
            continue
        named = seen.telling.names.readable(about, value)
        shown = [readable(about.type, one, seen.numbers) for one in many(named)]
        yield speak(about.words), joined(shown, "orders.story.list")


def _links(seen: Seen) -> Iterable[Fact]:
    relatives, children = seen.relatives, seen.children
    kinds = {"parent": [o for o in relatives if o.pk == seen.row.parent_id]}
    kinds["papers"] = [o for o in children if o.kind == "paper"]
    kinds["children"] = [o for o in children if o.kind == "case"]
    known = {o.pk for group in kinds.values() for o in group}
    kinds["named"] = [o for o in relatives if o.pk not in known]
    for name, group in kinds.items():
        if group:
            rows = format_html_join(BR, "{}", ((link(o),) for o in group))
            yield say(f"orders.facts.{name}"), rows


def words_of(order: Order) -> str:
    """How another order begins, where everybody who sees it may read that."""
    page = book().exact(order.flow, order.since)
    return headline(openly(page, order.said))  # type: ignore[attr-defined]


def link(order: Order) -> SafeString:
    """Number, kind and state of another order."""
    page = book().exact(order.flow, order.since)
    state = page.states.get(order.state)
    return format_html(
        '<a href="{}">{}</a> <small>{} · {}</small>',
        reverse("order", args=[order.number]), order.number, speak(page.words),
        speak(state.words) if state else speak(KERNEL_WORDS["void"]),
    )  # fmt: skip
