"""A contract is a spell of service with a last day; renewed, the next one begins where it ends."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import F

from lianxin.growth.actions.careers import locked, write
from lianxin.growth.models import Fact
from lianxin.registry.actions.stamp import Stamp
from lianxin.registry.models import Person
from lianxin.registry.refusal import NotPossible


def last_contract(person: Person) -> Fact | None:
    """The one that begins last: behind it stands no other."""
    spells = Fact.objects.filter(person=person, kind=Fact.Kind.WORKED).exclude(until=F("since"))
    return spells.select_related("area").order_by("-since", "-pk").first()


@transaction.atomic
def renew(stamp: Stamp, person: Person, until: date | None, number: str = "") -> Fact:
    """Another contract at the same place, from the day on which the last one is over, up to the day
    before `until` (None: without an end). No day of service is lost between the two, and both stay
    on record.

    Refuses: no_contract, no_contract_end (it runs on as it is), and what writing a career does.
    """
    row = last_contract(locked(person))
    if row is None:
        raise NotPossible("no_contract", name=person.name)
    if row.until is None:
        raise NotPossible("no_contract_end", name=person.name)
    more = Fact(kind=row.kind, area=row.area, since=row.until, until=until, number=number.strip())
    return write(stamp, person, more)[0]
