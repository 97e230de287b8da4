"""A notice in the words of its reader, made when it is read or sent: of the order as it is then.

Nothing stands in it but what everybody who sees the order sees: its number, the step, the state,
until when, and what is asked next. No name, no phone, no place, no word that anybody wrote.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from lianxin.core.flow.page import Page, To, Words
from lianxin.core.step.order import Order as Kernel
from lianxin.core.step.seen import askers
from lianxin.orders.book import book, calendar
from lianxin.orders.models import Event, Notice, Order
from lianxin.orders.notices.followed import for_follower
from lianxin.orders.notices.readers import FOLLOW, turn
from lianxin.orders.notices.rules import rules
from lianxin.orders.queries.story import KERNEL_WORDS
from lianxin.orders.rows import COLUMNS, order_in

VOID = Words("作废", "Void")
MOST_STEPS = 2  # that are named as what is asked next


@dataclass(frozen=True, slots=True)
class Facts:
    """What a sentence is made of: the notice, its order as it is now, the event it tells of."""

    notice: Notice
    number: str
    order: Kernel
    due: datetime | None
    event: Event | None

    @property
    def page(self) -> Page:
        return book().exact(self.order.flow, self.order.since)

    @property
    def fresh(self) -> bool:
        """Whether nothing has moved since the event."""
        return self.event is not None and self.event.visit == self.order.visit

    @property
    def asker(self) -> bool:
        """Whether its reader is who asked, not one of those whose work it is or who follow."""
        if self.notice.follow_id:
            return False
        if self.notice.party:
            return True
        mine = str(self.notice.person_id)
        return any(h.name in askers(self.page) and h.who == mine for h in self.order.hands)

    @property
    def in_turn(self) -> bool:
        """Whether the word went to whoever must act now."""
        state = self.page.states.get(self.order.state or "")
        whom = self.notice.word.removeprefix(FOLLOW).partition(" ")[2]
        if whom == "turn" and self.event:
            whom = turn(self.page, self.event)
        return bool(state and state.turn and state.turn == whom)


def look_up(notices: Iterable[Notice]) -> dict[int, Facts]:
    """The facts of many notices by their keys, in two queries."""
    rows = list(notices)
    ids = {n.order_id for n in rows}
    found = {r["id"]: r for r in Order.objects.filter(pk__in=ids).values("due", *COLUMNS)}
    pairs = Q(pk__in=())
    for order, nth in {(n.order_id, n.nth) for n in rows}:
        pairs |= Q(order_id=order, nth=nth)
    events: dict[tuple[UUID, int], Event] = {
        (e.order_id, e.nth): e for e in Event.objects.filter(pairs)
    }
    return {
        n.pk: Facts(
            n, found[n.order_id]["number"], order_in(found[n.order_id]), found[n.order_id]["due"],
            None if n.word.startswith(FOLLOW) else events.get((n.order_id, n.nth)),
        )
        for n in rows
    }  # fmt: skip


# ── which sentence ───────────────────────────────────────────────────────────────────────────────


def sentence(
    facts: Facts, lang: str = "zh", *, short: bool = False, past: bool = False
) -> str:  # fmt: skip
    """One notice in one language. `short`: as it fits into a message. `past`: as one line of many,
    each of which tells an asker what happened then; by itself it tells how things are now."""
    if facts.notice.follow_id:
        return for_follower(facts.order, lang)
    if facts.asker:
        words = for_asker(facts, past)
    else:
        words = for_staff(facts, "short" if short else "staff")
    return getattr(words, lang).format_map(told(facts, lang))


def for_asker(facts: Facts, past: bool) -> Words:
    """By the step while it is news, else by where the order stands; in general where the table has
    no words for either."""
    words, flow = rules().words, rules().flows.get(facts.order.flow, {})
    if facts.notice.word.startswith(FOLLOW):
        return words["asker"]["follow"]
    if facts.notice.word == "correct":
        return words["asker"]["correct"]
    step, state = "", facts.order.state or ""
    if facts.event and (facts.fresh or past):
        step, state = facts.event.verb, facts.event.target or state
    return flow.get(step) or flow.get(state) or words["asker"]["state"]


def for_staff(facts: Facts, table: str) -> Words:
    words, event = rules().words[table], facts.event
    if facts.notice.word == "correct":
        return words["correct"]
    if event is None or not facts.fresh:
        return words["moved"]
    if event.verb == "rung":
        return words["soon" if due(facts) and not late(facts) else "late"]
    if event.verb == "urge":
        return words["urged"]
    if facts.in_turn:
        return words["turn_by" if due(facts) else "turn"]
    return words["told"]


def due(facts: Facts) -> datetime | None:
    """Until when: the limit that a reminder is about, else the soonest."""
    given = facts.event.given if facts.event else {}
    running = facts.order.limits.get(str(given.get("limit")))
    return running.due if running else facts.due


def late(facts: Facts) -> bool:
    """Whether a reminder came when the time was up, not before."""
    until = due(facts)
    return bool(until and facts.event and facts.event.at >= until)


# ── its facts ────────────────────────────────────────────────────────────────────────────────────


def told(facts: Facts, lang: str) -> dict[str, str]:
    page, state = facts.page, facts.page.states.get(facts.order.state or "")
    verb = facts.event.verb if facts.event else ""
    step = page.steps.get(verb)
    did = step.words if step else KERNEL_WORDS.get(verb, VOID)
    until = due(facts)
    return {
        "number": facts.number, "flow": getattr(page.words, lang), "step": getattr(did, lang),
        "state": getattr(state.words if state else VOID, lang),
        "by": plainly(until, lang) if until else "", "do": around("or", lang).join(do(facts, lang)),
    }  # fmt: skip


def do(facts: Facts, lang: str) -> list[str]:
    """What is asked next: the steps by which whoever is in turn moves the order on."""
    state = facts.page.states.get(facts.order.state or "")
    steps = onward(facts.page, state.name, state.turn or "") if state else ()
    return [getattr(w, lang) for w in steps][:MOST_STEPS] or [around("deal", lang)]


def onward(page: Page, state: str, turn: str) -> Iterator[Words]:
    """Steps that carry it on, one for each way; handing it back is possible, but not what is
    asked."""
    told: list[To] = []
    for step in page.steps.values():
        moves = step.to is not None and not step.to.back and turn not in step.clears
        if moves and state in step.sources and turn in step.by and step.to not in told:
            told.append(step.to)
            yield step.words


def plainly(at: datetime, lang: str) -> str:
    """A moment that stays right when it is read tomorrow.

    >>> from datetime import UTC
    >>> at = datetime(2026, 9, 30, 8, 30, tzinfo=UTC)
    >>> plainly(at, "zh"), plainly(at, "en")
    ('9月30日16:30', '16:30 on 30 September')
    """
    at = at.astimezone(calendar().zone)
    return (
        f"{at:%H:%M} on {at.day} {at:%B}" if lang == "en" else f"{at.month}月{at.day}日{at:%H:%M}"
    )


def around(name: str, lang: str, **told: Any) -> str:
    return str(getattr(rules().words["around"][name], lang).format_map(told))
