"""Links that open one order to its asker without an account; the secret is stored hashed.

Beside each goes a short code, to be read out or copied by hand: with the order's number it opens
the same. It is made from the secret, so that whoever has the link is told it at any time, and kept
sealed with a key that is not in the database, so that a copy of the rows tells nobody.
"""

from __future__ import annotations

import hashlib
import secrets
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from lianxin.core.step.order import Hand as Bound
from lianxin.core.step.refused import Refused
from lianxin.core.step.who import Voice, Who
from lianxin.orders.actions import Done, Key
from lianxin.orders.models import Hand, Link, Order
from lianxin.orders.receivers import receiver
from lianxin.registry import secret as secret_keeper

LIFE = timedelta(days=365)  # an order may be reopened or appealed long after it was struck off
AGAIN_FOR = timedelta(days=1)  # a phone that lost the answer finds its network again by then
BYTES = 24  # of chance in a secret; guessing one is out of reach, so looking up by its hash is safe
A_VISIT = timedelta(days=1)  # what a code opens; the code itself lives as long as its link
SIGNS = "234679ACDEFHJKMNPRTVWXY"  # no two of them look alike, in print or by hand
CODE = 8  # of them: 8 * 10^10 codes, at 60 tries in ten minutes
SEALED = "order.code"


def make(
    order: str, party: str, now: datetime, *, once: bool = False, life: timedelta = LIFE,
    by: str | None = None,
) -> str:  # fmt: skip
    """A new link's secret, shown this one time. `once`: spent with the first step taken by it.
    Only what lasts has a code (`code_of`). `by`: who gives it out, where that is not the asker."""
    secret = secrets.token_urlsafe(BYTES)
    coded = not once and life > A_VISIT
    Link.objects.create(
        order_id=UUID(order), party=party, secret=digest(secret), once=once, made=now,
        until=now + life, code=sealed(code_of(secret)) if coded else None,
        by_id=int(by) if by else None,
    )  # fmt: skip
    return secret


def make_for_unit(
    order: str, party: str, hand: Bound, now: datetime, until: datetime, *, by: str | None = None,
    secret: str = "",
) -> str:  # fmt: skip
    """A unit's link: its answer spends it, and it is over as soon as the order leaves the unit."""
    secret = secret or secrets.token_urlsafe(BYTES)
    Link.objects.get_or_create(
        secret=digest(secret),
        defaults={
            "order_id": UUID(order), "party": party, "once": True, "made": now, "until": until,
            "by_id": int(by) if by else None, "unit_id": int(hand.who), "since": hand.since,
        },
    )  # fmt: skip
    return secret


# ── the code ─────────────────────────────────────────────────────────────────────────────────────


def code_of(secret: str) -> str:
    """The code that goes with a link.

    >>> code_of("a secret"), code_of("another")
    ('DNVCDX3N', 'VJK2R9HD')
    """
    n = int.from_bytes(hashlib.sha256(f"{SEALED}\0{secret}".encode()).digest())
    return "".join(SIGNS[n // len(SIGNS) ** i % len(SIGNS)] for i in range(CODE))


def has_code(secret: str) -> bool:
    """Whether the code still opens anything: links of former days have none, and a lost slip's has
    been ended."""
    return Link.objects.filter(secret=digest(secret), code__isnull=False).exists()


def opened(number: str, code: str, now: datetime) -> str | None:
    """The secret of a link for one visit, where number and code belong together.

    A wrong number and a wrong code are one and the same here: a single look for both, by a seal
    that tells nobody how close they came. The number of a part opens the whole, whose code it is.
    """
    called_so = Order.objects.filter(number__iexact=called(number))
    about = Q(order__in=called_so) | Q(order__in=called_so.values("parent"))
    known = Link.objects.filter(
        about, code=sealed(typed(code)), once=False, spent=None, until__gt=now
    )
    link = known.only("order_id", "party").first()
    return make(link.order_id.hex, link.party, now, life=A_VISIT) if link else None


def give(order: str, party: str, now: datetime, by: str) -> str:
    """A new link with its code for somebody who has lost theirs: the codes before it are over."""
    with transaction.atomic():
        Link.objects.filter(order_id=UUID(order), party=party).update(code=None)
        return make(order, party, now, by=by)


def sealed(code: str) -> str:
    return secret_keeper.blind(SEALED, code)


def typed(code: str) -> str:
    """A code as it may have been copied: small letters, gaps, full-width signs.

    >>> typed(" dnvc－dx3n ")
    'DNVCDX3N'
    """
    plain = unicodedata.normalize("NFKC", code[:40]).upper()
    return "".join(c for c in plain if c in SIGNS)


def called(number: str) -> str:
    """An order's number as it may have been copied; its figures alone are enough.

    >>> called(" lx-000123 "), called("123"), called("ＬＸ－000123－2")
    ('lx-000123', 'LX-000123', 'LX-000123-2')
    """
    plain = "".join(unicodedata.normalize("NFKC", number[:40]).replace("\0", "").split())
    return f"{settings.NUMBER_PREFIX}-{int(plain):06d}" if plain.isdecimal() else plain


# ── the link ─────────────────────────────────────────────────────────────────────────────────────


def bearer(secret: str, now: datetime) -> Who | None:
    """Whom a link speaks for: a party of one order. None if it is unknown, over or spent, or if the
    order is with its unit no more."""
    link = Link.objects.filter(secret=digest(secret), spent=None, until__gt=now).first()
    return speaker(link) if link and (link.unit_id is None or with_unit(link)) else None


def spent(secret: str) -> bool:
    """Whether it is a one-use link that has done its step."""
    return Link.objects.filter(secret=digest(secret), spent__isnull=False).exists()


def heard_before(secret: str, now: datetime) -> Who | None:
    """Whom a link spoke for that was spent within `AGAIN_FOR`. This opens nothing: whoever lost the
    answer to the one step may ask for it with the very same press (`served`)."""
    known = Link.objects.filter(secret=digest(secret), once=True, until__gt=now)
    return speaker(known.filter(spent__gt=now - AGAIN_FOR).first())


def with_unit(link: Link) -> bool:
    """Whether the order has stayed with the unit since the event by which it came there."""
    return Hand.objects.filter(
        order_id=link.order_id, name=link.party, holds="unit", who=link.unit_id, since=link.since,
        until=None, veiled=False,
    ).exists()  # fmt: skip


def speaker(link: Link | None, voice: Voice | None = None) -> Who | None:
    if link is None:
        return None
    party = (link.order_id.hex, link.party)
    if link.unit_id is None:
        return Who("", party=party)
    flow = Order.objects.values_list("flow", flat=True).get(pk=link.order_id)
    row = receiver(flow)
    opens = row.only if row else frozenset()
    return Who("", party=party, unit=str(link.unit_id), voice=voice or Voice("link"), only=opens)


@contextmanager
def serving(secret: str, now: datetime, step: str) -> Iterator[None]:
    """Around a step: a one-use link is spent with it, or not at all where the step is refused.

    A unit's link is spent by its answer, not by taking the order up. Two presses by one link may
    come in the same second: the second waits, and is told. Raises Refused("link_spent").
    """
    with transaction.atomic():
        found = Link.objects.select_for_update(of=("self",)).select_related("order")
        held = found.filter(secret=digest(secret), once=True).first()
        if held and held.spent:
            raise Refused("link_spent")
        if held and held.until and held.until <= now:  # a newer one was given while we waited
            raise Refused("link_over")
        yield
        if held and spends(held, step):
            Link.objects.filter(pk=held.pk).update(spent=now)


def spends(link: Link, step: str) -> bool:
    row = receiver(link.order.flow) if link.unit_id else None
    return row is None or row.spends(step)


def desk_of(secret: str) -> str:
    """The desk in charge of the order of a unit's link, also of one that opens nothing any more:
    whoever holds it may ring up there."""
    found = Link.objects.filter(secret=digest(secret), unit__isnull=False)
    return str(found.values_list("order__desk", flat=True).first() or "")


def standing(secret: str, now: datetime) -> str:
    """Why a unit's link opens nothing: `answered`, `replaced` by a newer one, `left` (the order is
    with the unit no more), `over`; "" for what was never given to a unit."""
    link = Link.objects.filter(secret=digest(secret), unit__isnull=False).first()
    if link is None:
        return ""
    if link.spent:
        return "answered"
    newer = Link.objects.filter(order=link.order_id, party=link.party, unit=link.unit_id)
    if not with_unit(link) or not Order.objects.filter(pk=link.order_id, open=True).exists():
        return "left"
    if newer.filter(since=link.since, made__gt=link.made, by__isnull=False).exists():
        return "replaced"
    return "over" if link.until and link.until <= now else "left"


def served(
    secret: str, once: Key | None, press: Callable[[], Done], now: datetime, step: str = ""
) -> Done:
    """Take a step by a link. The very same press by the link it has spent is answered as then."""
    try:
        with serving(secret, now, step):
            return press()
    except Refused as no:
        if no.code == "link_spent" and once and (before := once.answer()):
            return before
        raise


def digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
