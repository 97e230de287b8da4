"""What every night says of things that run out or wait, once each; what is settled falls silent."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction

from lianxin.core.place import path as paths
from lianxin.growth.queries.reminders import ROWS, Due, due, word
from lianxin.growth.reminders import PERSON, UNIT, Rule, reminders
from lianxin.orders.models import Notice
from lianxin.orders.notices.address import can_sign_in
from lianxin.orders.notices.readers import Reader
from lianxin.registry.models import Post

SETTLED = "settled"  # why a notice is not shown any more
AT_ONCE = 1000
Seats = dict[str, frozenset[str]]


def remind(day: date, now: datetime) -> int:
    """All kinds of the table, each in a transaction of its own. Returns how many were told anew."""
    return sum(remind_of(rule, day, now) for rule in reminders().values() if rule.name in ROWS)


@transaction.atomic
def remind_of(rule: Rule, day: date, now: datetime) -> int:
    """May run twice: a notice that is there stays as it is, read or not. What has been done, or is
    said anew by a later threshold, is shown no more."""
    seats = {role: held(role, day) for role in rule.told if role not in (PERSON, UNIT)}
    rows = {
        said: made(said, one, reader, now)
        for one in due(rule, day)
        if (reader := reader_of(rule, one, seats)) and (said := word(rule, one, day))
    }
    known = Notice.objects.filter(order=None, word__startswith=f"{rule.name} ")
    there = dict(known.values_list("word", "dropped"))
    over = [said for said in there if said not in rows and not there[said]]
    known.filter(word__in=over).update(dropped=SETTLED)
    back = [said for said in there if said in rows and there[said] == SETTLED]
    known.filter(word__in=back).update(dropped="")
    fresh = [row for said, row in rows.items() if said not in there]
    Notice.objects.bulk_create(fresh, AT_ONCE, ignore_conflicts=True)
    return len(fresh)


def made(said: str, one: Due, reader: Reader, now: datetime) -> Notice:
    return Notice(
        nth=one.key, word=said, at=now, person_id=reader.person_id, unit_id=reader.unit_id,
        role=reader.role, desk=reader.desk,
    )  # fmt: skip


# ── to whom ──────────────────────────────────────────────────────────────────────────────────────


def reader_of(rule: Rule, one: Due, seats: Seats) -> Reader | None:
    """The first of those the table names; None where there is nobody."""
    roles = [told for told in rule.told if told in seats]
    for told in rule.told:
        if told == PERSON and one.person and can_sign_in(one.person):
            return Reader(person_id=one.person.pk)
        if told == UNIT and one.unit:
            return Reader(unit_id=one.unit)
        if told in seats:
            return nearest(one.path, roles, seats)
    return None


def nearest(path: str, roles: Iterable[str], seats: Seats) -> Reader | None:
    """Whoever holds one of the roles at the place, in their order, else at the next above it."""
    for place in (path, *reversed(paths.ancestors(path))):
        for role in roles:
            if place in seats[role]:
                return Reader(role=role, desk=place)
    return None


def held(role: str, day: date) -> frozenset[str]:
    """Paths of the places where somebody holds this role."""
    posts = Post.objects.on(day).filter(role=role, area__isnull=False, person__is_active=True)
    return frozenset(posts.values_list("area__path", flat=True))
