"""Codes that prove a phone: made, handed on once, taken once, cleared away.

The code is made anew from the row's seed and a key of the house, so that the rows tell nobody what
it was; whoever asked for it holds the row's key in their session, and nobody else can try it.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import models, transaction
from django.utils.crypto import constant_time_compare

from lianxin.registry import secret
from lianxin.registry.actions.second_step import plain_code
from lianxin.registry.models import PhoneCode
from lianxin.registry.phone_rules import bound

FIELD = "code.phone"
CODE = "code.made"
SEE, FOLLOW = "see", "follow"
DIGITS = 6


@dataclass(frozen=True, slots=True)
class Going:
    """What the carrier is to be given. `key` is the same for the same code."""

    what: str
    phone: str
    code: str
    key: str


def begin_code(what: str, phone: str, now: datetime) -> PhoneCode:
    """A code for a phone (its digits, `phone_rules.mobile`), not sent yet. What limits how often is
    the caller's to ask."""
    return PhoneCode.objects.create(
        what=what, phone_sealed=secret.seal(FIELD, phone), seed=secrets.token_hex(16), since=now,
        until=now + timedelta(minutes=bound("minutes")),
    )  # fmt: skip


def phone_waiting(key: object, what: str, now: datetime) -> str:
    """The phone that a code is awaited from, "" where none can be taken any more."""
    row = _open(key, what, now).first()
    return secret.unseal(FIELD, row.phone_sealed) if row else ""


def to_send(key: int, now: datetime) -> Going | None:
    """What goes to the phone, given out this once: whoever dies on the way to the carrier sends no
    second one. None where it is over or on its way already."""
    row = PhoneCode.objects.filter(pk=key, sent=None, until__gt=now).first()
    if row is None or not PhoneCode.objects.filter(pk=key, sent=None).update(sent=now):
        return None
    phone = secret.unseal(FIELD, row.phone_sealed)
    name = f"lianxin-code-{secret.blind(CODE, f'{row.seed} key')}"
    return Going(row.what, phone, _code(row), name)


@transaction.atomic
def prove_phone(key: object, what: str, given: str, now: datetime) -> str:
    """The phone, if this is its code; the code is gone with it. Else "", and one try fewer.

    Two may send it in one second: the second waits here, and finds it gone.
    """
    row = _open(key, what, now).select_for_update().first()
    if row is None:
        return ""
    if constant_time_compare(_code(row), plain_code(given)):
        row.delete()
        return secret.unseal(FIELD, row.phone_sealed)
    PhoneCode.objects.filter(pk=row.pk).update(tries=row.tries + 1)
    return ""


def clear_codes(now: datetime) -> int:
    """What is over is kept no longer. How many there were."""
    gone, _ = PhoneCode.objects.filter(until__lt=now).delete()
    return gone


def _open(key: object, what: str, now: datetime) -> models.QuerySet[PhoneCode]:
    known = key if isinstance(key, int) else 0
    found = PhoneCode.objects.filter(pk=known, what=what, until__gt=now)
    return found.filter(tries__lt=bound("tries"))


def _code(row: PhoneCode) -> str:
    """Six digits out of 128 bits: each is as likely as the others, to 30 places."""
    return f"{int(secret.blind(CODE, row.seed), 16) % 10**DIGITS:0{DIGITS}d}"
