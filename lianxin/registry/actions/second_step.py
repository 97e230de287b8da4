"""The second step of signing in: set up with a phone, taken code by code, given back, taken off."""

from __future__ import annotations

import secrets
import unicodedata
from datetime import datetime, timedelta

from django.db import transaction

from lianxin.registry import secret, totp
from lianxin.registry.account_rules import rule
from lianxin.registry.actions.stamp import Stamp
from lianxin.registry.models import Person, RecoveryCode, SecondStep
from lianxin.registry.refusal import NotPossible

FIELD = "person.second"
RECOVERY = "person.recovery"
SIGNS = "23456789abcdefghjkmnpqrstuvwxyz"  # without look-alikes
LENGTH = 10  # signs of a recovery code: 49 bits
MISSES, REST = 20, timedelta(hours=1)  # wrong codes, from wherever, before the phone is not asked


def has_second(person: Person) -> bool:
    """Whether a code is asked of this person."""
    return SecondStep.objects.filter(person=person, since__isnull=False).exists()


@transaction.atomic
def begin_second(person: Person) -> str:
    """A secret for the phone, not yet in force. Each time a new one: whoever has seen the last one
    on an open screen knows nothing. Refuses: second_there."""
    row = SecondStep.objects.select_for_update().filter(person=person).first()
    if row is not None and row.since is not None:
        raise NotPossible("second_there")
    plain = totp.fresh()
    SecondStep.objects.update_or_create(
        person=person, defaults={"secret_sealed": secret.seal(FIELD, plain)}
    )
    return plain


def begun_second(person: Person) -> str:
    """The secret that waits to be confirmed, for a page that is shown again. Refuses: no_second."""
    row = SecondStep.objects.filter(person=person, since=None).first()
    if row is None:
        raise NotPossible("no_second")
    return secret.unseal(FIELD, row.secret_sealed)


@transaction.atomic
def confirm_second(stamp: Stamp, person: Person, given: str) -> list[str]:
    """The first right code puts it in force; gives the recovery codes, for this once.

    Refuses: second_there, no_second, wrong_code.
    """
    row = SecondStep.objects.select_for_update().filter(person=person).first()
    if row is None:
        raise NotPossible("no_second")
    if row.since is not None:
        raise NotPossible("second_there")
    step = totp.matching(secret.unseal(FIELD, row.secret_sealed), plain_code(given), stamp.at)
    if step is None:
        raise NotPossible("wrong_code")
    row.since, row.step = stamp.at, step
    row.save(update_fields=["since", "step"])
    stamp.enter("second_on", row, after={"person_id": person.pk})
    return _fresh_codes(person)


@transaction.atomic
def take_code(person: Person, given: str, now: datetime) -> bool:
    """Whether this code lets the person in now: the phone's, or a recovery code; each code once.

    Two may send the same code in one second: the second waits here, and finds it taken.
    """
    row = SecondStep.objects.select_for_update().filter(person=person, since__isnull=False).first()
    if row is None or (row.misses >= MISSES and row.missed and now < row.missed + REST):
        return False
    code = plain_code(given)
    if len(code) == LENGTH:
        right = _recovered(person, code, now)
    else:
        step = totp.matching(secret.unseal(FIELD, row.secret_sealed), code, now, row.step)
        right, row.step = step is not None, step or row.step
    row.misses, row.missed = (0, None) if right else (row.misses + 1, now)
    row.save(update_fields=["step", "misses", "missed"])
    return right


@transaction.atomic
def renew_codes(stamp: Stamp, person: Person) -> list[str]:
    """Ten new recovery codes; the old ones open nothing any more. Refuses: no_second."""
    row = SecondStep.objects.select_for_update().filter(person=person, since__isnull=False).first()
    if row is None:
        raise NotPossible("no_second")
    stamp.enter("recovery_codes", row, after={"person_id": person.pk})
    return _fresh_codes(person)


@transaction.atomic
def drop_second(stamp: Stamp, person: Person) -> bool:
    """Signing in asks for the password alone again. False: it did."""
    row = SecondStep.objects.select_for_update().filter(person=person).first()
    if row is None:
        return False
    if row.since is not None:
        stamp.enter("second_off", row, after={"person_id": person.pk})
    RecoveryCode.objects.filter(person=person).delete()
    row.delete()
    return True


def codes_left(person: Person) -> int:
    return RecoveryCode.objects.filter(person=person, used=None).count()


def plain_code(given: str) -> str:
    """As people type it: with blanks, dashes, in capitals, in full width.

    >>> plain_code(" １２3 456 "), plain_code("ABCDE-fghjk")
    ('123456', 'abcdefghjk')
    """
    folded = unicodedata.normalize("NFKC", given[:40]).lower()
    return "".join(c for c in folded if c.isascii() and c.isalnum())


def _fresh_codes(person: Person) -> list[str]:
    RecoveryCode.objects.filter(person=person).delete()
    codes = [_fresh_code() for _ in range(rule("recovery_codes"))]
    RecoveryCode.objects.bulk_create(
        RecoveryCode(person=person, blind=_blind(person, code)) for code in codes
    )
    return codes


def _fresh_code() -> str:
    return "".join(secrets.choice(SIGNS) for _ in range(LENGTH))


def _recovered(person: Person, code: str, now: datetime) -> bool:
    kept = RecoveryCode.objects.filter(person=person, blind=_blind(person, code), used=None)
    return bool(kept.update(used=now))


def _blind(person: Person, code: str) -> str:
    return secret.blind(RECOVERY, f"{person.pk} {code}")
