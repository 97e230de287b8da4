"""The desk's calls: whom no message reaches is told by somebody, and each look at a phone is kept.

Whoever is bound to an order by its work makes none of its calls: the one who did it does not ring
up the one who is to rate it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F, OuterRef, QuerySet, Subquery

from lianxin.core.step.capacity import as_party
from lianxin.core.step.seen import askers
from lianxin.core.step.who import Grant, Who
from lianxin.orders.looks import CALL, looked
from lianxin.orders.models import Channel, Delivery, Order, State
from lianxin.orders.notices import address
from lianxin.orders.notices.carry import barred
from lianxin.orders.notices.rules import awake, rules
from lianxin.orders.notices.sentence import Facts, around, look_up, sentence
from lianxin.orders.notices.wrong import forget_phone
from lianxin.registry.actions import Stamp
from lianxin.registry.models import Person

AT_ONCE = 50
NO_ANSWER = "no_answer"
REACHED = "reached"
ENDS = {REACHED: State.SENT, NO_ANSWER: State.FAILED, address.WRONG: State.REFUSED}


@dataclass(frozen=True, slots=True)
class Call:
    """One call to make, without the phone."""

    row: Delivery
    facts: Facts

    @property
    def number(self) -> str:
        return self.facts.number

    @property
    def to_unit(self) -> bool:
        """Whether a unit is called in which nobody has an account."""
        return self.row.person_id is None and self.facts.notice.unit_id is not None

    @property
    def key(self) -> int:
        return int(self.row.pk)


def waiting(grant: Grant, who: Who, now: datetime, after: int = 0) -> tuple[list[Call], int]:
    """Calls that this desk can make now, longest waiting first, and behind which key to go on (0:
    there are no more)."""
    found = queued(grant, who).filter(next_at__lte=now, pk__gt=after).order_by("pk")
    rows = list(found[: AT_ONCE + 1])
    more = rows[AT_ONCE - 1].pk if len(rows) > AT_ONCE else 0
    return shown(rows[:AT_ONCE], who), more


def later(grant: Grant, who: Who, now: datetime) -> list[Call]:
    """Calls that are to be made later: in vain so far, or filed at night; the soonest first."""
    found = queued(grant, who).filter(next_at__gt=now).order_by("next_at", "pk")
    return shown(list(found[:AT_ONCE]), who)


def queued(grant: Grant, who: Who) -> QuerySet[Delivery]:
    seen = Order.objects.visible_to(who)
    found = Delivery.objects.filter(channel=Channel.CALL, state=State.QUEUED, desk=grant.path)
    return found.filter(notice__order__in=seen).select_related("notice", "person")


def shown(rows: list[Delivery], who: Who) -> list[Call]:
    known = look_up([row.notice for row in rows])
    calls = (Call(row, known[row.notice_id]) for row in rows)
    return [call for call in calls if not bound(call.facts, who)]


def bound(facts: Facts, who: Who) -> bool:
    """Whether this person is a party to the order by other than having asked."""
    page = facts.page
    return any(as_party(facts.order, page, n, who) for n in set(page.parties) - askers(page))


# ── making one ───────────────────────────────────────────────────────────────────────────────────


def find(pk: int, who: Who, now: datetime, lock: bool = False) -> Call | None:
    """A call that somebody at this desk may make now; what need not be said any more is dropped."""
    for grant in who.grants:
        if grant.role == address.DESK and not grant.unit:
            found = queued(grant, who).filter(pk=pk)
            rows = list(found.select_for_update(of=("self",)) if lock else found)
            if calls := shown(rows, who):
                return None if over(calls[0].row, now) else calls[0]
    return None


def over(row: Delivery, now: datetime) -> bool:
    why = barred(row, now)
    if why:
        about = Delivery.objects.filter(pk=row.pk, state=State.QUEUED)
        about.update(state=State.DROPPED, why=why, done=now)
    return bool(why)


def look(call: Call, who: Who, now: datetime) -> str:
    """The phone; that it was looked at is kept for the auditor. "" where there is none any more."""
    phone = address.phone_for(call.facts, call.row.person, who)
    if phone:
        looked(who, CALL, order=call.row.notice.order_id, n=1, path=call.row.desk, now=now)
    return phone


def read_aloud(call: Call, desk: str, lang: str) -> list[str]:
    """The words to say, a sentence each."""
    facts = call.facts
    more = ("rate" if asks(facts) else "look") if facts.asker else ""
    more = "unit" if call.to_unit else more
    said = [around("call", lang, desk=desk), sentence(facts, lang)]
    return [*said, around(more, lang)] if more else said


def asks(facts: Facts) -> bool:
    """Whether it is the asker who has the next word."""
    state = facts.page.states.get(facts.order.state or "")
    return bool(state and state.turn in askers(facts.page))


@transaction.atomic
def answer(pk: int, who: Who, person: Person, said: str, tries: int, now: datetime) -> Call | None:
    """What came of a call. `tries`: how often it had been made when the page was opened; None where
    somebody else has called since, or there is nothing to call about."""
    call = find(pk, who, now, lock=True)
    if call is None or call.row.tries != tries or said not in ENDS:
        return None
    row = call.row
    row.tries += 1
    if said == NO_ANSWER and row.tries < rules().tries:
        row.why, row.next_at = NO_ANSWER, awake(now + rules().again)
    else:
        row.state, row.why, row.done = ENDS[said], "" if said == REACHED else said, now
    row.save(update_fields=["tries", "why", "next_at", "state", "done"])
    Stamp(person, now).enter(said, row, after={"order": call.number})
    if said == address.WRONG:
        forget_phone(row, now)
    return call


def rehome() -> int:
    """Calls stand with the desk that has the order now."""
    stray = Delivery.objects.filter(channel=Channel.CALL, state=State.QUEUED)
    stray = stray.exclude(desk=F("notice__order__desk"))
    now = Order.objects.filter(notices=OuterRef("notice")).values("desk")[:1]
    return stray.update(desk=Subquery(now))
