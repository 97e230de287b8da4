"""Killed the hard way under eight writers, again and again: what was acknowledged is there, once.

The house runs as for anybody: `lianxin run`, its own PostgreSQL with nothing loosened, its own
pages. A writer whose answer was lost sends the same press with the same key until it is answered.
"""

from __future__ import annotations

import http.client
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import psutil
import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob
from served import ORDERS, ROOT, Wire, free_port, until_open
from town import GRID, build

from lianxin import embedded, postmaster
from lianxin.orders import recount, used, world
from lianxin.orders.fetch import rows_of
from lianxin.orders.models import Event, Order

pytestmark = pytest.mark.timeout(300)
KILLS, WRITERS = 10, 8
PROGRESS = 24  # presses acknowledged between two kills
AWAY = (OSError, http.client.HTTPException)
ROUND = ("file", "dispatch", "keep")


# ── the house ────────────────────────────────────────────────────────────────────────────────────


@dataclass
class House:
    process: subprocess.Popen[bytes]
    server: embedded.Server
    port: int
    tokens: dict[str, str] = field(default_factory=dict)
    unit: str = ""

    def log(self) -> str:
        """What the house said last."""
        return (self.server.var / "said").read_text()[-8000:]

    def pages(self) -> list[psutil.Process]:
        """Those that hold a socket, then those that serve."""
        hold: list[psutil.Process] = []
        serve: list[psutil.Process] = []
        for child in psutil.Process(self.process.pid).children():
            with suppress(psutil.NoSuchProcess):  # one that was killed and not yet noticed
                if "granian" in child.cmdline():
                    hold.append(child)
                    serve += child.children()
        return [*hold, *serve]


@pytest.fixture(scope="module")
def house(django_db_blocker: Any) -> Iterator[House]:
    with tempfile.TemporaryDirectory(prefix="lx-chaos-") as var:
        port = free_port()
        drop = {"DATABASE_URL", "PUBLIC_URL"}
        around = {k: v for k, v in os.environ.items() if k not in drop}
        around |= {"LIANXIN_VAR": var, "PORT": str(port)}
        command = [sys.executable, "-m", "lianxin", "run", "--no-demo"]
        with (Path(var) / "said").open("wb") as said:
            process = subprocess.Popen(command, env=around, cwd=ROOT, stdout=said, stderr=said)
            try:
                house = House(process, embedded.Server(Path(var)), port)
                until_open(port)
                with django_db_blocker.unblock(), looking_at(house.server):
                    settle(house)
                    yield house
            finally:
                process.terminate()
                assert process.wait(60) == 0, house.log()


@contextmanager
def looking_at(server: embedded.Server) -> Iterator[None]:
    """This process reads the house's own database."""
    before = dict(connection.settings_dict)
    connection.close()
    name = {"NAME": embedded.NAME, "USER": embedded.NAME, "PASSWORD": "", "OPTIONS": {}}
    connection.settings_dict.update(name | {"HOST": str(server.socket), "PORT": "5432"})
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(before)


def settle(house: House) -> None:
    world.forget()
    used.forget()
    town = build()
    house.unit = town.unit.code
    house.tokens = {name: town.token(name) for name in ("resident", "desk", "clerk")}


# ── the writers ──────────────────────────────────────────────────────────────────────────────────


class Writer(threading.Thread):
    """Files, dispatches, takes up, and again; believes only what it was told."""

    def __init__(self, house: House) -> None:
        super().__init__(daemon=True)
        self.house, self.over = house, threading.Event()
        self.wire: Wire | None = None
        self.kept: list[list[int]] = []
        self.numbers: list[str] = []
        self.lost = self.acknowledged = 0
        self.wrong: Any = None

    def run(self) -> None:
        while not self.over.is_set() and not self.wrong:
            filing = {"answers": {"text": "路灯不亮"}, "place": {"path": GRID}}
            number, first = self.press("resident", ORDERS, filing)
            steps = f"{ORDERS}/{number}/steps"
            unit = {"answers": {"unit": self.house.unit}}
            _, second = self.press("desk", f"{steps}/dispatch", unit)
            _, third = self.press("clerk", f"{steps}/keep", {})
            self.numbers.append(number)
            self.kept.append([first, second, third])

    def press(self, who: str, address: str, body: Any) -> tuple[str, int]:
        """Until it is acknowledged, always with the same key. Gives number and `nth`."""
        key = uuid4().hex
        while not self.wrong:
            try:
                self.wire = self.wire or Wire(self.house.port, patience_s=15)
                self.wire.token = self.house.tokens[who]
                status, said = self.wire.post(address, body, key)
            except AWAY:
                status, said = 503, {}
                self.wire = None
            except AssertionError as odd:  # an answer that is none of ours
                status, said = 0, {"odd": str(odd)}
            if status in (200, 201):
                self.acknowledged += 1
                return said["number"], said["nth"]
            if status != 503:
                self.wrong = (status, said)
            self.lost += 1
            time.sleep(0.1)
        return "", 0


@contextmanager
def writing(house: House) -> Iterator[list[Writer]]:
    writers = [Writer(house) for _ in range(WRITERS)]
    for writer in writers:
        writer.start()
    yield writers
    for writer in writers:
        writer.over.set()
    for writer in writers:
        writer.join(60)
        assert not writer.is_alive()


def wrongs(writers: list[Writer]) -> list[Any]:
    """Answers that are neither a yes nor "the database is away"."""
    return [w.wrong for w in writers if w.wrong]


def progress(writers: list[Writer]) -> None:
    """Wait until so many more presses are acknowledged."""
    goal = sum(w.acknowledged for w in writers) + PROGRESS
    deadline = time.monotonic() + 60
    while sum(w.acknowledged for w in writers) < goal:
        assert wrongs(writers) == [], writers[0].house.log()
        assert time.monotonic() < deadline, "nobody gets an answer any more"
        time.sleep(0.02)


# ── the killings ─────────────────────────────────────────────────────────────────────────────────


def kill(process: psutil.Process) -> None:
    with suppress(psutil.NoSuchProcess):
        process.send_signal(signal.SIGKILL)


def kill_the_pages(house: House, n: int) -> None:
    """Mostly one that serves; now and then one that holds a socket, or all of them at once."""
    found = house.pages()
    for process in [found[-1:], found, found[-2:-1], found[:1], found[-1:]][n % 5]:
        kill(process)


def kill_the_database(house: House, n: int) -> None:
    pid = postmaster.pid_of(house.server.data)
    if pid:
        os.kill(pid, signal.SIGKILL)


@pytest.mark.parametrize("blow", [kill_the_pages, kill_the_database])
def test_what_was_acknowledged_is_there_once(house, blow):
    chance = random.Random(7)
    assert rows_of("SHOW fsync", [])[0]["fsync"] == "on"
    assert rows_of("SHOW synchronous_commit", [])[0]["synchronous_commit"] == "on"
    with writing(house) as writers:
        for n in range(KILLS):
            progress(writers)
            time.sleep(chance.random() * 0.2)
            blow(house, n)
        progress(writers)
    connection.close()
    assert sum(w.lost for w in writers) >= KILLS, "the writers noticed"
    told = {n: nths for w in writers for n, nths in zip(w.numbers, w.kept, strict=True)}
    all_there_once(told)


def all_there_once(told: dict[str, list[int]]) -> None:
    """Each order told of has its three events and their two words; nothing is there beside them."""
    rows = list(Event.objects.filter(order__number__in=told).order_by("nth"))
    rows = [(row.order.number, row.nth, row.verb) for row in rows]
    found: dict[str, list[tuple[int, str]]] = {}
    for number, nth, verb in rows:
        found.setdefault(number, []).append((nth, verb))
    assert found == {n: list(zip(nths, ROUND, strict=True)) for n, nths in told.items()}
    told_so_far = recount.verify()
    assert (told_so_far.broken, told_so_far.events) == (0, 3 * told_so_far.cases)
    ids = dict(Order.objects.values_list("number", "pk"))
    said = ProcrastinateJob.objects.filter(task_name="orders.say")
    jobs = Counter((row.args["order"], row.args["nth"]) for row in said)
    assert jobs == Counter((pk.hex, nth) for pk in ids.values() for nth in (2, 3))
    keys = rows_of("SELECT order_id, nth, count(*) AS n FROM orders_key GROUP BY 1, 2", [])
    once = {(row["order_id"], row["nth"]): row["n"] for row in keys}
    assert once == {(pk, nth): 1 for pk in ids.values() for nth in (1, 2, 3)}
