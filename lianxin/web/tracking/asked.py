"""A request as its asker reads it: everyday words, whose turn, until when, and what they may do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, partial
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString

from lianxin.core.flow.page import Words
from lianxin.orders import split
from lianxin.orders.book import book
from lianxin.orders.queries import Row, Sheet
from lianxin.orders.queries.merged import standing
from lianxin.orders.queries.story import Entry, Line, tell
from lianxin.registry.models import Area
from lianxin.registry.queries import area_at, office
from lianxin.web import moments
from lianxin.web.order import hanging
from lianxin.web.order.states import look_of
from lianxin.web.order.telling import PHOTOS, is_quote, joined, many, readable
from lianxin.web.words import rows, say, speak

ASKER = "filer"
GOING = frozenset({"waiting", "doing", "late"})  # how a part looks that has not ended
NOT_HERE = frozenset({"redact"})  # what is covered is agreed with the community, not pressed here
UNTOLD = frozenset(
    {"person", "unit", "place", "area", "point", "order", "picture", "cover"}
)  # said by the sentence, or not at all


@dataclass(frozen=True, slots=True)
class Told:
    """One event: who did what, the answers beside it, the words, the photos."""

    at: datetime
    state: str
    sentence: str
    facts: tuple[tuple[str, str], ...]
    quotes: tuple[str, ...]
    photos: tuple[dict[str, str], ...]
    pair: tuple[hanging.Gallery, ...]


@dataclass(frozen=True, slots=True)
class Verb:
    name: str
    words: str
    href: str


class Asked:
    """All that `/o/<secret>` shows of one sheet."""

    def __init__(self, sheet: Sheet, secret: str, now: datetime) -> None:
        self.sheet, self.secret, self.now = sheet, secret, now
        self.page, self.order, self.row = sheet.page, sheet.order, sheet.row
        self.telling = tell(sheet.row, sheet.order, sheet.page, sheet.who)
        self.other = standing(sheet)

    # ── where it stands ──────────────────────────────────────────────────────────────────────

    @property
    def number(self) -> str:
        return str(self.row.number)

    @property
    def state(self) -> str:
        return everyday(self.page.flow, "state", self.order.state or "", self.sheet.state)

    @property
    def chip(self) -> dict[str, str]:
        if self.rates:
            return {"state": "waiting", "word": say("track.chip.yours")}
        look = look_of(self.page, self.order.state, late=self.late, outcome=self.order.outcome)
        look = "doing" if any(part["look"] in GOING for part in self.parts) else look
        return {"state": look, "word": say(f"track.chip.{look or 'stopped'}")}

    @property
    def other_state(self) -> str:
        """What has become of the request this one was merged into."""
        if self.other is None:
            return ""
        page = book().page(self.other.flow, timezone.localdate(self.now))
        found = page.states.get(self.other.state)
        return everyday(self.other.flow, "state", self.other.state, found.words if found else None)

    @property
    def due(self) -> datetime | None:
        return self.other.due if self.other else self.row.due if self.row.open else None

    @property
    def late(self) -> bool:
        return bool(self.due and self.due < self.now)

    @property
    def by_when(self) -> str:
        if self.due is None:
            return ""
        return say(
            "track.turn.late" if self.late else "track.turn.by", at=plainly(self.due, self.now)
        )

    @cached_property
    def turn(self) -> str:
        """Who acts now, by name where there is one; "" when it is over."""
        state = self.page.states.get(self.order.state or "")
        if state is None or state.final:
            return ""
        turn = state.turn or ""
        if turn == ASKER:
            return say("track.turn.you")
        if turn in self.page.parties:
            return say("track.turn.of", who=self._party(turn))
        return say(
            "track.turn.of", who=self._desk() if turn in book().roles else say("track.turn.us")
        )

    def _party(self, name: str) -> str:
        known = self.telling.names
        bag = known.people if self.page.parties[name].holds == "person" else known.units
        names = [bag[h.who] for h in self.order.party(name) if h.who in bag]
        if not names or name in self.telling.veiled:
            return say("track.turn.taker")
        return say("orders.story.list").join(dict.fromkeys(names))

    def _desk(self) -> str:
        area = area_at(self.order.desk, timezone.localdate(self.now))
        return area.name if area else say("track.turn.us")

    @cached_property
    def parts(self) -> list[dict[str, str]]:
        """What it was divided into: each with its state, and the way there."""
        return [
            {
                "number": row.number, "text": row.text, **self._standing(row),
                "href": reverse("asked_part", args=[self.secret, row.number]),
            }
            for row in split.parts(self.sheet, self.now)
        ]  # fmt: skip

    def _standing(self, row: Row) -> dict[str, str]:
        look = look_of(row.page, row.state, late=row.late, outcome=row.outcome)
        state = everyday(row.flow_name, "state", row.state, row.words)
        return {"look": look, "chip": say(f"track.chip.{look or 'stopped'}"), "state": state}

    @cached_property
    def office(self) -> Area | None:
        """Whom to telephone: the nearest office with a number."""
        return office(self.row.path, timezone.localdate(self.now)) if self.row.path else None

    # ── what may be done ─────────────────────────────────────────────────────────────────────

    @cached_property
    def verbs(self) -> list[Verb]:
        return [self.verb(b.step.name, b.step.words) for b in self.sheet.buttons
                if b.step.name not in NOT_HERE and not b.step.picture]  # fmt: skip

    def verb(self, name: str, words: Words) -> Verb:
        href = reverse("asked_step", args=[self.secret, name])
        return Verb(name, everyday(self.page.flow, "verb", name, words), href)

    @property
    def rates(self) -> bool:
        """Whether the page itself asks how it went."""
        return any(b.main and b.step.name == "rate" for b in self.sheet.buttons)

    # ── the story ────────────────────────────────────────────────────────────────────────────

    @property
    def asked(self) -> str:
        """The words it began with."""
        first = self.telling.entries[-1]
        return next((str(s.value) for s in first.lines if s.name == "text" and not s.erased), "")

    @cached_property
    def story(self) -> list[Told]:
        return [self._told(entry) for entry in self.telling.entries]

    def _told(self, entry: Entry) -> Told:
        shown = [s for s in entry.lines if not s.erased]
        gone = [(speak(s.words), say("orders.story.erased")) for s in entry.lines if s.erased]
        way, first = hanging.by_link(self.secret), self.telling.entries[-1]
        pair = hanging.pair(entry, first, self.page, way)
        left = (hanging.BEFORE, hanging.AFTER) if pair else ()
        return Told(
            at=entry.at,
            state=look_of(self.page, entry.state),
            sentence=self._sentence(entry),
            facts=(*facts(shown), *gone),
            quotes=tuple(str(t) for s in shown if is_quote(s) for t in many(s.value)),
            photos=tuple(p for g in hanging.galleries(entry, way, left) for p in g.photos),
            pair=pair,
        )

    def _sentence(self, entry: Entry) -> str:
        lines = {s.name: s.value for s in entry.lines}
        mine = entry.capacity == ASKER or (entry.nth == 1 and entry.capacity == "anyone")
        told = {
            "who": say("track.you") if mine else named(entry),
            "unit": entry.unit or say("track.turn.taker"),
            "desk": entry.desks[1] if entry.desks else say("track.turn.us"),
            "to": say("orders.story.list").join(str(v) for v in many(lines.get("unit"))),
        }
        return everyday(self.page.flow, "did", entry.verb, entry.words, **told)


def named(entry: Entry) -> str:
    """Who acted, with their unit; nobody's name is told where it is veiled."""
    if entry.via:
        return entry.unit or say("track.turn.taker")
    if entry.actor is None:
        return say("track.staff")
    if entry.unit is None:
        return entry.actor
    return say("orders.story.of_unit", name=entry.actor, unit=entry.unit)


def facts(shown: Iterable[Line]) -> Iterator[tuple[str, SafeString]]:
    """Answers that are neither told by the sentence nor long words of their own."""
    for line in shown:
        if line.type not in UNTOLD | set(PHOTOS) and not is_quote(line) and line.name != "severity":
            plain = str if line.type == "phone" else partial(readable, line.type, numbers={})
            told = (conditional_escape(plain(v)) for v in many(line.value))
            yield speak(line.words), joined(told, "orders.story.list")


def everyday(flow: str, kind: str, name: str, words: Words | None, **told: Any) -> str:
    """How residents are told of it; where we have no words for them, the page's own."""
    key = f"track.{flow}.{kind}.{name}"
    if key in rows():
        return say(key, **told)
    return speak(words) if words else ""


def plainly(at: datetime, now: datetime) -> str:
    """A moment as one says it, that stays right when it is read tomorrow: 今天（11月22日）18:05."""
    local, today = at.astimezone(moments.BEIJING), now.astimezone(moments.BEIJING).date()
    days = (local.date() - today).days
    day = moments.day(local.date(), this_year=today.year)
    key = {0: "today", 1: "tomorrow", -1: "yesterday"}.get(days)
    named = say(f"track.when.{key}", day=day.partition("（")[0]) if key else day
    return say("track.when.at", day=named, clock=f"{local:%H:%M}")
