"""One box for four questions: a number, words, an address, the last digits of a phone."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cache
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import Q
from django.db.models.expressions import RawSQL

from lianxin.core.flow.page import Page
from lianxin.core.step.who import Grant
from lianxin.orders.book import book
from lianxin.registry.models import Area
from lianxin.registry.models.area import LIVE, anywhere_under

LONGEST, MOST_TERMS = 100, 5
MOST_NUMBERS = 500  # of those that end in the digits typed, the newest
MOST_PLACES = 20
FEWEST = 4  # digits by which a phone is looked for
WHOLE = 7  # so many digits are no order's end: they are a phone
SAID = ("text", "address")  # what the index of pairs holds of the first event
DIGITS = re.compile(r"[\d\s()+.\-]+")
NUMBER = re.compile(r"([a-z]+)[\s-]*(\d+)(-\d+)?", re.IGNORECASE)
FOREIGN = re.compile(r"[A-Za-z]{0,8}[-\d]{6,30}")  # how other houses number their orders
ADDRESS = re.compile(
    r"\d\s*[栋幢座号楼层室户单弄组排]|单元|\d+\s*[-#]\s*\d+|[a-z]?\d+\s*(号楼|单元)", re.IGNORECASE
)
RUN = re.compile(rf"\d{{{FEWEST},}}")
# The same signs that `orders_grams` takes for the end of a row (migration 0007).
APART = re.compile(
    "[\u0000-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00bf\u2000-\u206f\u3000-\u303f\ufe10-\ufe6f]+"
)
FOUND = (
    "SELECT order_id FROM orders_content WHERE nth = 1 AND name IN ('text', 'address')"
    " AND orders_grams(value) @@ %s::tsquery AND name = ANY(%s)"
    " AND order_id >= CASE WHEN name = ANY(%s) THEN %s ELSE %s END"
)
NIL = UUID(int=0)


def plain(typed: str) -> str:
    """
    >>> plain(" ＫＬ－０００１２３　")
    'KL-000123'
    """
    words = unicodedata.normalize("NFKC", typed.replace("\0", "")).strip()
    return words[:LONGEST]


def digits(typed: str) -> str:
    """All that was typed, if that is digits and what stands between them; else "".

    >>> digits("138 0013-8000"), digits("KL-000123"), digits("12栋")
    ('13800138000', '', '')
    """
    return re.sub(r"\D", "", typed) if DIGITS.fullmatch(typed) else ""


def tail(typed: str) -> str:
    """The digits by which a phone may be looked for, "" if this cannot be the end of one."""
    found = digits(typed)
    found = found[2:] if len(found) == 13 and found.startswith("86") else found
    return found if FEWEST <= len(found) <= 12 else ""


def numbered(typed: str) -> bool:
    """Whether an order is meant by its number, ours or a hotline's, or by the end of it."""
    named = NUMBER.fullmatch(typed)
    ours = named and named[1].upper() == settings.NUMBER_PREFIX
    return bool(digits(typed) or ours or FOREIGN.fullmatch(typed))


def asks(typed: str, grant: Grant, since: UUID) -> Q:
    """The orders that fit what was typed, for the eyes of this post. `since`: an address finds only
    what was filed after this order."""
    if only := digits(typed):
        return Q(number__in=ending(only)) | called(typed)
    if (named := NUMBER.fullmatch(typed)) and named[1].upper() == settings.NUMBER_PREFIX:
        return Q(number=f"{settings.NUMBER_PREFIX}-{int(named[2]):06d}{named[3] or ''}")
    if FOREIGN.fullmatch(typed):
        return called(typed) | spoken(typed, grant, since)
    return spoken(typed, grant, since)


def called(typed: str) -> Q:
    """By the number that another hotline gave."""
    return Q(hotline__number=re.sub(r"\s", "", typed).upper())


def ending(digits: str) -> list[str]:
    """The newest numbers that end so.

    Numbers count up, so that they can be written down without looking for them: no index is kept
    for their ends.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT last_value FROM orders_number")
        last = cursor.fetchone()[0]
    step, n = 10 ** len(digits), int(digits)
    top = last - (last - n) % step
    found = range(top, max(0, top - step * MOST_NUMBERS), -step) if n <= last else ()
    return [f"{settings.NUMBER_PREFIX}-{k:06d}" for k in found if k >= n]


# ── words ────────────────────────────────────────────────────────────────────────────────────────


def terms(typed: str) -> list[str]:
    """What stands apart is looked for apart: all of it must be found."""
    return [t for t in re.split(r"[\s,，;；]+", typed) if pairs(t)][:MOST_TERMS]


def pairs(term: str) -> str:
    """A term as the index of pairs is asked for it; "" if it holds no sign to look for.

    >>> pairs("路灯坏"), pairs("灯"), pairs("WiFi"), pairs("，。")
    ("'路灯' & '灯坏'", "'灯':*", "'wi' & 'if' & 'fi'", '')
    """
    text = unicodedata.normalize("NFKC", term)
    text = "".join(c.lower() if c.isascii() else c for c in text)
    return " & ".join(
        one for run in APART.split(text) if run
        for one in ([f"'{run}':*"] if len(run) == 1 else
                    [f"'{run[n:n + 2]}'" for n in range(len(run) - 1)])
    )  # fmt: skip


def spoken(typed: str, grant: Grant, since: UUID) -> Q:
    """Each term in the words of the asker, in the address, or as the name of a place.

    A flat's requests are nobody's to gather: an address, or what looks like one or like a phone,
    finds only what is recent. A phone among words finds nothing.
    """
    asked = terms(typed)
    if not asked or len(re.sub(r"\D", "", typed)) >= WHOLE:
        return Q(pk__in=())
    near = ADDRESS.search(typed) or RUN.search(typed)
    recent = SAID if near else ("address",)
    places = {term: named(term, grant) for term in asked}
    words = [term for term in asked if not places[term]]
    found = said(words, grant, recent, since) if words else Q()
    for term in asked:
        if places[term]:
            found &= said([term], grant, recent, since) | places[term]
    return found


def said(words: list[str], grant: Grant, recent: tuple[str, ...], since: UUID) -> Q:
    """Orders that say all these words. What this post may not read it does not find things by
    either. The words are looked for one by one and their finds laid upon each other: the other way
    round, each find of the first would be cut into pairs again."""
    silent, nowhere = (closed(grant.role, bool(grant.unit), name) for name in SAID)

    def rows(*names: str) -> Q:
        values = [v for w in words for v in (pairs(w), list(names), list(recent), since, NIL)]
        return Q(pk__in=RawSQL(" INTERSECT ".join([FOUND] * len(words)), values))

    shut, half = silent | nowhere, nowhere - silent
    found = rows(*SAID)
    if grant.unit:  # what has ended is shown to a unit without its address, nor found by it
        found = found & Q(open=True) | rows("text")
    found = found & ~Q(flow__in=sorted(shut)) if shut else found
    return found | rows("text") & Q(flow__in=sorted(half)) if half else found


def named(term: str, grant: Grant) -> Q:
    """Places of one's own by their name; an empty Q if none is called so."""
    found = Q()
    if len(term) > 1 and grant.path.isalnum():
        areas = Area.objects.filter(LIVE, anywhere_under([grant.path]), name__icontains=term)
        paths = areas.exclude(path=grant.path).order_by("path").values_list("path", flat=True)
        for path in highest(paths[:MOST_PLACES]):
            found |= Q(path__startswith=path)
    return found


def highest(paths: Iterable[str]) -> Iterator[str]:
    """Without what lies in another of them.

    >>> list(highest(["522601", "522601001", "522602"]))
    ['522601', '522602']
    """
    last = None
    for path in paths:
        if last is None or not path.startswith(last):
            last = path
            yield path


@cache
def asking(name: str) -> frozenset[str]:
    """Flows in which a step asks for this field."""
    return frozenset(flow for flow, dated in book().pages.items() if any(asked(dated, name)))


@cache
def closed(role: str, unit: bool, name: str) -> frozenset[str]:
    """Those of them in which whoever reads under this post may not read the answer."""
    return frozenset(
        flow for flow, dated in book().pages.items()
        if not all(may_read(page, role, unit, name) for page in asked(dated, name))
    )  # fmt: skip


def asked(dated: Mapping[date, Page], name: str) -> Iterator[Page]:
    return (p for p in dated.values() if any(name in step.asked for step in p.steps.values()))


def may_read(page: Page, role: str, unit: bool, name: str) -> bool:
    """A unit is on an order as one of its parties; which one, a list does not ask."""
    seen = page.fields[name].seen
    if seen is None:
        return True
    eyes = {p.name for p in page.parties.values() if p.holds == "unit" and p.sees}
    return bool(eyes) and eyes <= set(seen) if unit else role in seen
