"""One order within somebody's reach, found by its number: what every press begins with.

The statement is `within_reach`, as everywhere. Building it costs several times what asking it does,
and it is the same for all who hold the same kinds of posts: so it is written once for each such
kind, for somebody who stands in for them, and filled in with who really asks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db import connection

from lianxin.core.flow.page import Page
from lianxin.core.step.refused import Refused
from lianxin.core.step.who import Grant, Who
from lianxin.orders.book import book
from lianxin.orders.models import Order

Kind = tuple[bool, tuple[tuple[str, bool], ...]]  # has an account; role and whether it is a unit's
NUMBER = "<number>"
SELF = -1


@dataclass(frozen=True, slots=True)
class Reach:
    """Where a press goes: the order, the root of its family, the page it is done by."""

    id: str
    root: str
    page: Page


def reached(number: str, who: Who) -> Reach:
    """The order with this number, if this person may press on it. Raises Refused("not_found")."""
    with connection.cursor() as cursor:
        cursor.execute(*asking(number, who))
        row = cursor.fetchone()
    if row is None:
        raise Refused("not_found", number=number[:40])
    id, root, flow, since = row
    return Reach(id.hex, root.hex, book().exact(flow, since))


def asking(number: str, who: Who) -> tuple[str, list[Any]]:
    """The statement and its values."""
    if who.party:
        sql, values = written(who, number)
        return sql, list(values)
    sql, values = for_kind((bool(who.id), tuple((g.role, bool(g.unit)) for g in who.grants)))
    said = {NUMBER: number, SELF: int(who.id or 0), **dict(filled(who.grants))}
    return sql, [said.get(value, value) for value in values]


@lru_cache(maxsize=1000)
def for_kind(kind: Kind) -> tuple[str, tuple[Any, ...]]:
    """The statement for one kind of people, with marks where their own values go."""
    account, posts = kind
    grants = tuple(
        Grant(role, place(n), str(unit(n)) if of_unit else None)
        for n, (role, of_unit) in enumerate(posts)
    )
    return written(Who(str(SELF) if account else "", grants), NUMBER)


def written(who: Who, number: str) -> tuple[str, tuple[Any, ...]]:
    found = Order.objects.within_reach(who).filter(number=number).order_by()
    return found.values_list("id", "root_id", "flow", "since").query.sql_with_params()


def filled(grants: tuple[Grant, ...]) -> Iterator[tuple[Any, Any]]:
    """For each mark the value it stands for; a path stands alone or begins what is compared."""
    for n, grant in enumerate(grants):
        yield place(n), grant.path
        yield f"{place(n)}%", f"{connection.ops.prep_for_like_query(grant.path)}%"
        yield unit(n), int(grant.unit or 0)


def place(n: int) -> str:
    return f"<place {n}>"


def unit(n: int) -> int:
    return SELF - 1 - n
