"""The lists that are opened all day long, before anybody narrows them: statements written once."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import connection

from lianxin.core.step.who import Grant, Who
from lianxin.database.written import Written
from lianxin.orders.fetch import read_json
from lianxin.orders.marks import SELF, Kind, kind_of, said, stand_in
from lianxin.orders.queries.lists import AT_ONCE, NAMES, SHOWN, Row, read, with_words
from lianxin.orders.rows import COLUMNS
from lianxin.orders.sight import OrderQuerySet

LAST = UUID(int=0)  # a mark: no order has this id
HOME = "\ue00f"  # a mark: no path has this sign
WHOLE = (*NAMES[:-1], *(name for name in COLUMNS if name not in SHOWN), NAMES[-1])
Listed = Callable[[Grant], OrderQuerySet]
Own = Callable[[Grant, Who, str], OrderQuerySet]


def first_rows(
    listed: Listed, grant: Grant, now: datetime, *, after: UUID | None = None, limit: int = AT_ONCE
) -> list[Row]:  # fmt: skip
    """What `rows` gives for this list of one post: `limit` rows and one more."""
    kind = kind_of(grant)
    filled = {LAST: after, **dict(said(kind, grant))}
    found = written(listed, kind, bool(after), limit).ask(filled)
    return list(read((row_of(NAMES, values) for values in found), now))


def own_rows(
    listed: Own, grant: Grant, who: Who, home: str, now: datetime, *, limit: int
) -> list[Row]:  # fmt: skip
    """The same, whole, for a list that hangs on its reader too: who they are, and the grid where
    they live, by path."""
    kind = kind_of(grant)
    filled = {SELF: int(who.id), **dict(said(kind, grant)), **dict(begins(home))}
    found = written_own(listed, kind, len(home), limit).ask(filled)
    return list(read((row_of(WHOLE, values) for values in found), now, whole=True))


def begins(home: str) -> Iterator[tuple[str, str]]:
    for n in range(1, len(home) + 1):
        yield f"{HOME * n}%", f"{connection.ops.prep_for_like_query(home[:n])}%"


def row_of(names: tuple[str, ...], values: tuple[Any, ...]) -> dict[str, Any]:
    row = dict(zip(names, values, strict=True))
    row["said"] = row["said"] and json.loads(row["said"])
    if "facts" in row:
        row["facts"] = read_json(row["facts"])
    return row


@lru_cache(maxsize=500)
def written_own(listed: Own, kind: Kind, digits: int, limit: int) -> Written:
    found = listed(stand_in(kind), Who(str(SELF)), HOME * digits)
    return Written.of(with_words(found).values_list(*WHOLE)[: limit + 1])


@lru_cache(maxsize=500)
def written(listed: Listed, kind: Kind, later: bool, limit: int) -> Written:
    found = listed(stand_in(kind))
    if later:
        found = found.filter(pk__lt=LAST)
    return Written.of(with_words(found).values_list(*NAMES)[: limit + 1])
