"""Decides by which way a notice goes to each of its readers, and by which next when that fails.

Which ways there are for whom, and in which order: `ways.py`. Where none can be gone the page of
notices is enough for those who work with our pages every day; an asker is called, or counted as
not reached.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from django.db import transaction
from procrastinate.exceptions import AlreadyEnqueued

from lianxin.orders.models import Delivery, Notice, State
from lianxin.orders.notices import address
from lianxin.orders.notices.gateway import gateway
from lianxin.orders.notices.mail import mail
from lianxin.orders.notices.rules import awake, rules
from lianxin.orders.notices.sentence import Facts, look_up
from lianxin.orders.notices.sight import people
from lianxin.orders.notices.ways import AT_WORK, CALL, MAIL, OFFICE, SMS, behind
from lianxin.orders.queue import put
from lianxin.orders.receivers import receiver
from lianxin.registry.models import Person
from lianxin.registry.phone_rules import mobile

NO_TIME = timedelta(0)
NO_WAY, OVERTAKEN, TAKEN_BACK, READ = "no_way", "overtaken", "taken_back", "read"


def plan(notices: Iterable[Notice], now: datetime) -> None:
    """The first way of each; may run twice: who has a way for a notice is given no second one."""
    rows = list(notices)
    known = look_up(rows)
    for notice in rows:
        for person in readers(notice, now):
            if not Delivery.objects.filter(notice=notice, person=person).exists():
                go_on(known[notice.pk], person, now)


def readers(notice: Notice, now: datetime) -> list[Person | None]:
    """The persons it goes to; None where it goes to no person: an asker without account, a unit in
    which nobody has one, by the number of its office, or the mailbox of a unit, beside its people.
    """
    if notice.party or (notice.follow_id and not notice.person_id):
        return [None]
    found = people(notice, now)
    if notice.unit is None:
        return [*found]
    if receiver(notice.order.flow) and not any(map(address.can_sign_in, found)):
        return [None]
    return [*found, None] if notice.unit.mail else [*found]


def go_on(facts: Facts, person: Person | None, now: datetime, after: str = "") -> Delivery | None:
    """The next way behind `after` that can be gone; None where the pages have to do."""
    if after and told_since(facts, person):
        return None
    kind = kind_of(facts, person, now)
    for channel in behind(kind, person, after):
        if OPEN[channel](facts, person):
            return queue(facts, person, channel, now, kind)
    if kind == "asker" and not after and not (person and address.can_sign_in(person)):
        return dropped(facts, person, now)
    return None


def told_since(facts: Facts, person: Person | None) -> bool:
    """Whether something newer about the order is on its way to this reader, or has arrived."""
    same = address.same_reader(facts.notice, person)
    newer = Delivery.objects.filter(same, notice__gt=facts.notice.pk)
    return newer.filter(state__in=(State.QUEUED, State.SENT)).exists()


def kind_of(facts: Facts, person: Person | None, now: datetime) -> str:
    """Somebody without post who can sign in to nothing is called like an asker. Nobody is called
    who only follows: where there is a post, the page of notices is enough."""
    if facts.notice.follow_id:
        return AT_WORK if person and address.has_post(person, now) else "follower"
    if person is None and facts.notice.unit_id and not by_link(facts, now):
        return OFFICE
    if person is None or (facts.asker and not address.has_post(person, now)):
        return "asker"
    if not address.can_sign_in(person):
        return "asker"
    verb = facts.notice.word.partition(" ")[0]
    return "urgent" if verb in rules().urgent else "staff"


def by_link(facts: Facts, now: datetime) -> bool:
    """Whether a unit's office itself is asked to answer: nobody of it can sign in, and what this
    flow asks of it may be answered by a link."""
    handed_out = receiver(facts.order.flow) is not None
    return handed_out and not any(map(address.can_sign_in, people(facts.notice, now)))


def by_message(facts: Facts, person: Person | None) -> bool:
    known = gateway() is not None and bool(mobile(address.phone(facts, person)))
    return known and not address.is_wrong(facts, person)


def by_mail(facts: Facts, person: Person | None) -> bool:
    return mail() is not None and bool(address.own_mail(facts, person))


def by_call(facts: Facts, person: Person | None) -> bool:
    return address.desk_can_call(facts, person) and not address.is_wrong(facts, person)


OPEN: dict[str, Callable[[Facts, Person | None], bool]] = {
    SMS: by_message, MAIL: by_mail, CALL: by_call,
}  # fmt: skip


# ── rows and jobs ────────────────────────────────────────────────────────────────────────────────


def queue(
    facts: Facts, person: Person | None, channel: str, now: datetime, kind: str
) -> Delivery:  # fmt: skip
    """Whatever still waits to be said to this reader about the order is overtaken by it."""
    older = Delivery.objects.filter(
        address.same_reader(facts.notice, person), state=State.QUEUED
    )  # fmt: skip
    older.filter(notice__lt=facts.notice.pk).update(state=State.DROPPED, why=OVERTAKEN, done=now)
    wait = rules().office_waits if kind == OFFICE else NO_TIME
    at = now if kind == "urgent" else awake(now + wait)
    row, fresh = Delivery.objects.get_or_create(
        notice=facts.notice, person=person, channel=channel,
        defaults={"desk": facts.order.desk, "at": now, "next_at": at},
    )  # fmt: skip
    if fresh and channel != CALL:
        enqueue(row)
    return row


def dropped(facts: Facts, person: Person | None, now: datetime) -> Delivery:
    """Nobody can be reached: that is kept, so that it can be counted."""
    row, _ = Delivery.objects.get_or_create(
        notice=facts.notice, person=person, channel=CALL,
        defaults={
            "desk": facts.order.desk, "at": now, "state": State.DROPPED, "why": NO_WAY, "done": now,
        },
    )  # fmt: skip
    return row


def enqueue(row: Delivery) -> None:
    """A job at the time the row names; one at most waits for a row."""
    from lianxin.orders.jobs import carry

    try:
        with transaction.atomic():
            job = carry.configure(schedule_at=row.next_at, queueing_lock=f"carry {row.pk}")
            put(job.make_new_job(delivery=row.pk))
    except AlreadyEnqueued:
        return


def take_back(notices: Iterable[Notice], now: datetime) -> set[int]:
    """Deliveries not yet made of what does not hold any more are not made. Returns keys of notices
    that nobody outside has heard of: nobody needs to be told that they do not hold."""
    keys = [n.pk for n in notices]
    waiting = Delivery.objects.filter(notice__in=keys, state=State.QUEUED)
    waiting.update(state=State.DROPPED, why=TAKEN_BACK, done=now)
    told = Delivery.objects.filter(notice__in=keys).exclude(state=State.DROPPED)
    return set(keys) - set(told.values_list("notice", flat=True))
