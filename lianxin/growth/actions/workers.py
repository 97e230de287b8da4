"""A career begins at a community with a first post, and is over on the day somebody leaves."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import IntegrityError, transaction

from lianxin.growth.actions.careers import check, locked, one_at_a_time, settled
from lianxin.growth.careers import careers
from lianxin.growth.models import Fact
from lianxin.growth.queries.workers import spell_of
from lianxin.registry.actions.stamp import Stamp
from lianxin.registry.actions.told import together
from lianxin.registry.models import Area, Person
from lianxin.registry.refusal import NotPossible


@transaction.atomic
@together()
def enrol(stamp: Stamp, person: Person, area: Area, post: str, since: date) -> Fact:
    """At work from `since`, in that post. Returns the spell of work.

    Refuses: closed, works_already, no_such_post (none of the day's table), became, and what
    writing a career does (day_far, second_spell, career_…).
    """
    locked(person)
    if area.until is not None:
        raise NotPossible("closed", name=area.name, until=area.until)
    known_post(post, since)
    spell = Fact(person=person, kind=Fact.Kind.WORKED, area=area, since=since)
    check(spell)
    if not Fact.objects.filter(person=person, kind=spell.kind, until=None).exists():
        one_at_a_time(spell)
    try:
        with transaction.atomic():
            spell.save()
    except IntegrityError as there:
        raise NotPossible("works_already", name=person.name) from there
    stamp.made("enrol", spell)
    row = Fact.objects.create(person=person, kind=Fact.Kind.POST, name=post, since=since)
    stamp.made("record", row)
    settled(stamp, person)
    return spell


@transaction.atomic
def leave(stamp: Stamp, spell: Fact, on: date) -> None:
    """`on` is the first day of no work. Refuses: not_after, work_over."""
    row = Fact.objects.select_for_update().get(pk=spell.pk, kind=Fact.Kind.WORKED)
    if row.until is not None:
        raise NotPossible("work_over", until=row.until)
    if on < row.since:
        raise NotPossible("not_after", on=on, since=row.since)
    stamp.change("leave", row, until=on)


def may_begin(stamp: Stamp, person: Person, paths: Iterable[str], since: date) -> None:
    """Whether whoever signs and keeps the careers of these places may say that somebody works there
    from that day: nobody of themselves; and of a career that another place keeps nothing before it
    ended there. Refuses: not_kept."""
    if stamp.who is None:
        return
    spell = spell_of(person.pk, stamp.day)
    ours = spell is None or spell.area is None or spell.area.path.startswith(tuple(paths))
    later = spell is not None and spell.until is not None and spell.until <= since
    if stamp.who.pk == person.pk or not (ours or later):
        raise NotPossible("not_kept")


def known_post(post: str, on: date) -> None:
    first = careers().rows[0].since
    if post not in careers().on(max(on, first)).posts:
        raise NotPossible("no_such_post", post=post)
