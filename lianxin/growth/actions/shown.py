"""Birth and identity number in clear: for who keeps the career, written down before it is shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from lianxin.core.step.who import Who
from lianxin.growth.models import Particulars
from lianxin.growth.queries.workers import keeps, kept, within
from lianxin.orders.looks import PARTICULARS, bounds, looked, of_today
from lianxin.registry.models import Person
from lianxin.registry.refusal import NotPossible

MASK = "*"


@dataclass(frozen=True, slots=True)
class Shown:
    born: str
    identity: str


def of(person: Person) -> Shown:
    """Of either row, where two became one."""
    rows = Particulars.objects.filter(person__in=[person, *person.merged.all()])
    found = sorted(rows, key=lambda row: row.person_id != person.pk)
    first = [next((v for row in found if (v := getattr(row, n))), "") for n in ("born", "identity")]
    return Shown(*first)


def masked(person: Person) -> Shown:
    """The year, and the last two signs of the number."""
    plain = of(person)
    born = plain.born[:4] + "-**-**" if plain.born else ""
    return Shown(born, MASK * 16 + plain.identity[-2:] if plain.identity else "")


def clear(who: Who, person: Person, now: datetime) -> Shown:
    """Refuses: not_kept (only who keeps the career), looked_enough. The same person again on one
    day counts once."""
    day = timezone.localdate(now)
    if not keeps(who, person.pk, day):
        raise NotPossible("not_kept")
    about = f"person={person.pk}"
    grant = next(g for g in kept(who.grants) if within([g], person.pk, day))
    with transaction.atomic():
        known = set(of_today(who, PARTICULARS, now).values_list("about", flat=True))
        if about not in known and len(known) >= bounds(PARTICULARS)["a_day"]:
            raise NotPossible("looked_enough", most=bounds(PARTICULARS)["a_day"])
        looked(who, PARTICULARS, n=1, path=grant.path, about=about, now=now)
    return of(person)
