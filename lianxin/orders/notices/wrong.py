"""“Wrong number”: nothing more goes to that phone; whoever said so may take it back the same day.

A slip of the thumb would else shut an asker's links and leave them untold for good.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from lianxin.core.step.who import Grant, Who
from lianxin.orders import links
from lianxin.orders.models import Channel, Delivery, Link, Order, State
from lianxin.orders.notices import address
from lianxin.orders.notices.carry import LINK_LIFE, secret_of
from lianxin.orders.notices.plan import NO_WAY, OVERTAKEN, enqueue
from lianxin.orders.notices.rules import awake
from lianxin.orders.queries.narrow import midnight
from lianxin.registry.actions import Stamp
from lianxin.registry.models import Entry, Person

MODEL = "orders.delivery"
UNDONE = "wrong_undone"
AT_ONCE = 20


def forget_phone(row: Delivery, now: datetime) -> None:
    """The phone is a stranger's: nothing more goes there, and links that went there are shut."""
    same = Delivery.objects.filter(address.same_phone(row.notice, row.person))
    same.filter(state=State.QUEUED).exclude(channel=Channel.MAIL).update(
        state=State.DROPPED, why=address.WRONG, done=now
    )
    Link.objects.filter(secret__in=sent_with(same)).update(until=now)


def sent_with(same: Iterable[Delivery]) -> list[str]:
    """Hashes of the links that went out in these messages."""
    texts = same.filter(channel=Channel.SMS).select_related("notice")  # type: ignore[attr-defined]
    return [links.digest(secret_of(row)) for row in texts]


# ── taking it back ───────────────────────────────────────────────────────────────────────────────


def said_today(grant: Grant, who: Who, now: datetime) -> list[Delivery]:
    """The calls of this desk that this person has called wrong today, the latest first."""
    since = midnight(timezone.localdate(now))
    found = Delivery.objects.filter(
        channel=Channel.CALL, state=State.REFUSED, why=address.WRONG, desk=grant.path,
        done__gte=since,
    )  # fmt: skip
    rows = list(found.select_related("notice__order").order_by("-done")[:AT_ONCE])
    own = said_by(who, [row.pk for row in rows])
    return [row for row in rows if own.get(row.pk) == row.done]


def said_by(who: Who, keys: list[int]) -> dict[int, datetime]:
    """When this person last called each of these wrong."""
    said = Entry.objects.filter(model=MODEL, key__in=keys, verb=address.WRONG, who=int(who.id))
    return dict(said.order_by("at").values_list("key", "at"))


@transaction.atomic
def take_back(pk: int, who: Who, person: Person, now: datetime) -> Delivery | None:
    """The number is right after all: what has not been said since is said by it, and the links
    that were shut open again. None where it is another's word, of another day, or taken back."""
    since = midnight(timezone.localdate(now))
    found = Delivery.objects.select_for_update(of=("self",)).select_related("notice__order")
    row = found.filter(pk=pk, state=State.REFUSED, why=address.WRONG, done__gte=since).first()
    seen = row and Order.objects.visible_to(who).filter(pk=row.notice.order_id).exists()
    if row is None or not seen or said_by(who, [pk]).get(pk) != row.done:
        return None
    shut = row.done
    same = Delivery.objects.filter(address.same_phone(row.notice, row.person))
    opened = Link.objects.filter(secret__in=sent_with(same), until=shut)
    opened.update(until=F("made") + LINK_LIFE)
    say_again(list(same.filter(why__in=(address.WRONG, NO_WAY), done__gte=shut)), now)
    Stamp(person, now).enter(UNDONE, row, after={"order": row.notice.order.number})
    return row


def say_again(rows: list[Delivery], now: datetime) -> None:
    """Of each order the latest; what came before it is overtaken."""
    latest: dict[object, Delivery] = {}
    for row in sorted(rows, key=lambda r: (r.notice_id, r.pk)):
        latest[row.notice.order_id] = row
    for row in rows:
        if latest[row.notice.order_id] is row:
            row.state, row.why, row.done, row.next_at = State.QUEUED, "", None, awake(now)
        else:
            row.state, row.why = State.DROPPED, OVERTAKEN
        row.save(update_fields=["state", "why", "done", "next_at"])
        if row.state == State.QUEUED and row.channel != Channel.CALL:
            enqueue(row)
