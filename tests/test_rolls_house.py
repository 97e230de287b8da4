"""Every roll keeps what the others rely on: its table, its words, roles that there are."""

import pytest

from lianxin.core.place.path import LEVELS
from lianxin.registry.imports.takers import takers
from lianxin.registry.models import Batch
from lianxin.registry.roles import all_roles
from lianxin.registry.rolls import Roll, rolls
from lianxin.registry.sheets.columns import plain_header
from lianxin.web.rolls.opened import columns
from lianxin.web.words import rows

ALL = [pytest.param(roll, id=name) for name, roll in rolls().items()]


@pytest.mark.parametrize("roll", ALL)
def test_a_roll_has_its_table_and_its_words(roll: Roll) -> None:
    known = {column.field for column in columns(roll)}
    assert set(roll.cells) <= known
    assert set(roll.shown) <= set(roll.cells)
    assert set(roll.apart) <= set(roll.cells)
    assert set(roll.guarded) <= set(roll.cells)
    assert roll.lowest in ("", *LEVELS)
    assert roll.keeps or not roll.lowest
    assert {f"rolls.{roll.name}.{word}" for word in ("title", "is", "empty")} <= set(rows())
    assert set(roll.reads) | set(roll.keeps) <= set(all_roles())
    assert set(roll.keeps) <= set(roll.reads), "whoever takes a sheet in must see what came of it"
    assert len(roll.name) <= Batch._meta.get_field("what").max_length


@pytest.mark.parametrize("roll", ALL)
def test_the_heads_of_a_sheet_are_read_as_what_they_are(roll: Roll) -> None:
    """In both languages no two columns are called alike, or the sheet could not come in again."""
    for lang in ("zh", "en"):
        names = [plain_header(getattr(column.words, lang)) for column in columns(roll)]
        assert len(set(names)) == len(names)
        for column, name in zip(columns(roll), names, strict=True):
            others = [c for c in columns(roll) if c is not column]
            taken = {plain_header(n) for other in others for n in other.names}
            assert name not in taken, f"{column.field}: another column is called {name}, too"


def test_those_that_ship_are_there() -> None:
    assert {"posts", "units"} <= set(rolls()) & set(takers())
