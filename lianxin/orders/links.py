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

from lianxin.core.step.refused import Refused
from lianxin.core.step.who import Who
from lianxin.orders.actions import Done, Key
from lianxin.orders.models import Link
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
    that tells nobody how close they came.
    """
    known = Link.objects.filter(
        code=sealed(typed(code)), order__number__iexact=called(number), once=False, spent=None,
        until__gt=now,
    )  # fmt: skip
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
    """Whom a link speaks for: a party of one order. None if it is unknown, over or spent."""
    return speaker(Link.objects.filter(secret=digest(secret), spent=None, until__gt=now).first())


def spent(secret: str) -> bool:
    """Whether it is a one-use link that has done its step."""
    return Link.objects.filter(secret=digest(secret), spent__isnull=False).exists()


def heard_before(secret: str, now: datetime) -> Who | None:
    """Whom a link spoke for that was spent within `AGAIN_FOR`. This opens nothing: whoever lost the
    answer to the one step may ask for it with the very same press (`served`)."""
    known = Link.objects.filter(secret=digest(secret), once=True, until__gt=now)
    return speaker(known.filter(spent__gt=now - AGAIN_FOR).first())


def speaker(link: Link | None) -> Who | None:
    return Who(id="", party=(link.order_id.hex, link.party)) if link else None


@contextmanager
def serving(secret: str, now: datetime) -> Iterator[None]:
    """Around a step: a one-use link is spent with it, or not at all where the step is refused.

    Two presses by one link may come in the same second: the second waits, and is told.
    Raises Refused("link_spent").
    """
    with transaction.atomic():
        held = Link.objects.select_for_update().filter(secret=digest(secret), once=True).first()
        if held and held.spent:
            raise Refused("link_spent")
        yield
        if held:
            Link.objects.filter(pk=held.pk).update(spent=now)


def served(secret: str, once: Key | None, press: Callable[[], Done], now: datetime) -> Done:
    """Take a step by a link. The very same press by the link it has spent is answered as then."""
    try:
        with serving(secret, now):
            return press()
    except Refused as no:
        if no.code == "link_spent" and once and (before := once.answer()):
            return before
        raise


def digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
