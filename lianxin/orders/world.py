"""What the kernel is told about this deployment: its rules as facts."""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache

from django.utils import timezone

from lianxin.core.flow.page import Page, Span
from lianxin.core.place import path as paths
from lianxin.core.step.order import Order
from lianxin.core.step.rules import Detail, Rules
from lianxin.orders import house as houses
from lianxin.orders.book import book, calendar, categories
from lianxin.orders.models import Tally
from lianxin.registry.models import Area, AreaKind, Post, Vetting

DESK = "desk"
CARE = "care"  # the field that says a minor or a home is involved
FRESH_FOR = 5  # seconds a look at who sits where may be old; a vacant desk's orders go up in hours
DETAILS: dict[str, Detail] = {}


_last = (0, 0)  # millisecond and count of the id made last


def new_id(at: datetime) -> str:
    """A UUIDv7 (RFC 9562) of the moment a thing happened, so that ids sort and partition by it.

    Ids of the same millisecond count up (6.2, method 1): the parts of an order stay in the order
    in which they were named.
    """
    global _last
    millis = int(at.timestamp() * 1000)
    count = _last[1] + 1 if _last[0] == millis else secrets.randbits(11)
    _last = (millis, count)
    bits = millis << 80 | 7 << 76 | (count & 0xFFF) << 64 | 2 << 62 | secrets.randbits(62)
    return f"{bits:032x}"


def span(order: Order) -> Span:
    """How long this order may take, by the categories of the day it was filed."""
    fields, day = order.fields, filed_on(order)
    return categories().span(fields.get("category"), fields.get("severity"), order.path, day)


def filed_on(order: Order) -> date:
    return datetime.fromtimestamp(int(order.id[:12], 16) / 1000, calendar().zone).date()


def pair(order: Order) -> bool:
    """Whether two vetted people go: by its category, or because somebody has said so. That a part
    is as what it is a part of, the kernel sees to (`Family.two_go`)."""
    if order.fields.get(CARE):
        return True
    category = order.fields.get("category")
    return bool(category and categories().pair(str(category), filed_on(order)))


@lru_cache(maxsize=1)
def manned(tick: int) -> frozenset[str]:
    """Paths of the areas where somebody sits at a desk."""
    today = timezone.localdate()
    held = Post.objects.on(today).filter(role=DESK, area__isnull=False)
    return frozenset(held.values_list("area__path", flat=True))


@lru_cache(maxsize=1)
def digits() -> dict[str, int]:
    """Length of the path of each kind of area; 0 for those whose path begins with a letter."""
    return dict(AreaKind.objects.values_list("code", "digits"))


def forget() -> None:
    """Look again who sits where: after posts have changed, and between tests."""
    manned.cache_clear()
    digits.cache_clear()
    houses.forget()


def of_kind(path: str, kinds: tuple[str, ...]) -> bool:
    length = 0 if path[:1].isalpha() else len(path)
    return any(digits().get(kind) == length for kind in kinds)


def desks(page: Page, path: str) -> tuple[str, ...]:
    """The ladder of desks for a place: the nearest of the page's kinds that is manned, then upward.

    Where nobody sits on the whole way up, the place's own topmost area is in charge and everybody
    who is appointed there later finds the order waiting.
    """
    line = [path, *reversed(paths.ancestors(path))]
    seats = manned(int(time.monotonic() / FRESH_FOR))
    if page.desk:
        first = next((i for i, p in enumerate(line) if of_kind(p, page.desk)), 0)
        line = line[first:]
    return tuple(p for p in line if p in seats) or (line[-1],)


def tally(key: str) -> int:
    return Tally.objects.filter(key=key).values_list("n", flat=True).first() or 0


def place(key: str) -> str | None:
    """The path of an area in force, by its key; None if there is none."""
    found = Area.objects.live().filter(pk=int(key)) if key.isdecimal() and len(key) < 19 else None
    return found.values_list("path", flat=True).first() if found is not None else None


def among(role: str, units: frozenset[str], person: str) -> bool:
    """Whether somebody holds this role in one of these units today."""
    if not person.isdecimal() or len(person) > 18:
        return False
    held = Post.objects.on(timezone.localdate()).filter(person_id=int(person), role=role)
    return held.filter(unit_id__in=[int(u) for u in units]).exists()


def over(path: str, kinds: tuple[str, ...]) -> tuple[str, str] | None:
    """(path, key) of the nearest area of these kinds at a place or above it; None if there is none.
    The kinds of a park's line are not those of a county's: nothing is over a park."""
    line = [p for p in (path, *paths.ancestors(path)) if of_kind(p, kinds)]
    found = dict(Area.objects.live().filter(path__in=line).values_list("path", "pk"))
    nearest = max(found, key=len, default=None)
    return (nearest, str(found[nearest])) if nearest else None


def impartial(desks: tuple[str, ...], units: frozenset[str]) -> tuple[str, ...]:
    """Those of the desks where somebody sits today who has no post in any of these units, nor
    stands in for one who has."""
    held = Post.objects.on(timezone.localdate())
    kin = held.filter(unit_id__in=[int(u) for u in units]).values("person")
    seats = held.filter(role=DESK, area__path__in=desks).exclude(person__in=kin)
    seats = seats.exclude(behalf_of__person__in=kin)
    free = set(seats.values_list("area__path", flat=True))
    return tuple(d for d in desks if d in free)


def vetted(people: frozenset[str]) -> frozenset[str]:
    """Those of these people who are vetted today."""
    keys = [int(p) for p in people if p.isascii() and p.isdecimal() and len(p) < 19]
    found = Vetting.objects.on(timezone.localdate()).filter(person__in=keys)
    return frozenset(str(key) for key in found.values_list("person_id", flat=True))


def rules(known: Mapping[str, str] | None = None) -> Rules:
    """`known`: paths of areas that the caller has looked up already, by their keys."""
    paths_of = known or {}
    return Rules(
        book=book(), calendar=calendar(), span=span, desks=desks, tallies=tally, new_id=new_id,
        salt=lambda: secrets.token_hex(16), details=DETAILS, among=among,
        places=lambda key: paths_of.get(key) or place(key), over=over, house=houses.house,
        impartial=impartial, pair=pair, vetted=vetted,
    )  # fmt: skip
