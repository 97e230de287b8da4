"""`lianxin run` opens, answers, and takes everything along when it goes, however it goes."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest

from lianxin import postmaster
from lianxin.cli.run import PAGES

pytestmark = pytest.mark.timeout(240)
ROOT = Path(__file__).resolve().parent.parent
LIANXIN = [sys.executable, "-m", "lianxin"]


@pytest.fixture(scope="module")
def home() -> Iterator[dict[str, str]]:
    """What surrounds a house of its own, kept through this file: later starts are quick."""
    with tempfile.TemporaryDirectory(prefix="lx-run-") as var, socket.socket() as free:
        for port in range(21000 + os.getpid() % 10000, 32000):
            if free.connect_ex(("127.0.0.1", port)):
                break
        unset = {k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "PUBLIC_URL"}}
        yield unset | {"LIANXIN_VAR": var, "PORT": str(port)}


@contextmanager
def opened(home: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    command = [*LIANXIN, "run", "--no-demo"]
    with subprocess.Popen(
        command, env=home, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as house:
        try:
            told = "".join(iter_until(house.stdout, "Ctrl-C"))
            assert f"http://127.0.0.1:{home['PORT']}" in told
            yield house
        finally:
            house.terminate()


def iter_until(lines: Any, word: str) -> Iterator[str]:
    told = []
    for line in lines:
        told.append(line)
        yield line
        if word in line:
            return
    raise AssertionError(f"it ended without saying {word}: {''.join(told)}")


def gone(processes: list[psutil.Process]) -> bool:
    """Within ten seconds none of them runs (a zombie has ended)."""
    deadline = time.monotonic() + 10
    while any(p.is_running() and p.status() != psutil.STATUS_ZOMBIE for p in alive(processes)):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


def alive(processes: list[psutil.Process]) -> list[psutil.Process]:
    return [p for p in processes if psutil.pid_exists(p.pid)]


def sockets_on(port: int) -> set[str]:
    """What listens at that port, by the system's own numbers: among several sockets the kernel
    deals out who calls, of one nearly every caller goes to the same process."""
    lines = (line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:])
    return {row[9] for row in lines if row[1].endswith(f":{port:04X}") and row[3] == "0A"}


def within_s(seconds: float, true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.1)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_nobody_stays_behind(home: dict[str, str], how: signal.Signals) -> None:
    with opened(home) as house:
        with urllib.request.urlopen(f"http://127.0.0.1:{home['PORT']}/healthz") as answer:
            assert answer.status == 200
        children = psutil.Process(house.pid).children(recursive=True)
        assert len(children) >= 4, "pages (two, each with one that serves) and the worker of jobs"
        within_s(20, lambda: len(sockets_on(int(home["PORT"]))) == PAGES)
        house.send_signal(how)
        code = house.wait(30)
    assert gone(children)
    if how == signal.SIGKILL:
        assert code == -signal.SIGKILL  # its database waits for the next start, which takes it over
    else:
        assert code == 0
        assert postmaster.pid_of(Path(home["LIANXIN_VAR"]) / "pg") is None


def test_the_next_start_takes_over_what_a_kill_left(home: dict[str, str]) -> None:
    done = subprocess.run([*LIANXIN, "setup", "--no-demo"], env=home, cwd=ROOT, check=False)
    assert done.returncode == 0
    assert postmaster.pid_of(Path(home["LIANXIN_VAR"]) / "pg") is None


@pytest.fixture
def taken() -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as other:
        yield str(other.getsockname()[1])


def test_trouble_is_one_sentence(home: dict[str, str], taken: str) -> None:
    nowhere = "postgresql://127.0.0.1:1/none"
    for change, says in [
        ({"PORT": taken}, "is taken or cannot be used"),
        ({"PORT": "eighty"}, "PORT must be"),
        ({"DATABASE_URL": nowhere}, "database refused"),
    ]:
        command = [*LIANXIN, "run", "--no-demo"]
        done = subprocess.run(
            command, env=home | change, cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert (done.returncode, says in done.stderr) == (2, True), done.stderr
        assert "Traceback" not in done.stderr
