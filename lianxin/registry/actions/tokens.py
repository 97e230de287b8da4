"""A token is shown once, when it is issued; afterwards only its hash is known."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime

from django.db import transaction

from lianxin.registry.actions.stamp import Stamp
from lianxin.registry.models import Person, Token

MARK = "lx_"  # lets a scanner find a token that was left in a file


def token_hash(plain: str) -> str:
    """What is stored. 256 random bits need no slow hash.

    >>> len(token_hash("lx_x"))
    64
    """
    return hashlib.sha256(plain.encode()).hexdigest()


@transaction.atomic
def issue_token(stamp: Stamp, person: Person, until: datetime | None = None) -> tuple[str, Token]:
    """The secret in clear, for this once, and its row."""
    plain = MARK + secrets.token_urlsafe(32)
    token = Token.objects.create(person=person, hash=token_hash(plain), since=stamp.at, until=until)
    stamp.enter("issue", token, after={"person_id": person.pk})
    return plain, token


@transaction.atomic
def revoke_token(stamp: Stamp, token: Token) -> None:
    """From this moment it opens nothing."""
    row = Token.objects.select_for_update().get(pk=token.pk)
    if row.until is None or row.until > stamp.at:
        row.until = max(stamp.at, row.since)
        row.save(update_fields=["until"])
        stamp.enter("revoke", row, after={"until": row.until.isoformat()})
