"""Layers above are told whose rows were written, once a change is whole, wherever it was made.

What follows from rows and is kept beside them, as a grade from the facts of a career, is so made
anew in the transaction that wrote them: it lags behind no action, sheet, loop, merger or undo.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import models
from django.db.models import QuerySet

Hear = Callable[[set[int], date], None]


@dataclass
class Noted:
    """Whose rows were written, and on which day at the latest."""

    keys: set[int] = field(default_factory=set)
    day: date = date.min


_known: dict[str, tuple[str, Hear]] = {}  # label of a model → the column that says whose, who hears
_open: ContextVar[dict[str, Noted] | None] = ContextVar("told", default=None)


def tells(label: str, column: str, hear: Hear) -> None:
    """From here on `hear` is told whose rows of this model were entered in the log, or taken back;
    call it in `AppConfig.ready`. Rows that are poured in without a stamp are told of to nobody."""
    _known[label] = (column, hear)


@contextmanager
def together() -> Iterator[None]:
    """What is written in here is told of at its end, each once; within another one, at that one's.
    Also a decorator. Where it raises nobody is told: nothing of it stays."""
    if _open.get() is not None:
        yield
        return
    noted: dict[str, Noted] = {}
    mark = _open.set(noted)
    try:
        yield
    finally:
        _open.reset(mark)
    for label, told in noted.items():
        _known[label][1](told.keys, told.day)


def wrote(row: models.Model, before: Mapping[str, Any] | None, day: date) -> None:
    """A row was written; one that changed hands is told of for both."""
    label = row._meta.label_lower
    if label in _known:
        column = _known[label][0]
        _tell(label, (getattr(row, column), (before or {}).get(column)), day)


def going(rows: QuerySet[Any], day: date) -> None:
    """Rows that are about to go by one statement; within `together`, which tells when they have."""
    label = rows.model._meta.label_lower
    if label in _known:
        _tell(label, rows.order_by().values_list(_known[label][0], flat=True), day)


def _tell(label: str, keys: Iterable[int | None], day: date) -> None:
    found = {key for key in keys if key is not None}
    noted = _open.get()
    if noted is None:
        _known[label][1](found, day)
        return
    held = noted.setdefault(label, Noted())
    held.keys |= found
    held.day = max(held.day, day)
