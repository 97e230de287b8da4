"""Birth and identity number: what hiring alone needs, kept sealed; the log says only that they
changed."""

from __future__ import annotations

import re
from datetime import date

from django.db import IntegrityError, transaction

from lianxin.growth.models import Particulars
from lianxin.registry.actions import Stamp
from lianxin.registry.models import Person
from lianxin.registry.refusal import NotPossible

IDENTITY = re.compile(r"[1-9]\d{16}[\dX]")
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
LAST = "10X98765432"


@transaction.atomic
def set_particulars(stamp: Stamp, person: Person, born: str = "", identity: str = "") -> bool:
    """`born` as 1990-05-01, taken from the identity number where it is not given; what is blank
    stays as it was. False: nothing differs. Refuses: bad_born, bad_identity, born_differs,
    identity_used."""
    identity = identity.strip().upper()
    if identity and not valid(identity):
        raise NotPossible("bad_identity")
    born = day_of(born.strip() or birth_in(identity), stamp.day)
    Person.objects.select_for_update().get(pk=person.pk)
    row = Particulars.objects.filter(person=person).first() or Particulars(person=person)
    if (known := identity or row.identity) and born and born != birth_in(known):
        raise NotPossible("born_differs")
    wished = {name: value for name, value in (("born", born), ("identity", identity)) if value}
    changed = sorted(name for name, value in wished.items() if getattr(row, name) != value)
    if not changed:
        return False
    for name in changed:
        setattr(row, name, wished[name])
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as taken:
        raise NotPossible("identity_used") from taken
    stamp.enter("change", row, after={"person_id": person.pk, "fields": changed})
    return True


def valid(identity: str) -> bool:
    """Eighteen signs of which the last follows from the others (GB 11643).

    >>> valid("11010519491231002X"), valid("110105194912310021")
    (True, False)
    """
    if not IDENTITY.fullmatch(identity):
        return False
    total = sum(int(sign) * weight for sign, weight in zip(identity, WEIGHTS, strict=False))
    return LAST[total % 11] == identity[-1]


def birth_in(identity: str) -> str:
    """
    >>> birth_in("11010519491231002X")
    '1949-12-31'
    """
    return f"{identity[6:10]}-{identity[10:12]}-{identity[12:14]}" if identity else ""


def day_of(text: str, today: date) -> str:
    """The day as it is kept, "" for none. Refuses: bad_born."""
    if not text:
        return ""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise NotPossible("bad_born") from None
    if day.year < 1900 or day > today:
        raise NotPossible("bad_born")
    return day.isoformat()
