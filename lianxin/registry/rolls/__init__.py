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
from lianxin.core.place.path import LEVELS
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
    sheet, at a place no lower than `lowest` ("" = at any). `href`: the address of one row's own
    page, where it has one. `order`: by which columns of the table it is sorted unless asked
    otherwise.

    What may be left out: `shown`: what the page says where the sheet needs a code, so that it can
    be taken in again. `apart`: columns that only the sheet has. `guarded`: columns whose cells
    stand behind stars, and what stands there in the sheet of whoever keeps the roll and asks for it
    in clear, which is written down. `unit`: where in a row its unit is, and `search`: further
    columns of the table that the box looks in. `sorts`: a column of the sheet → the columns of the
    table it is sorted by; what is plain (a field of that name, the name of the person, the place,
    the unit) goes without saying (`narrow.sorts`). `taker`: who takes such a sheet in; without one
    it is only read. `once`: the column (`person`) of which each counts once, in whichever of its
    rows; `listed`: whether /rolls names it; others are opened by the number that counts them. Its
    words: `rolls.<name>.title`, `.is` (what it holds) and `.empty` (what will stand here).
    """

    name: str
    rows: Rows
    cells: Cells
    path: str = "area__path"
    person: str = "person"
    reads: tuple[str, ...] = READS
    keeps: tuple[str, ...] = ("desk", "secretary")
    lowest: str = ""
    href: Callable[[Any], str] | None = None
    order: tuple[str, ...] = ("pk",)
    shown: Cells = field(default_factory=dict)
    apart: tuple[str, ...] = ()
    guarded: Cells = field(default_factory=dict)
    unit: str = ""
    search: tuple[str, ...] = ()
    sorts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    taker: Begin | None = None
    once: str = ""
    listed: bool = True

    def kept_under(self, grant: Grant) -> bool:
        """Whether whoever holds this post keeps the roll."""
        return grant.role in self.keeps and high(grant, self.lowest)


def high(grant: Grant, lowest: str) -> bool:
    """Whether a post stands at a place of this level or above it; a unit's, or a park's, is none of
    the levels and is not held to them.

    >>> [high(Grant("desk", path), "street") for path in ("522601", "522601001", "522601001001")]
    [True, True, False]
    """
    levelled = lowest and not grant.unit and grant.path[:1].isdigit()
    return not levelled or len(grant.path) <= LEVELS[lowest]


_known: dict[str, Roll] = {}


def add(roll: Roll) -> None:
    """From here on the roll has its page and its sheet, and `lianxin import` takes it."""
    _known[roll.name] = roll
    if roll.taker:
        takers.add(roll.name, roll.taker)


def rolls() -> dict[str, Roll]:
    """All rolls by name, in the order in which they were added."""
    return dict(_known)
