"""What stands in the cells of a roll, on the page and in the sheet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from lianxin.core.flow.page import Words
from lianxin.registry.rolls import Roll, Value
from lianxin.web.moments import figure
from lianxin.web.rolls.opened import columns
from lianxin.web.words import speak


@dataclass(frozen=True, slots=True)
class Cell:
    """`text` as the page says it, "" for nothing; `kind`: how it is set (at = a day, figure)."""

    label: str
    text: str
    kind: str = ""


def headed(roll: Roll) -> list[tuple[str, str]]:
    """(column, what it is called) of the columns that the page has."""
    return [
        (column.field, speak(column.words))
        for column in columns(roll)
        if column.field in roll.cells and column.field not in roll.apart
    ]


def cells_of(roll: Roll, row: Any) -> list[Cell]:
    return [
        cell(label, (roll.shown.get(column) or roll.cells[column])(row))
        for column, label in headed(roll)
    ]


def cell(label: str, value: Value) -> Cell:
    if isinstance(value, date):
        return Cell(label, f"{value:%Y-%m-%d}", "at")
    if isinstance(value, int):
        return Cell(label, figure(value), "figure")
    return Cell(label, spoken(value))


def spoken(value: Value) -> str:
    """A word in the reader's language, a text as it is."""
    return speak(value) if isinstance(value, Words) else str(value or "")
