"""What growth keeps of a person when two rows become one: one career, one place in each class.

Birth and identity number stay where they were written: whoever needs them finds them by both rows.
"""

from __future__ import annotations

from lianxin.core.career import CareerError, career_in
from lianxin.growth.actions.careers import UNFINISHED
from lianxin.growth.models import Attendance, Fact, Particulars, Reserve, ReservedPost
from lianxin.growth.queries.careers import row_of, told_of
from lianxin.orders.models import Hand
from lianxin.registry.actions import Stamp
from lianxin.registry.actions.merging import Moved, shift
from lianxin.registry.models import Person
from lianxin.registry.refusal import NotPossible


def move(stamp: Stamp, lost: Person, stays: Person, moved: Moved) -> None:
    """Refuses: in_hand, two_reserves, two_births, two_identities, and `career_<code>` where the two
    careers make no one."""
    if n := Hand.objects.filter(holds="person", who=lost.pk, until=None, order__open=True).count():
        raise NotPossible("in_hand", name=lost.name, n=n)
    kept = Reserve.objects.filter(person__in=(lost, stays), until=None)
    if kept.count() > 1:
        raise NotPossible("two_reserves", name=stays.name)
    alike(lost, stays)
    shift(stamp, kept.filter(person=lost), stays, moved)
    shift(stamp, Attendance.objects.filter(person=lost).order_by("pk"), stays, moved, ends=False)
    shift(stamp, ReservedPost.objects.filter(person=lost).order_by("pk"), stays, moved, ends=False)
    facts = list(Fact.objects.filter(person=lost).order_by("pk"))
    if facts:
        reads_as_one(lost, stays)
        shift(stamp, facts, stays, moved)


def alike(lost: Person, stays: Person) -> None:
    """Nobody is born on two days, or has two identity numbers."""
    rows = {row.person_id: row for row in Particulars.objects.filter(person__in=(lost, stays))}
    if len(rows) < 2:
        return
    for name, code in (("born", "two_births"), ("identity", "two_identities")):
        said = {getattr(row, name) for row in rows.values()} - {""}
        if len(said) > 1:
            raise NotPossible(code, name=stays.name)


def reads_as_one(lost: Person, stays: Person) -> None:
    """Says which spells, posts or results of the two do not go together."""
    facts = [fact for _, found in told_of([lost.pk, stays.pk]) for fact in found]
    try:
        career_in(row_of(facts))
    except CareerError as no:
        if no.code not in UNFINISHED:
            raise NotPossible(f"career_{no.code}", **no.facts) from no
