"""The lists that are opened all day long, before anybody narrows them: statements written once."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from lianxin.core.step.who import Grant
from lianxin.database.written import Written
from lianxin.orders.marks import Kind, kind_of, said, stand_in
from lianxin.orders.queries.lists import AT_ONCE, NAMES, Row, read, with_words
from lianxin.orders.sight import OrderQuerySet

LAST = UUID(int=0)  # a mark: no order has this id
Listed = Callable[[Grant], OrderQuerySet]


def first_rows(
    listed: Listed, grant: Grant, now: datetime, *, after: UUID | None = None, limit: int = AT_ONCE
) -> list[Row]:  # fmt: skip
    """What `rows` gives for this list of one post: `limit` rows and one more."""
    kind = kind_of(grant)
    filled = {LAST: after, **dict(said(kind, grant))}
    found = written(listed, kind, bool(after), limit).ask(filled)
    return list(read(named(found), now))


def named(found: list[tuple[Any, ...]]) -> Iterator[dict[str, Any]]:
    for values in found:
        row = dict(zip(NAMES, values, strict=True))
        row["said"] = row["said"] and json.loads(row["said"])
        yield row


@lru_cache(maxsize=500)
def written(listed: Listed, kind: Kind, later: bool, limit: int) -> Written:
    found = listed(stand_in(kind))
    if later:
        found = found.filter(pk__lt=LAST)
    return Written.of(with_words(found).values_list(*NAMES)[: limit + 1])
