"""What the order page shows, as plain rows for its template: head, turn, limits, verbs, facts."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property
from typing import Any

from django.utils.safestring import SafeString

from lianxin.orders import phones
from lianxin.orders.queries import Sheet
from lianxin.orders.receivers import receiver
from lianxin.web.headline import headline
from lianxin.web.order import dues as order_dues
from lianxin.web.order import facts as order_facts
from lianxin.web.order import turn as order_turn
from lianxin.web.order import verbs as order_verbs
from lianxin.web.order.seen import Seen
from lianxin.web.order.states import look_of
from lianxin.web.order.telling import Teller, Told
from lianxin.web.words import speak


class OrderPage:
    """All of one sheet in the reader's language; each part is made when the template asks."""

    def __init__(self, sheet: Sheet, now: datetime) -> None:
        self.seen = seen = Seen(sheet, now)
        self.sheet, self.order, self.page, self.row = sheet, sheet.order, sheet.page, sheet.row
        first = seen.telling.entries[-1] if seen.telling.entries else None
        teller = Teller(sheet.page, seen.telling.veiled, seen.numbers, first)
        self.story: list[Told] = [teller.tell(entry) for entry in seen.telling.entries]

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
        quotes = self.first.quotes if self.first else ()
        return next((text for name, text in quotes if not name), "")

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
    def belongs(self) -> tuple[str, str] | None:
        """Number and words of the case that a paper is about, so that who decides need not look."""
        case = next((o for o in self.seen.relatives if o.pk == self.row.parent_id), None)
        words = order_facts.words_of(case) if case and not self.asked else ""
        return (case.number, words) if case and words else None

    @property
    def state(self) -> dict[str, str]:
        late = any(c.late for c in self.sheet.clocks)
        look = look_of(self.page, self.order.state, late=late, outcome=self.order.outcome)
        return {"look": look, "word": speak(self.sheet.state)}

    @property
    def at_desk(self) -> bool:
        """Whether the reader sits at a desk, where others may have the same order open."""
        return any(g.role == "desk" for g in self.sheet.who.grants)

    @property
    def phone(self) -> bool:
        """Whether the reader may ask for the asker's phone."""
        return self.seen.telling.phone and phones.lasts(self.order, self.page, self.seen.now)

    # ── its parts ────────────────────────────────────────────────────────────────────────────

    @property
    def yours(self) -> bool:
        return order_turn.yours(self.seen)

    @cached_property
    def turn(self) -> SafeString | str:
        return order_turn.turn(self.seen)

    @property
    def others(self) -> SafeString | str:
        return order_turn.others(self.seen)

    @cached_property
    def dues(self) -> list[order_dues.Due]:
        return order_dues.dues(self.seen)

    @cached_property
    def verbs(self) -> dict[str, Any]:
        return order_verbs.verbs(self.seen)

    @property
    def receiver(self) -> bool:
        """Whether it can be handed out to a unit without account, or copied from its paper."""
        row = receiver(self.page.flow)
        step = self.page.steps.get(row.give) if row else None
        return bool(step and any(b.step is step for b in self.sheet.buttons))

    @cached_property
    def undo(self) -> Told | None:
        return order_verbs.undoable(self.seen, self.story[0])

    @property
    def just(self) -> str:
        """What this reader did a moment ago, "" if nothing."""
        return order_verbs.just(self.seen) if self.undo else ""

    @cached_property
    def facts(self) -> list[order_facts.Fact]:
        return order_facts.facts(self.seen)
