"""A figure read from elsewhere: a row with its place, day and source, corrected by another."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db import transaction

from lianxin.registry.actions.stamp import Stamp
from lianxin.registry.models import Area, Figure
from lianxin.registry.refusal import NotPossible

MOST, CENT = Decimal(10) ** 13, Decimal("0.01")
LONGEST = 200  # letters of a source


@transaction.atomic
def note_figure(
    stamp: Stamp, area: Area, what: str, value: Decimal, on: date, source: str
) -> Figure | None:
    """None: the same row is there. Refuses: no_source, too_long, bad_figure (or finer than a
    hundredth), day_to_come, figure_differs (one
    source says two things of one day: the later one wants a day or a source of its own)."""
    if not source.strip():
        raise NotPossible("no_source")
    if len(source.strip()) > LONGEST:
        raise NotPossible("too_long", most=LONGEST)
    if not 0 <= value < MOST or value != value.quantize(CENT):
        raise NotPossible("bad_figure", value=value)
    if on > stamp.day:
        raise NotPossible("day_to_come", on=on)
    row, fresh = Figure.objects.get_or_create(
        area=area, what=what, on=on, source=source.strip(), defaults={"value": value}
    )
    if not fresh and row.value != value:
        raise NotPossible("figure_differs", value=row.value, source=row.source)
    if fresh:
        stamp.made("note", row)
    return row if fresh else None
