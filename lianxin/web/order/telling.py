"""A story as sentences: who did what, with which facts, in whose words; photos beside them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from lianxin.core.flow.page import Page, Words
from lianxin.orders.book import categories
from lianxin.orders.queries.story import KERNEL_WORDS, Entry, Line
from lianxin.web import moments
from lianxin.web.order import hanging
from lianxin.web.order.hanging import PHOTOS, Gallery, many
from lianxin.web.order.reckoning import duration
from lianxin.web.order.states import look_of
from lianxin.web.templatetags.speech import foreign
from lianxin.web.words import rows, say, say_html, speak, tongue

BY_ITSELF = frozenset({"clock", "child", "join", "kernel"})  # who did it is no person
SHORT = 60  # characters of an answer that still stands inside the sentence
SOON = timedelta(minutes=5)  # told of later than this, a step is marked as recorded afterwards
TOLD_ELSEWHERE = ("picture",)  # the photo that was painted over stands in the story itself


@dataclass(frozen=True, slots=True)
class Told:
    """One event as the page shows it. `quotes`: (name or "", text) in the teller's own words."""

    nth: int
    at: datetime
    sentence: SafeString
    state: str
    target: Words | None
    quotes: tuple[tuple[str, str], ...]
    galleries: tuple[Gallery, ...]
    pair: tuple[Gallery, ...]
    over: str
    noted: str
    mine: bool


class Teller:
    """Tells the entries of one order. `numbers`: order id → number, for orders named in answers.
    `first`: how it began, whose photos show what was wrong."""

    def __init__(
        self, page: Page, veiled: Iterable[str], numbers: dict[str, str], first: Entry | None = None
    ) -> None:
        self.page, self.veiled, self.numbers = page, set(veiled), numbers
        self.first = first

    def tell(self, entry: Entry) -> Told:
        shown = [line for line in entry.lines if not (entry.nth == 1 and line.type == "place")]
        quoted = [line for line in shown if is_quote(line)]
        pair = hanging.pair(entry, self.first, self.page)
        left = (hanging.BEFORE, hanging.AFTER) if pair else ()
        plain = [s for s in shown if s not in quoted and (s.type not in PHOTOS or s.erased)]
        plain = [s for s in plain if s.type not in TOLD_ELSEWHERE]
        return Told(
            nth=entry.nth, at=entry.at, sentence=self.sentence(entry, plain),
            state=look_of(self.page, entry.state), target=entry.target,
            quotes=tuple(("" if q.name == "text" else speak(q.words), str(t))
                         for q in quoted for t in many(q.value)),
            galleries=tuple(hanging.galleries(entry, left=left)), pair=pair,
            over=self.over(entry), mine=entry.mine, noted=noted(entry),
        )  # fmt: skip

    # ── the sentence ─────────────────────────────────────────────────────────────────────────

    def sentence(self, entry: Entry, lines: list[Line]) -> SafeString:
        """“李雪（供电所）派单，接单单位：供电所。”"""
        who = self.who(entry)
        facts = joined((self.fact(line) for line in lines), "orders.story.comma")
        key = ("" if who else "alone_") + "facts" if facts else "plain" if who else "alone"
        did = {"did": what(entry), "who": who, "facts": facts}
        told = say_html(f"orders.story.{key}", **did)
        return told if entry.desks is None else told + between(*entry.desks)

    def who(self, entry: Entry) -> SafeString | None:
        """The actor as far as the reader may know; None where no person acted."""
        if entry.capacity in BY_ITSELF and not entry.actor:
            return None
        if entry.via:
            return spoken(entry)
        if entry.actor is None:
            return self.nameless(entry.capacity)
        name = format_html('<b class="who">{}</b>', foreign(entry.actor))
        if entry.unit:
            name = say_html("orders.story.of_unit", name=name, unit=foreign(entry.unit))
        if entry.behalf:
            name = say_html("orders.story.behalf", name=name, other=foreign(entry.behalf))
        return name

    def nameless(self, capacity: str) -> SafeString:
        party = self.page.parties.get(capacity)
        if party and capacity in self.veiled:
            return say_html("orders.story.hidden", party=party.words)
        if party:
            return conditional_escape(speak(party.words))
        key = "someone" if capacity == "anyone" else "other"
        return conditional_escape(say(f"orders.story.{key}"))

    def fact(self, line: Line) -> SafeString:
        value = say("orders.story.erased") if line.erased else self.value(line)
        return say_html("orders.story.fact", name=line.words, value=value)

    def value(self, line: Line) -> SafeString:
        if line.type == "cover":
            return conditional_escape(say("photos.parts", n=len(many(line.value))))
        shown = (readable(line.type, one, self.numbers) for one in many(line.value))
        return joined(shown, "orders.story.list")

    def over(self, entry: Entry) -> str:
        late = [
            say("orders.story.over", limit=self.page.limits[name].words, length=duration(seconds))
            for name, seconds in entry.over.items()
            if name in self.page.limits
        ]
        return say("orders.story.comma").join(late)


def spoken(entry: Entry) -> SafeString:
    """A unit without account, by whose mouth it spoke, and who copied what came on paper."""
    unit = format_html('<b class="who">{}</b>', foreign(entry.unit or say("orders.story.other")))
    name = format_html("<bdi>{}</bdi>", foreign(entry.voice))
    told = {"unit": unit, "name": name, "by": foreign(entry.actor or "—")}
    key = f"orders.story.by_{entry.via}" + ("" if entry.voice else "_alone")
    who = say_html(key, **told)
    return who + phone_link(entry.tel) if entry.tel else who


def between(was: str, now: str) -> SafeString:
    """The desk it left and the one it came to."""
    return say_html("orders.story.desks", was=foreign(was), now=foreign(now))


def is_quote(line: Line) -> bool:
    """Long words, and the `text` that most steps ask, stand apart in the teller's own lines."""
    if line.type != "text" or line.erased:
        return False
    return line.name == "text" or any(
        len(str(t)) > SHORT or "\n" in str(t) for t in many(line.value)
    )


def noted(entry: Entry) -> str:
    if entry.recorded - entry.at <= SOON:
        return ""
    return say("orders.story.noted", at=moments.moment(entry.recorded, this_year=entry.at.year))


def what(entry: Entry) -> str:
    """What was done, after a name or alone: by the kernel, by nobody, or by a person."""
    if entry.verb in KERNEL_WORDS:
        return say(f"orders.kernel.{entry.verb}")
    zh, english = entry.words.zh, tongue() == "en"
    if entry.capacity in BY_ITSELF and not entry.actor:
        if english and zh in names("came"):
            return names("came")[zh]
        key = entry.capacity if entry.capacity != "kernel" else "clock"
        return say(f"orders.story.{key}", step=entry.words)
    return names("did").get(zh) or say("orders.story.step_en", step=entry.words) if english else zh


@cache
def names(table: str) -> dict[str, str]:
    """Chinese name of a step → how English tells it."""
    return {w.zh: w.en for key, w in rows().items() if key.startswith(f"steps.{table}.")}


# ── answers in words ─────────────────────────────────────────────────────────────────────────────


def joined(parts: Iterable[SafeString], key: str) -> SafeString:
    return mark_safe(conditional_escape(say(key)).join(conditional_escape(p) for p in parts))


def readable(kind: str, value: Any, numbers: dict[str, str]) -> SafeString | str:
    """One answer as a person writes it; names of people and places are marked as Chinese."""
    if isinstance(value, Words):
        return speak(value)
    if kind in ("person", "unit", "place", "area", "signature"):
        return foreign(str(value))
    tell = READABLE.get(kind)
    if kind == "order":
        return order_link(str(value), numbers)
    return tell(value) if tell else foreign(str(value).strip().rstrip("。."))


def order_link(id: str, numbers: dict[str, str]) -> SafeString | str:
    number = numbers.get(id.replace("-", ""))
    return (
        format_html('<a href="{}">{}</a>', reverse("order", args=[number]), number)
        if number
        else "—"
    )


def phone_link(value: str) -> SafeString:
    digits = "".join(c for c in str(value) if c.isdigit() or c == "+")
    return format_html('<a href="tel:{}">{}</a>', digits, value)


def category_words(code: str) -> str:
    found = {c: row for table in categories().tables for c, row in table.categories.items()}
    return speak(found[code].words) if code in found else str(code)


def moment_words(value: str) -> str:
    at = datetime.fromisoformat(str(value))
    return moments.moment(at, this_year=timezone.localdate().year)


def day_words(value: str) -> str:
    return moments.day(date.fromisoformat(str(value)))


def yes_words(value: Any) -> str:
    return say(f"orders.story.{'yes' if value is True else 'no'}")


def stars(value: Any) -> str:
    return say("orders.story.stars", n=value)


def point_words(value: Any) -> str:
    return ", ".join(f"{float(x):.4f}" for x in value) if isinstance(value, list) else str(value)


READABLE: dict[str, Any] = {
    "moment": moment_words,
    "date": day_words,
    "yes": yes_words,
    "rating": stars,
    "phone": phone_link,
    "money": moments.money,
    "number": moments.figure,
    "hours": lambda n: say("orders.story.hours", n=n),
    "category": category_words,
    "point": point_words,
}
