"""Where a follower without account is written to: an address of their own, confirmed by a link.

How it waits and is confirmed: registry/actions/mail_waits.py.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from lianxin.orders.follows import dealt_with, short_of
from lianxin.orders.models import Follow, FollowMail
from lianxin.registry import secret as secret_keeper
from lianxin.registry.actions.mail_waits import MailWaits

FIELD = "follow.mail"
WAITS = MailWaits(FollowMail, "follow", "follow.mail.waits", "follow.mail.link")


def can_be_told(row: Follow | None) -> bool:
    """Whether there will be anything to tell: not let go, not ended, and no account that has it."""
    return bool(row and row.until is None and not row.person_id and dealt_with(row).open)


def begin(row: Follow, mail: str, now: datetime) -> FollowMail:
    """An address that waits; one that waited before is over. Refuses: bad_mail, no_mail."""
    waits: FollowMail = WAITS.begin(row, mail, now)
    return waits


def waiting(row: Follow, now: datetime) -> str:
    """The address that waits to be confirmed, "" if none does."""
    return WAITS.waiting(row, now)


def to_send(key: int, now: datetime) -> tuple[str, str] | None:
    """(address, secret of the link), given out once; None if it is over or on its way."""
    going = WAITS.to_send(key, now)
    return going and going[1:]


def asked_by(given: str, now: datetime) -> FollowMail | None:
    """What a link from such a mail confirms, as long as there is anything to tell."""
    row: FollowMail | None = WAITS.asked_by(given, now).select_related("follow__order").first()
    return row if row and can_be_told(row.follow) else None


@transaction.atomic
def confirm(given: str, now: datetime) -> str:
    """The follower is told there from now on: the secret of their short link. "" where the link
    opens nothing any more. Pressed twice, it is done once."""
    WAITS.hold(given)
    row = asked_by(given, now)
    if row is None:
        return ""
    kept = secret_keeper.seal(FIELD, WAITS.mail_of(row))
    Follow.objects.filter(pk=row.follow_id, until=None).update(mail_sealed=kept)
    short = short_of(row.follow)
    row.delete()
    return short


@transaction.atomic
def drop(row: Follow) -> None:
    """No address any more, nor one that waits."""
    FollowMail.objects.filter(follow=row).delete()
    Follow.objects.filter(pk=row.pk).update(mail_sealed=None)


def mail_of(row: Follow) -> str:
    return secret_keeper.unseal(FIELD, row.mail_sealed) if row.mail_sealed else ""


def hidden(mail: str) -> str:
    """As its owner knows it again and nobody else learns it: the page opens by a link alone.

    >>> hidden("zhang.san@example.org"), hidden("z@example.org")
    ('z…@example.org', 'z…@example.org')
    """
    name, _, house = mail.rpartition("@")
    return f"{name[:1]}…@{house}" if mail else ""


def clear(now: datetime) -> int:
    """What was not confirmed in time is kept no longer. How many there were."""
    gone, _ = FollowMail.objects.filter(until__lt=now).delete()
    return gone
