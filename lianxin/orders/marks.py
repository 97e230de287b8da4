"""Grants that stand in for others of their kind, so that a statement is built once for all of them.

A kind is all that the shape of a statement depends on. What differs within it (which place, which
unit, whose house) stands in the stand-in as a mark that nothing in the database can be.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from django.db import connection

from lianxin.core.step.who import Grant, Who
from lianxin.orders.house import house
from lianxin.orders.sight import in_brackets, kept_off

SELF = -1  # who asks
UNIT = -2  # and downward, one for each grant: no key is below zero
AWAY = -10_000  # and downward: a unit of the one stood in for
DIGITS = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")  # paths are written with our own


class Kind(NamedTuple):
    """`level`: digits of the path, where the statement asks for them; 0 for a park and its like."""

    role: str
    of_unit: bool
    level: int = 0
    aside: bool = False
    away: bool = False


def kind_of(grant: Grant) -> Kind:
    digits = len(grant.path) if grant.path[:1].isdigit() else 0
    return Kind(grant.role, bool(grant.unit), digits, bool(grant.units or grant.away))


def stand_in(kind: Kind, n: int = 0) -> Grant:
    """The n-th grant of somebody, of this kind, made of marks."""
    unit = str(UNIT - n) if kind.of_unit else None
    return Grant(
        kind.role, place(kind, n), unit, units=(str(UNIT - n),) if kind.aside else (),
        away=(str(AWAY - n),) if kind.away else (),
    )  # fmt: skip


def kinds_of(who: Who) -> tuple[Kind, ...]:
    """The kind of each post of somebody whose posts are asked for all at once."""
    return tuple(Kind(g.role, bool(g.unit), away=bool(g.away)) for g in who.grants)


def stand_ins(kinds: Iterable[Kind]) -> tuple[Grant, ...]:
    return tuple(stand_in(kind, n) for n, kind in enumerate(kinds))


def filled(who: Who, kinds: tuple[Kind, ...]) -> dict[Any, Any]:
    """For each mark of all these posts, and of their holder, what it stands for."""
    units = in_brackets(str(UNIT - n) for n, kind in enumerate(kinds) if kind.of_unit)
    found: dict[Any, Any] = {SELF: int(who.id or 0), units: in_brackets(house(who.units))}
    for n, (kind, grant) in enumerate(zip(kinds, who.grants, strict=True)):
        found |= said(kind, grant, n)
    return found


def place(kind: Kind, n: int = 0) -> str:
    """
    >>> place(Kind("desk", False, 6), 1), place(Kind("keeper", False))
    ('٠٠٠٠٠١', '<place 0>')
    """
    return str(n).zfill(kind.level).translate(DIGITS) if kind.level else f"<place {n}>"


def said(kind: Kind, grant: Grant, n: int = 0) -> Iterator[tuple[Any, Any]]:
    """For each mark what it stands for; a path stands alone or begins what is compared."""
    yield place(kind, n), grant.path
    yield f"{place(kind, n)}%", f"{connection.ops.prep_for_like_query(grant.path)}%"
    if grant.unit:
        yield UNIT - n, int(grant.unit)
    if kind.aside:
        yield in_brackets([str(UNIT - n)]), in_brackets(house(kept_off(grant)))
    if kind.away:
        yield in_brackets([str(AWAY - n)]), in_brackets(house(grant.away))
