"""An order as a unit without account reads it: what is asked, until when, and what to answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString

from lianxin.orders.queries import Sheet
from lianxin.orders.queries.story import Entry, Line, tell
from lianxin.orders.receivers import ANSWERS, receiver, steps_of
from lianxin.registry.models import Area, Unit
from lianxin.registry.queries import ancestors, area_at, office
from lianxin.web.order.states import look_of
from lianxin.web.order.telling import PHOTOS, is_quote, joined, many, readable
from lianxin.web.templatetags.speech import foreign
from lianxin.web.tracking.asked import plainly
from lianxin.web.words import rows, say, speak

STREET = 9  # digits of a street's path: above it, everybody knows where they are
SAID_SINCE = ("comment", "reopen", "redispatch", "redo", "again", "photo")
MOST_SAID = 5
ELSEWHERE = {"place", "point", "order", "person", "unit"}


@dataclass(frozen=True, slots=True)
class Way:
    """One answer that may be given now. `main`: the one that carries it on."""

    name: str
    words: str
    hint: str
    href: str
    main: bool


@dataclass(frozen=True, slots=True)
class Said:
    """Words that came after the first, and the photos sent with them."""

    at: datetime
    words: tuple[str, ...]
    photos: tuple[dict[str, str], ...]


class Received:
    """All that `/u/<secret>` shows of one sheet. `secret` is empty at the desk that copies a sheet:
    there the addresses are the desk's own."""

    def __init__(self, sheet: Sheet, now: datetime, secret: str = "") -> None:
        self.sheet, self.now, self.secret = sheet, now, secret
        self.page, self.order, self.row = sheet.page, sheet.order, sheet.row
        self.telling = tell(sheet.row, sheet.order, sheet.page, sheet.who)

    # ── who asks whom ────────────────────────────────────────────────────────────────────────

    @property
    def number(self) -> str:
        return str(self.row.number)

    @cached_property
    def desk(self) -> Area | None:
        return area_at(self.order.desk, timezone.localdate(self.now))

    @property
    def asks(self) -> str:
        """The community (or the street) that asks."""
        return str(self.desk.name) if self.desk else say("track.turn.us")

    @cached_property
    def office(self) -> Area | None:
        """Whom to ring up: the nearest office of that desk with a number."""
        return office(self.order.desk, timezone.localdate(self.now))

    @cached_property
    def unit(self) -> str:
        found = Unit.objects.filter(pk=int(self.sheet.who.unit or 0)).values_list("name", flat=True)
        return str(found.first() or "")

    # ── what, where, until when ──────────────────────────────────────────────────────────────

    @cached_property
    def first(self) -> Entry | None:
        last = self.telling.entries[-1] if self.telling.entries else None
        return last if last and last.nth == 1 else None

    @property
    def words(self) -> str:
        lines = self.first.lines if self.first else ()
        return next((str(s.value) for s in lines if s.name == "text" and not s.erased), "")

    @property
    def photos(self) -> list[dict[str, str]]:
        return [*self._photos(self.first)] if self.first else []

    @cached_property
    def facts(self) -> list[tuple[str, SafeString | str]]:
        """Where it is, then what else was answered that this reader may see."""
        found: list[tuple[str, SafeString | str]] = [(say("orders.facts.place"), self._place())]
        told = [line for line in (self.first.lines if self.first else ()) if self._stands(line)]
        return [*found, *((speak(line.words), _listed(line)) for line in told), *self._now()]

    def _stands(self, line: Line) -> bool:
        """Whether an answer is a fact here: not the words, no picture, nobody's name."""
        plain = line.type not in (*PHOTOS, *ELSEWHERE) and not is_quote(line) and not line.erased
        return plain and line.name not in {*self.page.parties, *self.order.fields}

    def _place(self) -> SafeString:
        own = [self.row.area] if self.row.area else []
        line = [*ancestors(self.row.path, timezone.localdate(self.now)), *own]
        names = [a.name for a in line if len(a.path) >= STREET or a == line[-1]]
        return joined([foreign(n) for n in dict.fromkeys(names)], "orders.facts.sep")

    def _now(self) -> Iterator[tuple[str, SafeString | str]]:
        """What stands with the order today, such as how urgent it is."""
        for name in ("category", "severity"):
            value, about = self.order.fields.get(name), self.page.fields.get(name)
            if value and about and name not in self.telling.closed:
                told = self.telling.names.readable(about, value)
                yield speak(about.words), readable(about.type, told, {})

    @property
    def since(self) -> list[Said]:
        """What asker and desk have added that the one who comes ought to know, newest first."""
        found = [e for e in self.telling.entries if e.nth > 1 and e.verb in SAID_SINCE]
        said = [Said(e.at, tuple(_quotes(e)), tuple(self._photos(e))) for e in found]
        return [one for one in said if one.words or one.photos][:MOST_SAID]

    @property
    def due(self) -> str:
        return plainly(self.row.due, self.now) if self.row.due else ""

    @property
    def chip(self) -> dict[str, str]:
        late = any(c.late for c in self.sheet.clocks)
        look = look_of(self.page, self.order.state, late=late, outcome=self.order.outcome)
        return {"state": look, "word": speak(self.sheet.state)}

    def _photos(self, entry: Entry) -> Iterator[dict[str, str]]:
        ids = [id for s in entry.lines if s.type in PHOTOS and not s.erased for id in many(s.value)]
        for n, id in enumerate(ids, 1):
            url = reverse("received_photo", args=[self.secret, id]) if self.secret else ""
            yield {"url": url, "alt": say("shell.story.photo", n=n)}

    # ── what may be answered ─────────────────────────────────────────────────────────────────

    @cached_property
    def ways(self) -> list[Way]:
        """The answers open now; one page each."""
        free = [n for n in ANSWERS if steps_of(self.sheet.family, self.order, self.sheet.who, n,
                                               self.now)]  # fmt: skip
        return [self.way(name, main=name == "done") for name in free]

    def way(self, name: str, main: bool = False) -> Way:
        return Way(name, say(f"receiver.way.{name}"), say(f"receiver.way.{name}_is"),
                   self.address(name), main)  # fmt: skip

    def address(self, name: str) -> str:
        if self.secret:
            return reverse("received_answer", args=[self.secret, name])
        return reverse("receiver_answer", args=[self.number, name])

    @property
    def outcomes(self) -> list[str]:
        """What may be ticked on paper."""
        row = receiver(self.page.flow)
        step = self.page.steps.get(row.steps.get("done", "")) if row else None
        of = self.page.field("outcome").of if step and "outcome" in step.asked else ()
        return [speak(words) for _, words in of]


def _listed(line: Line) -> SafeString:
    return joined((readable(line.type, v, {}) for v in many(line.value)), "orders.story.list")


def _quotes(entry: Entry) -> Iterator[str]:
    for line in entry.lines:
        if line.type == "text" and not line.erased:
            yield from (str(text) for text in many(line.value))


def labelled(name: str) -> str | None:
    """What a field is called to somebody who has never seen our forms, if we have words for it."""
    key = f"receiver.field.{name}"
    return say(key) if key in rows() else None
