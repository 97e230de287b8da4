"""The story of an order: what happened, by whom, in whose words, as far as this reader may see."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from lianxin.core.flow.page import Field, Page, Party, Step, Words
from lianxin.core.step.capacity import as_party, reaches
from lianxin.core.step.hands import listed
from lianxin.core.step.order import Order as Kernel
from lianxin.core.step.seen import askers, closed_fields, phone_fields, veiled_parties
from lianxin.core.step.who import VIA, VOICE, Who
from lianxin.orders.book import book
from lianxin.orders.models import Order
from lianxin.orders.queries.told import Happened, Said, told
from lianxin.registry.models import Area
from lianxin.registry.queries import names as names_of

KERNEL_WORDS = {
    "void": Words("作废", "Void"),
    "aside": Words("回避，转上一级", "Went up: all must stand aside"),
    "joined": Words("并入另一单", "Another order joined"),
    "parted": Words("并错的一单分出", "An order merged by mistake left"),
    "rung": Words("到点提醒", "Reminder"),
    "recount": Words("按新日历重算时限", "Limits recounted"),
    "undo": Words("撤销上一步", "Undone"),
    "kept": Words("迟到的操作，已留存", "Came too late, kept as a note"),
    "handed": Words("交接给接手的人", "Handed over to who took the post"),
}  # fmt: skip


DESK = "desk"


@dataclass(frozen=True, slots=True)
class Line:
    """One answer of an event: its words and its value; `erased` if that is gone."""

    name: str
    words: Words
    type: str
    value: Any
    erased: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """One event as a sentence's parts. `actor` is a name, or None behind a veil or the kernel."""

    nth: int
    verb: str
    words: Words
    at: datetime
    recorded: datetime
    actor: str | None
    capacity: str
    unit: str | None
    behalf: str | None
    target: Words | None
    over: dict[str, int] = field(default_factory=dict)
    lines: tuple[Line, ...] = ()
    mine: bool = False  # whether the reader did it
    state: str | None = None  # the state entered, by name
    via: str = ""  # how a unit without account spoke: by a link, or on paper
    voice: str = ""  # by whose mouth, in their own word; "" if erased
    tel: str = ""  # where they can be asked back: for the desk alone, while the order is open
    desks: tuple[str, str] | None = None  # the desk it left and the one it came to, by name


def capacities(order: Kernel, page: Page, who: Who) -> set[str]:
    """All that this reader is to this order: parties and roles, for `seen` on fields."""
    found = {n for n, p in page.parties.items() if p.sees and as_party(order, page, n, who)}
    roles = book().roles
    for grant in who.grants:
        role = roles.get(grant.role)
        if role and reaches(grant, role, order):
            found.add(grant.role)
    return found


def hidden(page: Page, order: Kernel, held: set[str]) -> set[str]:
    """Parties whose names are veiled from this reader: a party sees of the veiled only itself."""
    mine = held & set(page.parties)
    return set(veiled_parties(page, order) - mine) if mine else set()


@dataclass(frozen=True, slots=True)
class Telling:
    """A story with what was looked up for it: names, and what its reader is and may not see.

    `phone`: one was left that the reader may ask for (orders/phones.py); no story holds it.
    """

    entries: list[Entry]
    names: Names
    held: set[str]
    veiled: set[str]
    closed: frozenset[str]
    phone: bool


def story(row: Order, order: Kernel, page: Page, who: Who) -> list[Entry]:
    """The events of an order, newest first, with the words this reader may see."""
    return tell(row, order, page, who).entries


def tell(row: Order, order: Kernel, page: Page, who: Who) -> Telling:
    """The story and the names of all it mentions, those bound to the order now included."""
    events = told(row.pk)
    held = capacities(order, page, who)
    names = Names(page, events, order, row.area)
    veiled = hidden(page, order, held)
    closed = closed_fields(page, order, who, book().roles)
    quiet = unheard(events, page, closed)
    asked_for = behind(page, held) - closed
    shown = closed | asked_for
    entries = [entry(e, page, shown, veiled, names, who) for e in events if e.nth not in quiet]
    if not (DESK in held and row.open):
        entries = [replace(e, tel="") if e.tel else e for e in entries]
    left = any(said.name in asked_for and said.value for e in events for said in e.said)
    return Telling(entries, names, held, veiled, closed, left)


def behind(page: Page, held: set[str]) -> frozenset[str]:
    """Phones stand in nobody's page until they are asked for, but in the asker's own."""
    own = held & askers(page)
    return frozenset() if own else phone_fields(page)


def unheard(events: list[Happened], page: Page, closed: frozenset[str]) -> set[int]:
    """Notes of which this reader may read nothing, by their numbers, with what was done to them:
    that there was a note, whose and when, is not for these eyes either."""
    quiet: set[int] = set()
    for event in reversed(events):
        step = page.steps.get(event.given.get("step", event.verb))
        note = step is not None and not step.door and step.to is None and bool(step.asks)
        silent = note and not any(may_read(page.field(name), closed) for name in step.asked)
        if silent or quiet & {event.given.get("nth"), event.given.get("entry")}:
            quiet.add(event.nth)
    return quiet


def entry(
    event: Happened, page: Page, closed: frozenset[str], veiled: set[str], names: Names, who: Who
) -> Entry:
    step = page.steps.get(event.verb)
    given = {**event.given, **{said.name: said for said in event.said}}
    state = page.states.get(event.target or "")
    shadow = event.capacity in veiled
    return Entry(
        nth=event.nth, verb=event.verb,
        words=step.words if step else KERNEL_WORDS.get(event.verb, Words(event.verb, event.verb)),
        at=event.at, recorded=event.recorded,
        actor=None if shadow else names.person(event.actor), capacity=event.capacity,
        unit=None if shadow else names.unit(event.unit),
        behalf=None if shadow else names.person(event.behalf),
        target=state.words if state else None, over=event.over,
        lines=tuple(lines(given, step, page, closed, veiled, names)),
        mine=bool(who.id) and event.actor == who.id, state=event.target,
        via=str(event.given.get(VIA, "")), voice=voice_in(given, "name"),
        tel=voice_in(given, "phone"), desks=names.desks_of(event),
    )  # fmt: skip


def lines(
    given: dict[str, Any], step: Step | None, page: Page, closed: frozenset[str],
    veiled: set[str], names: Names,
) -> Iterable[Line]:  # fmt: skip
    """The answers in the order they were asked, those for other eyes left out."""
    order, mark = step.asked if step else tuple(given), of_mark(step, page)
    for name in order:
        if name not in given or name in veiled:
            continue
        about = page.parties.get(name) or page.fields.get(name)
        if about is None or not may_read(about, closed):
            continue
        if mark and isinstance(about, Field) and about.type == "text" and mark.name in closed:
            continue
        value = given[name]
        erased = isinstance(value, Said) and value.erased
        value = value.value if isinstance(value, Said) else value
        kind = about.type if isinstance(about, Field) else about.holds
        yield Line(name, about.words, kind, names.readable(about, value), erased)


def voice_in(given: dict[str, Any], part: str) -> str:
    """What somebody said of themselves who spoke for a unit without account."""
    said = given.get(VOICE)
    return str(said.value[part]) if isinstance(said, Said) and said.value else ""


def of_mark(step: Step | None, page: Page) -> Field | None:
    """The mark that a step asks for: what is said with it is for the eyes that may see the mark."""
    asked = (page.fields.get(name) for name in (step.asked if step else ()))
    return next((field for field in asked if field and field.type == "rating"), None)


def may_read(about: Field | Party, closed: frozenset[str]) -> bool:
    return isinstance(about, Party) or about.name not in closed


class Names:
    """Names of the persons, units and areas that a story mentions, looked up together."""

    def __init__(
        self, page: Page, events: list[Happened], order: Kernel, area: Area | None
    ) -> None:
        people = {e.actor for e in events} | {e.behalf for e in events}
        units, areas = {e.unit for e in events}, set()
        for hand in order.hands:
            if hand.name in page.parties:
                (people if page.parties[hand.name].holds == "person" else units).add(hand.who)
        for event in events:
            for name, value in event.given.items():
                about = page.parties.get(name) or page.fields.get(name)
                kind = getattr(about, "holds", None) or getattr(about, "type", None)
                bag = {"person": people, "unit": units, "area": areas, "place": areas}.get(
                    kind or ""
                )
                if bag is not None:
                    bag |= {str(v) for v in listed(value)}
        desks = {path for event in events for path in moved(event) if path}
        own = {str(area.pk): area.name} if area else {}
        known = names_of(people, units, areas - own.keys(), desks)
        self.people, self.units, self.desks = known["people"], known["units"], known["paths"]
        self.areas = own | known["areas"]

    def desks_of(self, event: Happened) -> tuple[str, str] | None:
        """Where it went, if it went from one desk to another."""
        was, now = moved(event)
        return (self.desks.get(was, was), self.desks.get(now, now)) if was and now else None

    def person(self, id: str | None) -> str | None:
        return self.people.get(id or "")

    def unit(self, id: str | None) -> str | None:
        return self.units.get(id or "")

    def readable(self, about: Field | Party, value: Any) -> Any:
        """Ids as names, choices as words; lists stay lists."""
        if isinstance(value, list):
            return [self.readable(about, one) for one in value]
        if isinstance(about, Party):
            return (self.people if about.holds == "person" else self.units).get(str(value), "")
        if about.type == "choice" or (about.type == "yes" and about.of):
            return dict(about.of).get(str(value), value)
        if about.type in ("place", "area"):
            return self.areas.get(str(value), "")
        if about.type in ("person", "unit"):
            return (self.people if about.type == "person" else self.units).get(str(value), "")
        return value


def moved(event: Happened) -> tuple[str, str]:
    """The desk before and the desk after, by path; "" twice where it stayed, or was only filed."""
    was, now = event.was or "", event.now or ""
    return (was, now) if event.nth > 1 and was and now and was != now else ("", "")
