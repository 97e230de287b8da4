"""Measures the house against the figures it promises: `make bench`, `make bench QUICK=1`."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from typing import Any

from bench import fill, floors, helpdesk, house, ours, table
from bench.meter import Figure, Meter, postmaster
from bench.serving import free_port, granian, serving
from lianxin.embedded import Server

QUICK = bool(os.environ.get("QUICK"))
SIZES = (2_000, 4_000) if QUICK else (50_000, 1_000_000)
SCALE, SHARE = (0.02, 0.2) if QUICK else (1.0, 1.0)
MANY, WARM = (60, 40) if QUICK else (600, 160)


def main() -> int:
    found = table.Found(sizes=SIZES)
    with house.opened() as server:
        say("the demo's places, people and orders")
        house.furnish(SCALE, SHARE)
        cast = ours.casting()
        for size in SIZES:
            say(f"filling up to {size:,} orders")
            fill.fill(server.dsn(user="postgres"), size)
            say(f"measuring at {size:,}")
            found.ours[size] = under(server, "lianxin.wsgi:application", ours.measure, cast)
            found.floor[size] = under(server, "bench.floor:application", floors.measure, cast)
            if size == SIZES[0] and not QUICK:
                say("django-helpdesk beside us")
                found.beside, found.helpdesk = helpdesk.measure(server, size, MANY, WARM)
        found.statements = ours.statements(cast)
    found.grids = table.point_in_grid()
    print("\n".join(table.lines(found)))
    if not QUICK:
        table.keep(found)
    return 0


def under(server: Server, application: str, measure: Callable[..., Any], cast: Any) -> list[Figure]:
    """Figures of one application under granian, over this database."""
    port = free_port()
    with serving(granian(port, application), port, {"PORT": str(port)}) as pid:
        figures = measure(Meter(pid, postmaster(server.data)), port, cast, MANY, WARM)
    for one in figures:
        say(f"  {one.what}: {one.server:.2f} + {one.database:.2f} ms")
    return figures


def say(what: str) -> None:
    print(f"{time.strftime('%H:%M:%S')}  {what}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
