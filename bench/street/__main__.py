"""`make street`: 6,000 requests of one day over HTTP; `QUICK=1`: 300, in six minutes."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from random import Random

from bench import house
from bench.serving import ROOT, free_port, serving
from bench.street import clock, reckon, told
from bench.street.gateway import gateway
from bench.street.town import Street
from bench.street.wire import HOST, Book, Someone

QUICK = bool(os.environ.get("QUICK"))
ORDERS, RESIDENTS, PACE = (300, 100, 120.0) if QUICK else (6000, 2000, 10.0)
SEED = 11


def main() -> int:
    with gateway() as (address, taken), house.opened() as server:
        port = free_port()
        os.environ |= {
            "PORT": str(port), "PUBLIC_URL": f"https://{HOST}", "LIANXIN_SMS_URL": address,
            "DATABASE_URL": server.dsn(),
        }  # fmt: skip
        found, street = day(port)
        found.unsent = reckon.drained()
        found.unsaid, found.undelivered = reckon.unsaid(), reckon.deliveries(taken)
        found.board, found.untrue = counted(port, street)
        print("\n".join(told.lines(found)))
    return 1 if found.faults else 0


def counted(port: int, street: Street) -> tuple[dict[str, int], list[str]]:
    """What the leader reads when the day is over, held against the log; time stands still."""
    with pages(port):
        leader = Someone(port, Book(), "10.0.0.1", street.leader)
        return reckon.board(leader.get("/api/v1/board").text)


@contextmanager
def pages(port: int) -> Iterator[None]:
    """As many processes as `lianxin run` starts, under the street's time."""
    from lianxin.cli import run

    command = [*run.server("127.0.0.1", port)[:-1], "bench.street.app:application"]
    with ExitStack() as open_together:
        for _ in range(run.PAGES):
            open_together.enter_context(serving(command, port, {}))
        yield


def day(port: int) -> tuple[told.Found, Street]:
    """Furnish the street, open the house, live the day."""
    import django

    django.setup()
    from django.utils import timezone

    from bench.street import day as days
    from bench.street.lives import Day
    from bench.street.town import build
    from lianxin.cli import setup

    setup.migrate()
    setup.collect()
    first = clock.last_working_day(timezone.localtime())
    clock.begin(first, PACE)
    clock.install()
    rnd = Random(SEED)
    street = build(rnd)
    clock.begin(first, PACE)  # the street is furnished: now it is eight o'clock
    work = days.Clockwork(Day(street, port, Book(), rnd, RESIDENTS), first)
    with pages(port), hands("worker", "clock"):
        days.fill(work, first, ORDERS)
        work.run()
        reckon.drained()
    clock.begin(clock.now(), 0.0)  # the day is over: what is counted now does not move on
    return told.Found(work.day.book, street.people, work.behind_s / PACE), street


@contextmanager
def hands(*which: str) -> Iterator[None]:
    """The house's other processes, under the street's time."""
    command = [sys.executable, "-m", "bench.street.hand"]
    running = [subprocess.Popen([*command, one], cwd=ROOT) for one in which]
    try:
        yield
    finally:
        for child in running:
            child.terminate()
        for child in running:
            with suppress(subprocess.TimeoutExpired):
                child.wait(20)


if __name__ == "__main__":
    sys.exit(main())
