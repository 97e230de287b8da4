"""One sheet of 45,000 members, taken in and taken back: `python -m bench.members [rows]`.

In a house with all the demo's places, units and people at work, but no members yet. Prints seconds
and rows a second of each, as the terminal would have waited for them.
"""

from __future__ import annotations

import io
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random
from time import perf_counter
from typing import Any

import xlsxwriter

from bench import house

FOLDER = Path("/tmp/lxm-bench")
ROWS, SEED = 45_000, 11
HEAD = ("姓名", "电话", "单位", "居住地", "报到日期", "特长")
SKILLS = ("", "", "电工", "法律、政策宣讲", "课业辅导", "急救 驾驶")
SAID_BY_CODE = 0.3  # share of rows that name the place by its code


def main() -> int:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    with house.opened(FOLDER):
        furnish()
        data = sheet(rows)
        print(f"{rows} rows, {len(data) / 2**20:.1f} MB")
        batch = timed("import", rows, lambda: take(data))
        timed("undo", rows, lambda: back(batch))
    return 0


def furnish() -> None:
    import django

    django.setup()
    from lianxin.cli import setup
    from lianxin.demo import load

    setup.migrate()
    load.load(load.Size(members=0))


def sheet(rows: int) -> bytes:
    """Made-up people of real units and places of the house, as an office would list them."""
    from lianxin.demo.people import Names
    from lianxin.registry.models import Area, Unit

    rng = Random(SEED)
    names = Names(rng)
    homes = list(Area.objects.filter(kind__in=("community", "quarter"), until=None)
                 .order_by("path").values_list("name", "path"))  # fmt: skip
    once = Counter(name for name, _ in homes)
    units = list(Unit.objects.filter(until=None).order_by("pk").values_list("name", flat=True))
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"constant_memory": True}) as book:
        page = book.add_worksheet("名单")
        page.write_row(0, 0, HEAD)
        for n in range(rows):
            name, path = rng.choice(homes)
            home = path if once[name] > 1 or rng.random() < SAID_BY_CODE else name
            day = f"{2023 + n % 3}-{1 + n % 12:02d}-{1 + n % 28:02d}"
            skills = rng.choice(SKILLS)
            page.write_row(n + 1, 0, (
                names.next(), f"139{n:08d}", units[n % len(units)], home, day, skills,
            ))  # fmt: skip
    return file.getvalue()


def take(data: bytes) -> Any:
    from django.utils import timezone
    from tqdm import tqdm

    from lianxin.registry.actions import Stamp
    from lianxin.registry.imports import import_sheet

    done = import_sheet(
        "members", data, "名单.xlsx", Stamp(None, timezone.now()),
        progress=lambda rows: tqdm(rows, unit="行", disable=None),
    )  # fmt: skip
    for finding in done.errors[:5]:
        print(finding)
    assert done.batch and not done.errors, "the sheet has faults"
    return done.batch


def back(batch: Any) -> Any:
    from django.utils import timezone

    from lianxin.registry.actions import Stamp
    from lianxin.registry.imports import undo_batch

    undone = undo_batch(batch, Stamp(None, timezone.now()))
    assert not undone.left, "somebody of the sheet stayed"
    return undone


def timed(what: str, rows: int, do: Callable[[], Any]) -> Any:
    since = perf_counter()
    result = do()
    took = perf_counter() - since
    print(f"{what}: {took:.1f} s, {rows / took:,.0f} rows a second")
    return result


if __name__ == "__main__":
    sys.exit(main())
