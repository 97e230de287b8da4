"""CPU of server and database, which holds on a busy machine where seconds do not."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import psutil

from bench.callers import Answer, Ask, Callers

ROUNDS = 3
TURNS = 300_000
PACES: list[float] = []  # of a plain loop between the rounds: how slow others have made the machine


@dataclass(frozen=True, slots=True)
class Figure:
    """CPU ms a request of the web server and of the database; wall ms at the median."""

    what: str
    server: float
    database: float
    wall: float

    @property
    def cpu(self) -> float:
        return self.server + self.database


class Meter:
    """Reads the processes under a web server and under a PostgreSQL, those that ended included."""

    def __init__(self, server: int, postmaster: int) -> None:
        self.server, self.postmaster = psutil.Process(server), psutil.Process(postmaster)

    def read(self) -> tuple[float, float]:
        """CPU seconds so far: (server, database)."""
        return spent(self.server), spent(self.postmaster)

    def measure(
        self, what: str, callers: Callers, warm: list[Ask], asks: list[Ask], good: Good
    ) -> Figure:
        """Warm up, then take the cheapest of a few rounds: a busy machine tells less of a lie.

        Raises AssertionError for an answer that is a no.
        """
        checked(callers.send(warm), good)
        rounds = [self.round(what, callers, asks[n::ROUNDS], good) for n in range(ROUNDS)]
        return min(rounds, key=lambda figure: figure.cpu)

    def round(self, what: str, callers: Callers, asks: list[Ask], good: Good) -> Figure:
        time.sleep(0.2)
        before = self.read()
        answers = callers.send(asks)
        after = self.read()
        checked(answers, good)
        PACES.append(pace())
        server, database = ((b - a) / len(asks) * 1000 for a, b in zip(before, after, strict=True))
        return Figure(what, server, database, median(a.wall_ms for a in answers))


Good = Callable[[Answer], bool]


def checked(answers: list[Answer], good: Good) -> None:
    for answer in answers:
        assert good(answer), f"{answer.status}: {answer.body[:300].decode(errors='replace')}"


def pace() -> float:
    """CPU ns of one turn of a plain loop, here and now."""
    start = time.process_time()
    for _ in range(TURNS):
        pass
    return (time.process_time() - start) / TURNS * 1e9


def spent(root: psutil.Process) -> float:
    """CPU seconds of a process and all under it. What ended is in its parent's account."""
    total = 0.0
    for process in (root, *root.children(recursive=True)):
        try:
            t = process.cpu_times()
        except psutil.NoSuchProcess:
            continue  # it ended between the list and the look: its parent has it now
        total += t.user + t.system + t.children_user + t.children_system
    return total


def postmaster(data: Path) -> int:
    """The number of the process that serves this data folder."""
    return int((data / "postmaster.pid").read_text().split()[0])
