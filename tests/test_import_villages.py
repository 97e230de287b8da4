"""Every village of the country goes in. On a database of its own, which goes when it is done.

Half a million rows that were rolled back would stand in the way of whoever reads areas next. One
server is enough: the statements are those of test_import_divisions.
"""

from __future__ import annotations

import time
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from lianxin.registry import actions
from lianxin.registry.imports import import_divisions
from lianxin.registry.imports.division_file import parents_of, read_divisions
from lianxin.registry.models import Area

VILLAGES = Path(__file__).resolve().parents[2] / "shared/data/divisions/villages.csv.gz"


@pytest.mark.skipif(not VILLAGES.exists(), reason="no ../shared/data/divisions")
@pytest.mark.timeout(900)
def test_all_620573_villages(fresh: str, record_property: Any) -> None:
    """Measured, not asserted: `pytest -s` prints the seconds."""
    stamp = actions.Stamp(None, datetime(2025, 6, 2, 8, 0, tzinfo=UTC))
    began = time.perf_counter()
    file = read_divisions(VILLAGES)
    done = import_divisions([*parents_of(VILLAGES, file), file], stamp, date(2024, 1, 1))
    seconds = round(time.perf_counter() - began, 1)
    record_property("seconds", seconds)
    print(f"\n{done.made} areas in {seconds} s")
    assert (len(file.rows), done.bad) == (620_573, 0)
    assert Area.objects.filter(kind="community").count() == 620_573
