"""Which sheets can be taken in, and who takes each: rooms above the registry add theirs here.

A taker is begun for one file, `Taker(stamp, within, since)`, and is given its rows one by one.
`stamp.who` is None for the operator at the terminal; for anybody else `within` is the place that
is theirs, and nothing outside it may be read or written. `Places(within)` keeps to that for areas.
A sheet that a unit's clerk may take in (`Roll.keeps`) is bounded by the clerk's own units instead,
and `within` is where the unit stands, "" where that is nowhere.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Literal, Protocol

from lianxin.registry.actions import Stamp
from lianxin.registry.imports.take_areas import TakeAreas
from lianxin.registry.imports.take_people import TakePeople
from lianxin.registry.imports.take_posts import TakePosts
from lianxin.registry.imports.take_units import TakeUnits
from lianxin.registry.sheets.finding import Finding
from lianxin.registry.sheets.table import Row

Verdict = Literal["made", "changed", "same"]


class Taker(Protocol):
    """Writes one row and says what came of it; `notes` are for the report. A row that cannot be
    taken is a `Problem` (with the column that is wrong) or a `NotPossible`."""

    notes: list[Finding]

    def take(self, row: Row) -> Verdict: ...


Begin = Callable[[Stamp, str, date], Taker]
_known: dict[str, Begin] = {
    "areas": TakeAreas, "people": TakePeople, "units": TakeUnits, "posts": TakePosts,
}  # fmt: skip


def add(what: str, taker: Begin) -> None:
    """From here on `lianxin import <what>` takes such a sheet; its columns stand under this name
    in params/sheets.toml. Call it in `AppConfig.ready`; a `Roll` with a taker does so itself."""
    _known[what] = taker


def takers() -> dict[str, Begin]:
    """All of them by the name of the sheet."""
    return dict(_known)
