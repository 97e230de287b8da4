"""One's own address for mail: told by oneself, confirmed by a link that goes there.

What the office entered (column 邮箱 of the people sheet) counts as known.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from lianxin.registry.actions.mail_waits import MailWaits
from lianxin.registry.actions.people import change_person
from lianxin.registry.actions.stamp import Stamp
from lianxin.registry.models import MailProof, Person
from lianxin.registry.refusal import NotPossible

WAITS = MailWaits(MailProof, "person", "proof.mail", "proof.link")


def begin_mail(stamp: Stamp, person: Person, mail: str) -> MailProof:
    """An address that waits; one that waited before is over. Refuses: bad_mail, no_mail."""
    row: MailProof = WAITS.begin(person, mail, stamp.at)
    return row


def mail_waiting(person: Person, now: datetime) -> str:
    """The address that waits to be confirmed, "" if none does."""
    return WAITS.waiting(person, now)


def proof_to_send(key: int, now: datetime) -> tuple[Person, str, str] | None:
    """(person, address, secret of the link), given out once; None if it is over or on its way."""
    going = WAITS.to_send(key, now)
    return going and (going[0].person, going[1], going[2])


def mail_proof(given: str, now: datetime) -> MailProof | None:
    found = WAITS.asked_by(given, now).select_related("person")
    row: MailProof | None = found.filter(person__is_active=True).first()
    return row


@transaction.atomic
def confirm_mail(at: datetime, given: str) -> Person:
    """The address is the person's from now on. Pressed twice, it is done once. Refuses:
    no_proof."""
    WAITS.hold(given)
    row = mail_proof(given, at)
    if row is None:
        raise NotPossible("no_proof")
    person = row.person
    change_person(Stamp(person, at), person, mail=WAITS.mail_of(row))
    row.delete()
    return person


@transaction.atomic
def drop_mail(stamp: Stamp, person: Person) -> bool:
    """No address any more, nor one that waits. False: there was none."""
    gone, _ = MailProof.objects.filter(person=person).delete()
    return change_person(stamp, person, mail="") or bool(gone)
