"""Who answers for a category at a place: the nearest unit, and the reason for naming it."""

from __future__ import annotations

from datetime import date

from django.db.models.functions import Length

from lianxin.core.place import path as paths
from lianxin.registry.models import Duty, Unit
from lianxin.registry.models.dated import in_force


def who_answers(category: str, path: str, on: date) -> list[tuple[Unit, Duty]]:
    """Units with a duty over this category and place, nearest place first, then by category.

    The duty is the reason: its area and its category say how near and how specific it is.
    """
    prefixes = [category[:end] for end in range(len(category) + 1)]
    found = (
        Duty.objects.filter(in_force(on, "unit__"), in_force(on, "area__"))
        .filter(category__in=prefixes, area__path__in=[*paths.ancestors(path), path])
        .select_related("unit", "area")
        .order_by(Length("area__path").desc(), Length("category").desc(), "unit__code")
    )
    return [(duty.unit, duty) for duty in found]
