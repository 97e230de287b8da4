"""Finds the unit a cell means, by code or by name, and what was probably meant if there is none."""

from __future__ import annotations

import difflib

from django.db.models import Q

from lianxin.registry.imports.outcome import Problem
from lianxin.registry.models import Unit

POOL = 5000  # names compared


def known_unit(said: str, at: str) -> Unit | None:
    """None for a blank. Problems: unknown_unit, ambiguous_unit."""
    if not said:
        return None
    if found := one_unit(said, at):
        return found
    names = Unit.objects.filter(until=None).order_by("pk").values_list("name", flat=True)[:POOL]
    near = difflib.get_close_matches(said, list(names), 3, 0.5)
    raise Problem("unknown_unit", at, name=said, near="、".join(near))


def one_unit(said: str, at: str) -> Unit | None:
    """The unit in use that is called so, None where there is none. Problem: ambiguous_unit."""
    found = list(Unit.objects.filter(Q(code=said) | Q(name=said), until=None).order_by("pk")[:3])
    if len(found) > 1:
        among = "、".join(f"{u.name} {u.code}" for u in found)
        raise Problem("ambiguous_unit", at, name=said, among=among)
    return found[0] if found else None
