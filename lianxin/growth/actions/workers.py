"""A career begins at a community with a first post, and is over on the day somebody leaves."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction

from lianxin.growth.careers import careers
from lianxin.growth.models import Fact
from lianxin.registry.actions.stamp import Stamp
from lianxin.registry.actions.told import together
from lianxin.registry.models import Area, Person
from lianxin.registry.refusal import NotPossible


@transaction.atomic
@together()
def enrol(stamp: Stamp, person: Person, area: Area, post: str, since: date) -> Fact:
    """At work from `since`, in that post. Returns the spell of work.

    Refuses: closed, works_already, no_such_post (none of the day's table).
    """
    if area.until is not None:
        raise NotPossible("closed", name=area.name, until=area.until)
    known_post(post, since)
    spell = Fact(person=person, kind=Fact.Kind.WORKED, area=area, since=since)
    try:
        with transaction.atomic():
            spell.save()
    except IntegrityError as there:
        raise NotPossible("works_already", name=person.name) from there
    stamp.made("enrol", spell)
    row = Fact.objects.create(person=person, kind=Fact.Kind.POST, name=post, since=since)
    stamp.made("record", row)
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


def known_post(post: str, on: date) -> None:
    first = careers().rows[0].since
    if post not in careers().on(max(on, first)).posts:
        raise NotPossible("no_such_post", post=post)
