"""One's own address for mail: told by oneself, confirmed by a link that goes there.

Until then nothing else goes to it: whoever mistypes would have their notices read by a stranger.
What the office entered (column 邮箱 of the people sheet) counts as known.
"""

from __future__ import annotations

import base64
import hashlib
from datetime import datetime, timedelta

from django.db import transaction

from lianxin.registry import secret
from lianxin.registry.actions.people import change_person, mail_address
from lianxin.registry.actions.stamp import Stamp
from lianxin.registry.models import MailProof, Person
from lianxin.registry.refusal import NotPossible

FIELD, LINK = "proof.mail", "proof.link"
LASTS = timedelta(days=1)
BYTES = 15  # of what only the house's key can make, in 20 characters


def begin_mail(stamp: Stamp, person: Person, mail: str) -> MailProof:
    """An address that waits; one that waited before is over. Refuses: bad_mail, no_mail."""
    plain = mail_address(mail)
    if not plain:
        raise NotPossible("no_mail")
    until = stamp.at + LASTS
    row, _ = MailProof.objects.update_or_create(
        person=person,
        defaults={
            "mail_sealed": secret.seal(FIELD, plain), "until": until, "sent": None,
            "hash": digest(link_secret(person, plain, until)),
        },
    )  # fmt: skip
    return row


def mail_waiting(person: Person, now: datetime) -> str:
    """The address that waits to be confirmed, "" if none does."""
    row = MailProof.objects.filter(person=person, until__gt=now).first()
    return secret.unseal(FIELD, row.mail_sealed) if row else ""


def proof_to_send(key: int, now: datetime) -> tuple[Person, str, str] | None:
    """(person, address, secret of the link), given out once; None if it is over or on its way."""
    row = MailProof.objects.select_related("person").filter(person=key, until__gt=now).first()
    if row is None or not MailProof.objects.filter(person=key, sent=None).update(sent=now):
        return None
    mail = secret.unseal(FIELD, row.mail_sealed)
    return row.person, mail, link_secret(row.person, mail, row.until)


def mail_proof(given: str, now: datetime) -> MailProof | None:
    found = MailProof.objects.select_related("person").filter(hash=digest(given), until__gt=now)
    return found.filter(person__is_active=True).first()


@transaction.atomic
def confirm_mail(at: datetime, given: str) -> Person:
    """The address is the person's from now on. Pressed twice, it is done once. Refuses:
    no_proof."""
    MailProof.objects.select_for_update().filter(hash=digest(given)).first()
    row = mail_proof(given, at)
    if row is None:
        raise NotPossible("no_proof")
    person = row.person
    change_person(Stamp(person, at), person, mail=secret.unseal(FIELD, row.mail_sealed))
    row.delete()
    return person


@transaction.atomic
def drop_mail(stamp: Stamp, person: Person) -> bool:
    """No address any more, nor one that waits. False: there was none."""
    gone, _ = MailProof.objects.filter(person=person).delete()
    return change_person(stamp, person, mail="") or bool(gone)


def link_secret(person: Person, mail: str, until: datetime) -> str:
    """Made anew from the row each time it is needed, so that no queue holds it."""
    name = f"{person.pk} {mail} {until.timestamp():.6f}"
    made = bytes.fromhex(secret.blind(LINK, name))[:BYTES]
    return base64.urlsafe_b64encode(made).decode()


def digest(given: str) -> str:
    return hashlib.sha256(given.encode()).hexdigest()
