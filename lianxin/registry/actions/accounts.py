"""Accounts are opened by an invitation, reset, shut and opened again; each change is in the log."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db import transaction

from lianxin.registry.account_rules import must_be_good, rule
from lianxin.registry.actions.stamp import Stamp
from lianxin.registry.actions.tokens import revoke_token
from lianxin.registry.models import Invitation, Person, Token
from lianxin.registry.refusal import NotPossible

BYTES = 24  # of chance in a secret: looking it up by its hash is safe


def digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


@transaction.atomic
def invite(stamp: Stamp, person: Person) -> tuple[str, Invitation]:
    """The secret in clear, for this once, and its row. An earlier one opens nothing any more.

    Refuses: shut (the account must be opened first).
    """
    row = _locked(person)
    if not row.is_active:
        raise NotPossible("shut", name=row.name)
    _void(stamp, row)
    plain = secrets.token_urlsafe(BYTES)
    until = stamp.at + timedelta(days=rule("invitation_days"))
    made = Invitation.objects.create(person=row, hash=digest(plain), since=stamp.at, until=until)
    stamp.enter("invite", made, after={"person_id": row.pk, "until": until.isoformat()})
    return plain, made


def invited(secret: str, now: datetime) -> Invitation:
    """The invitation that this secret opens. Refuses: no_invitation, invitation_used,
    invitation_over, shut."""
    found = Invitation.objects.select_related("person").filter(hash=digest(secret)).first()
    if found is None:
        raise NotPossible("no_invitation")
    if found.used is not None:
        raise NotPossible("invitation_used")
    if found.until <= now:
        raise NotPossible("invitation_over")
    if not found.person.is_active:
        raise NotPossible("shut", name=found.person.name)
    return found


@transaction.atomic
def accept(stamp: Stamp, secret: str, password: str) -> Person:
    """The invited person's password; the invitation is used with it. Two may press in one second:
    the second finds it used. Refuses what `invited` refuses, and: bad_password."""
    Invitation.objects.select_for_update().filter(hash=digest(secret)).first()
    row = invited(secret, stamp.at)
    person = _locked(row.person)
    must_be_good(password, person)
    row.used = stamp.at
    row.save(update_fields=["used"])
    person.set_password(password)
    person.save(update_fields=["password"])
    by = Stamp(person, stamp.at)
    by.enter("accept", row, after={"person_id": person.pk})
    return person


@transaction.atomic
def reset(stamp: Stamp, person: Person) -> tuple[str, Invitation]:
    """The old password and whoever came in by it stop at once; a new invitation takes its place."""
    row = _locked(person)
    _lock_out(row)
    stamp.enter("reset", row)
    return invite(stamp, row)


@transaction.atomic
def shut(stamp: Stamp, person: Person) -> bool:
    """From this moment nothing of this person's opens: no session, token or invitation, in no
    process. Their posts stay; what was theirs to do is somebody else's to move. False: it was shut.

    Refuses: last_operator.
    """
    operators = _operators()
    row = _locked(person)
    if operators == [row.pk]:
        raise NotPossible("last_operator", name=row.name)
    changed = stamp.change("shut", row, is_active=False)
    _lock_out(row)
    _void(stamp, row)
    for token in Token.objects.filter(person=row).order_by("pk"):
        revoke_token(stamp, token)
    return changed


@transaction.atomic
def open_again(stamp: Stamp, person: Person) -> tuple[str, Invitation]:
    """The account is back, and its person comes in by a new invitation: nothing old opens. Refuses:
    became (it is another row's by now)."""
    row = _locked(person)
    if row.became is not None:
        raise NotPossible("became", name=row.became.name, username=row.became.username)
    stamp.change("open_again", row, is_active=True)
    return invite(stamp, row)


def _locked(person: Person) -> Person:
    return Person.objects.select_for_update().get(pk=person.pk)


def _operators() -> list[int]:
    """Those who can keep the house, locked: two who shut each other in one second wait here."""
    found = Person.objects.filter(is_operator=True, is_active=True).order_by("pk")
    return [row.pk for row in found.select_for_update()]


def _lock_out(person: Person) -> None:
    """Sessions carry a mark of the password they came in by, and every request compares it."""
    person.set_unusable_password()
    person.save(update_fields=["password"])


def _void(stamp: Stamp, person: Person) -> None:
    """Invitations still open are over now."""
    still = Invitation.objects.filter(person=person, used=None, until__gt=stamp.at)
    still.update(until=stamp.at)
