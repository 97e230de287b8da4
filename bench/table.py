"""The table: what was measured beside what is promised, with the day and the machine."""

from __future__ import annotations

import platform
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from importlib.metadata import version
from pathlib import Path
from statistics import median

import psutil

from bench.meter import PACES, Figure

README = Path(__file__).parent / "README.md"
BEGIN, END = "<!-- measured -->", "<!-- /measured -->"
# Our promises: CPU ms a request, database counted.
TARGETS = {"file": 1.5, "list": 4.0, "grab": 1.5}
FLAT = 1.25  # so much dearer at most a list may be with twenty times the orders
POINT_US = 5.0


@dataclass
class Found:
    """All that one run has measured."""

    sizes: tuple[int, int]
    ours: dict[int, list[Figure]] = field(default_factory=dict)
    floor: dict[int, list[Figure]] = field(default_factory=dict)
    beside: str = ""
    helpdesk: list[Figure] = field(default_factory=list)
    statements: dict[str, int] = field(default_factory=dict)
    grids: tuple[int, float] = (0, 0.0)  # how many, µs to find one


def lines(found: Found) -> Iterator[str]:
    """The whole report in Markdown."""
    yield f"Measured on {date.today()}: {machine()}."
    yield ""
    yield (
        f"Between the rounds one turn of an empty loop of Python took {min(PACES):.0f} ns of CPU at"
        f" its quickest and {median(PACES):.0f} at the median."
    )
    yield ""
    yield from own(found)
    yield ""
    yield from others(found)
    yield ""
    count, micros = found.grids
    yield (
        f"Point in grid: **{micros:.1f} µs** one of {count:,} grids, promised ≤ {POINT_US:g}:"
        f" {verdict(micros, POINT_US)}."
    )


def own(found: Found) -> Iterator[str]:
    few, many = found.sizes
    yield (
        f"| ours, CPU ms | {few:,} orders | {many:,} orders | server + database at {many:,} "
        "| wall ms | statements | promised | |"
    )
    yield "|---|--:|--:|--:|--:|--:|--:|---|"
    for small, large in zip(found.ours[few], found.ours[many], strict=True):
        target = TARGETS.get(large.what.partition(":")[0])
        listed = large.what.startswith("list")
        kept = verdict(large.cpu, target, flat=large.cpu / small.cpu if listed else 1)
        promised = f"≤ {target:g}" if target else "–"
        yield (
            f"| {large.what} | {small.cpu:.2f} | **{large.cpu:.2f}** |"
            f" {large.server:.2f} + {large.database:.2f} | {large.wall:.1f} |"
            f" {found.statements.get(large.what, '–')} | {promised} | {kept} |"
        )


def verdict(value: float, target: float | None, flat: float = 1) -> str:
    """
    >>> verdict(1.2, 1.5), verdict(1.2, 1.5, 1.4), verdict(2, 1.5), verdict(2, None)
    ('kept', '**missed**: not flat (× 1.40)', '**missed**', '')
    """
    if target is None:
        return ""
    if value > target:
        return "**missed**"
    return "kept" if flat <= FLAT else f"**missed**: not flat (× {flat:.2f})"


def others(found: Found) -> Iterator[str]:
    few, many = found.sizes
    yield "| beside it, CPU ms | rows | | server + database | wall ms |"
    yield "|---|--:|--:|--:|--:|"
    rows = [(f"floor: {f.what}", size, f) for size in (few, many) for f in found.floor[size]]
    rows += [(f"{found.beside}: {f.what}", few, f) for f in found.helpdesk]
    for what, size, f in rows:
        yield (
            f"| {what} | {size:,} | **{f.cpu:.2f}** | {f.server:.2f} + {f.database:.2f} "
            f"| {f.wall:.1f} |"
        )


def machine() -> str:
    """Processor, cores, memory, and the versions that matter."""
    memory = psutil.virtual_memory().total / 2**30
    parts = (f"{name} {version(name)}" for name in ("django", "granian", "psycopg"))
    return (
        f"{processor()}, {psutil.cpu_count()} cores, {memory:.0f} GB, {platform.system()},"
        f" load {psutil.getloadavg()[0]:.1f}; Python {platform.python_version()},"
        f" {', '.join(parts)}, {postgres()}"
    )


def processor() -> str:
    file = Path("/proc/cpuinfo")
    rows = file.read_text().splitlines() if file.exists() else []
    named = (row.partition(":")[2].strip() for row in rows if row.startswith("model name"))
    return next(named, platform.processor() or "an unnamed processor")


def postgres() -> str:
    from lianxin import postmaster

    program = postmaster.bundled() / "postgres"
    asked = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)
    return asked.stdout.strip().replace("postgres (PostgreSQL)", "PostgreSQL")


def point_in_grid(count: int = 1_703) -> tuple[int, float]:
    """Microseconds of CPU to find the grid of one point among so many."""
    import numpy as np

    from bench.locate import HEIGHT, SOUTH, WEST, WIDTH, cells
    from lianxin.core.locate import Locator

    rng = np.random.default_rng(7)
    here = Locator.build([str(n) for n in range(count)], cells(count, rng))
    points = (rng.random((20_000, 2)) * [WIDTH, HEIGHT] + [WEST, SOUTH]).tolist()
    here.locate(*points[0])
    rounds = []
    for _ in range(3):
        start = time.process_time()
        for lon, lat in points:
            here.locate(lon, lat)
        rounds.append(time.process_time() - start)
    return count, min(rounds) / len(points) * 1e6


def keep(found: Found) -> None:
    """Puts the report between the marks of README.md; what is written around it stays."""
    before, _, rest = README.read_text("utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    report = "\n".join(lines(found))
    README.write_text(f"{before}{BEGIN}\n{report}\n{END}{after}", "utf-8")
