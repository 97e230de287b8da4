"""A roll is a register of people as an office keeps it: one page, one sheet in, one sheet out.

Its columns are a table of params/sheets.toml, so what is exported can be taken in again. Each room
of the house adds its own rolls in `AppConfig.ready`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import QuerySet

from lianxin.core.flow.page import Words
from lianxin.core.step.who import Grant
from lianxin.registry.imports import takers
from lianxin.registry.imports.takers import Begin
from lianxin.registry.models.placed import READS

Value = str | int | date | Words | None
Cells = Mapping[str, Callable[[Any], Value]]
Rows = Callable[[Iterable[Grant], date], "QuerySet[Any]"]


@dataclass(frozen=True, slots=True)
class Roll:
    """`name`: of its columns in params/sheets.toml, its address, and its words (`rolls.<name>`).

    `rows`: what these posts may read of a day, with everything a cell needs (select_related).
    `cells`: column → what stands there; a column without one is taken in and never shown.
    `path`, `person`: where in a row the place's path and the person are ("" = has none), by which
    the page narrows and searches. `reads`, `keeps`: roles who may open it, and who may take in a
    sheet. `href`: the address of one row's own page, where it has one. `order`: by which columns
    of the table it is sorted unless asked otherwise.

    What may be left out: `shown`: what the page says where the sheet needs a code, so that it can
    be taken in again. `apart`: columns that only the sheet has. `unit`: where in a row its unit is,
    and `search`: further columns of the table that the box looks in. `sorts`: a column of the sheet
    → the columns of the table it is sorted by; what is plain (a field of that name, the name of the
    person, the place, the unit) goes without saying (`narrow.sorts`). `taker`: who takes such a
    sheet in; without one it is only read. Its words: `rolls.<name>.title`, `.is` (what it holds)
    and `.empty` (what will stand here).
    """

    name: str
    rows: Rows
    cells: Cells
    path: str = "area__path"
    person: str = "person"
    reads: tuple[str, ...] = READS
    keeps: tuple[str, ...] = ("desk", "secretary")
    href: Callable[[Any], str] | None = None
    order: tuple[str, ...] = ("pk",)
    shown: Cells = field(default_factory=dict)
    apart: tuple[str, ...] = ()
    unit: str = ""
    search: tuple[str, ...] = ()
    sorts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    taker: Begin | None = None


_known: dict[str, Roll] = {}


def add(roll: Roll) -> None:
    """From here on the roll has its page and its sheet, and `lianxin import` takes it."""
    _known[roll.name] = roll
    if roll.taker:
        takers.add(roll.name, roll.taker)


def rolls() -> dict[str, Roll]:
    """All rolls by name, in the order in which they were added."""
    return dict(_known)
