"""What the order page shows, as plain rows for its template: head, turn, limits, verbs, facts."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from itertools import accumulate
from typing import Any
from uuid import UUID, uuid4

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from lianxin.core.clock import Remainder
from lianxin.core.flow.page import Step
from lianxin.orders.book import book
from lianxin.orders.models import Order
from lianxin.orders.queries import Sheet
from lianxin.orders.queries.page import Clock
from lianxin.orders.queries.story import KERNEL_WORDS, Telling, may_read, tell
from lianxin.registry.models import Area
from lianxin.registry.queries import ancestors, area_at
from lianxin.web import reckoning
from lianxin.web.states import look_of
from lianxin.web.telling import Teller, Told, joined, many, readable
from lianxin.web.templatetags.speech import foreign
from lianxin.web.words import say, say_html, speak

TITLE = 40  # halves of a Chinese character: so much of the request stands as the page's title
UNDO_FOR = timedelta(hours=24)  # the kernel asks only whether anybody acted; a button asks for less
JUST_NOW = timedelta(minutes=10)
BR = mark_safe("<br>")
STREET = 9  # digits of a street's path: above it, everybody knows where they are


@dataclass(frozen=True, slots=True)
class Verb:
    """One thing to press: a link where something is asked, else a form of its own."""

    name: str
    words: str
    asks: bool
    note: bool
    key: str = field(default_factory=lambda: str(uuid4()))


@dataclass(frozen=True, slots=True)
class Due:
    """A limit with its arithmetic: (why, rows, address) of each sum behind it."""

    clock: Clock
    why: str
    sums: tuple[tuple[list[reckoning.Row], str], ...]
    provisional: bool


class OrderPage:
    """All of one sheet in the reader's language. Costs five queries beside those of the sheet."""

    def __init__(self, sheet: Sheet, now: datetime) -> None:
        self.sheet, self.now = sheet, now
        self.order, self.page, self.row = sheet.order, sheet.page, sheet.row
        self.telling: Telling = tell(sheet.row, sheet.order, sheet.page, sheet.who)
        self.relatives = relatives(sheet)
        self.numbers = {o.pk.hex: o.number for o in self.relatives}
        self.places = self._places()
        teller = Teller(sheet.page, self.telling.veiled, self.numbers)
        self.story: list[Told] = [teller.tell(entry) for entry in self.telling.entries]

    # ── the head ─────────────────────────────────────────────────────────────────────────────

    @property
    def number(self) -> str:
        return self.row.number

    @cached_property
    def first(self) -> Told | None:
        """How it began; None where the reader is not told."""
        return self.story[-1] if self.story and self.story[-1].nth == 1 else None

    @property
    def asked(self) -> str:
        """The words it began with, "" where the reader may not see them."""
        return (
            next((text for name, text in self.first.quotes if not name), "") if self.first else ""
        )

    @property
    def title(self) -> str:
        return headline(self.asked) or self._opened_for or speak(self.page.words)

    @property
    def _opened_for(self) -> str:
        """What the case asked when it opened this paper: 申请延期."""
        case = self.sheet.family.orders.get(self.order.parent or "")
        steps = self.sheet.family.page(case).steps.values() if case else ()
        return next((speak(s.words) for s in steps if self.order.child in s.opens), "")

    @property
    def state(self) -> dict[str, str]:
        late = any(c.late for c in self.sheet.clocks)
        look = look_of(self.page, self.order.state, late=late, outcome=self.order.outcome)
        return {"look": look, "word": speak(self.sheet.state)}

    # ── whose turn ───────────────────────────────────────────────────────────────────────────

    @property
    def yours(self) -> bool:
        """Whether the reader is the one in turn, and not only somebody who may act instead."""
        state = self.page.states.get(self.order.state or "")
        held = bool(state and state.turn in self.telling.held)
        return held and any(b.main for b in self.sheet.buttons)

    @cached_property
    def turn(self) -> SafeString | str:
        state = self.page.states.get(self.order.state or "")
        if state is None or state.final:
            return say("orders.turn.closed")
        if state.turn == "children":
            return say("orders.turn.children", n=sum(o.open for o in self.children))
        if state.turn == "clock":
            return say("orders.turn.clock")
        return say_html("orders.turn.of", who=self.whose)

    @property
    def whose(self) -> SafeString:
        """The desk's place, the unit's name, the people: whoever must act now."""
        turn = self.page.states[self.order.state or ""].turn or ""
        if turn in self.page.parties:
            return self.party(turn) or say_html(
                "orders.turn.nobody", party=self.page.parties[turn].words
            )
        role = book().roles[turn]
        key = "above" if role.acts == "above" else "at_desk"
        return say_html(f"orders.turn.{key}", place=foreign(self._desk()), role=role.words)

    def _desk(self) -> str:
        names = {a.path: a.name for a in self.places}
        if self.order.desk not in names and (area := area_at(self.order.desk, self.today)):
            return str(area.name)
        return names.get(self.order.desk, "")

    @property
    def today(self) -> Any:
        return timezone.localdate(self.now)

    def party(self, name: str) -> SafeString | None:
        """Names of those who are this party, or that they are withheld; None if nobody is."""
        hands = self.order.party(name)
        if not hands:
            return None
        if name in self.telling.veiled:
            return conditional_escape(say("orders.facts.withheld"))
        known = self.telling.names
        bag = known.people if self.page.parties[name].holds == "person" else known.units
        shown = [foreign(bag.get(h.who, "—")) for h in hands]
        return joined(dict.fromkeys(shown), "orders.story.list")

    @property
    def others(self) -> SafeString | str:
        """Who else must act, beside the reader whose turn it is."""
        state = self.page.states[self.order.state or ""]
        alone = {h.who for h in self.order.party(state.turn or "")} == {self.sheet.who.id}
        return "" if alone else self.whose

    # ── until when, and why ──────────────────────────────────────────────────────────────────

    @cached_property
    def dues(self) -> list[Due]:
        return [self._due(clock) for clock in self.sheet.clocks]

    def _due(self, clock: Clock) -> Due:
        limit, rules = clock.limit, self.sheet.family.rules
        sums = reckoning.of_limit(limit, self.order, rules)
        pairs = tuple((reckoning.rows(one), reckoning.address(one)) for one in sums)
        return Due(clock, self._why(clock, sums), pairs, any(s.provisional for s in sums))

    def _why(self, clock: Clock, sums: list[Any]) -> str:
        words = clock.limit.words
        running = self.order.limits[clock.limit.name]
        if clock.due is None:
            left = Remainder.read(running.left).seconds if running.left else 0
            key = "left" if left > 0 else "spent"
            length = reckoning.duration(max(left, 0))
            return say(f"orders.due.{key}", limit=words, **({"left": length} if left > 0 else {}))
        span = reckoning.length(clock.limit, self.order, self.sheet.family.rules)
        if span is None:
            return say("orders.due.given", limit=words)
        told = say("orders.due.limit", limit=words, span=reckoning.span_words(span))
        more = [say("orders.due.extended", n=clock.extended)] if clock.extended else []
        return say("orders.story.comma").join([told, *more])

    # ── what may be pressed ──────────────────────────────────────────────────────────────────

    @cached_property
    def verbs(self) -> dict[str, Any]:
        """main: what carries it on · more: other moves · notes: what changes no turn."""
        steps = [b.step for b in self.sheet.buttons]
        mine = [b.step for b in self.sheet.buttons if b.main]
        mine = mine or [s for s in steps if s.to and any(" of " in by for by in s.by)]
        main = min(mine, key=self._onward, default=None)
        rest = [verb(s) for s in steps if s is not main]
        return {
            "main": verb(main) if main else None,
            "more": [v for v in rest if not v.note],
            "notes": [v for v in rest if v.note],
        }

    def _onward(self, step: Step) -> tuple[bool, bool, int]:
        """Forward to the next state before backward, and an end only where nothing else is."""
        order = list(self.page.states)
        here = order.index(self.order.state) if self.order.state in order else 0
        ahead = [order.index(s) - here for s in (step.to.states if step.to else ())]
        forward = [n for n in ahead if n > 0]
        final = all(self.page.states[s].final for s in (step.to.states if step.to else ()))
        return not forward, final, min(forward, default=len(order))

    @cached_property
    def undo(self) -> Told | None:
        """The last event, while its doer may still take it back: theirs, a step, not the filing."""
        last, who = self.story[0], self.sheet.who
        entry = self.telling.entries[0]
        fresh = self.now - entry.recorded < UNDO_FOR
        mine = last.mine and last.nth > 1 and entry.verb not in KERNEL_WORDS
        return last if mine and fresh and who.id else None

    @property
    def just(self) -> str:
        """What this reader did a moment ago, "" if nothing."""
        entry = self.telling.entries[0]
        recent = self.now - entry.recorded < JUST_NOW
        return speak(entry.words) if self.undo and recent else ""

    # ── facts ────────────────────────────────────────────────────────────────────────────────

    @cached_property
    def facts(self) -> list[tuple[str, Any]]:
        found = [("flow", speak(self.page.words)), ("place", self._place())]
        rows = [(say(f"orders.facts.{name}"), value) for name, value in found if value]
        rows += [
            (speak(p.words), who) for n, p in self.page.parties.items() if (who := self.party(n))
        ]
        rows += self._answers()
        rows += self._links()
        rows.append(
            (say("orders.facts.filed"), reckoning.moment(self.row.filed, this_year=self.now.year))
        )
        if self.order.round > 1:
            rows.append((say("orders.facts.round"), str(self.order.round)))
        return rows

    def _place(self) -> SafeString:
        names = [a.name for a in self.places if len(a.path) >= STREET or a == self.places[-1]]
        return joined([foreign(n) for n in dict.fromkeys(names)], "orders.facts.sep")

    def _places(self) -> list[Area]:
        """From the outermost area down to the order's own."""
        own = [self.row.area] if self.row.area else []
        return (
            [*ancestors(self.row.path, timezone.localdate(self.now)), *own]
            if self.row.path
            else own
        )

    def _answers(self) -> Iterable[tuple[str, Any]]:
        """What stands with the order and may be read by these eyes: category, severity, seats, …"""
        for name, about in self.page.fields.items():
            value, elsewhere = self.order.fields.get(name), about.type in ("place", "order")
            if value is None or elsewhere or not may_read(about, self.telling.held):
                continue
            named = self.telling.names.readable(about, value)
            shown = [readable(about.type, one, self.numbers) for one in many(named)]
            yield speak(about.words), joined(shown, "orders.story.list")

    @cached_property
    def children(self) -> list[Order]:
        return [o for o in self.relatives if o.parent_id == self.row.pk]

    def _links(self) -> Iterable[tuple[str, SafeString]]:
        kinds = {"parent": [o for o in self.relatives if o.pk == self.row.parent_id]}
        kinds["papers"] = [o for o in self.children if o.kind == "paper"]
        kinds["children"] = [o for o in self.children if o.kind == "case"]
        known = {o.pk for group in kinds.values() for o in group}
        kinds["named"] = [o for o in self.relatives if o.pk not in known]
        for name, group in kinds.items():
            if group:
                yield (
                    say(f"orders.facts.{name}"),
                    format_html_join(BR, "{}", ((link(o),) for o in group)),
                )


def link(order: Order) -> SafeString:
    """Number, kind and state of another order."""
    page = book().exact(order.flow, order.since)
    state = page.states.get(order.state)
    return format_html(
        '<a href="{}">{}</a> <small>{} · {}</small>',
        reverse("order", args=[order.number]), order.number, speak(page.words),
        speak(state.words) if state else speak(KERNEL_WORDS["void"]),
    )  # fmt: skip


def headline(words: str) -> str:
    """The first sentence, or as much of it as a title holds.

    >>> headline("路灯坏了好几天，晚上看不见路。请来看看。"), headline("灯" * 40)[-2:]
    ('路灯坏了好几天，晚上看不见路', '灯…')
    """
    first = re.split(r"[。！？!?；;\n]|\. ", words.strip(), maxsplit=1)[0]
    widths = accumulate(2 if ord(c) > 0x2E80 else 1 for c in first)
    fits = sum(width <= TITLE for width in widths)
    if fits >= len(first):
        return first
    cut = max(first.rfind(mark, 0, fits) for mark in "，,、 ")
    return f"{first[: cut if cut > fits // 2 else fits]}…"


def verb(step: Step) -> Verb:
    return Verb(step.name, speak(step.words), bool(step.asks), step.to is None)


def relatives(sheet: Sheet) -> list[Order]:
    """The case it belongs to, its papers and parts, and orders named in its answers, if visible."""
    row, order, who = sheet.row, sheet.order, sheet.who
    named = [v for n, v in order.fields.items() if n in sheet.page.fields
             and sheet.page.fields[n].type == "order" and isinstance(v, str)]  # fmt: skip
    if not (row.has_kids or row.parent_id or named):
        return []
    near = Q(parent=row) | Q(pk=row.parent_id) | Q(pk__in=[UUID(v) for v in named])
    return list(Order.objects.visible_to(who).filter(near).order_by("id")[:100])
