"""A web server in processes of its own, on a port of this machine alone."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parent.parent
WORKERS = 4
OPENS_WITHIN_S = 90


def free_port() -> int:
    with socket.socket() as probe:
        for port in range(21000 + os.getpid() % 1000 * 10, 32000):
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise OSError("no port is free")


def granian(port: int, application: str = "lianxin.wsgi:application") -> list[str]:
    """As `lianxin run` starts it, with the four workers that the others were measured with."""
    from lianxin.cli import run  # reads the settings, which `house.opened` has to choose before

    command = run.server("127.0.0.1", port)
    command[command.index("--workers") + 1] = str(WORKERS)
    return [*command[:-1], application]


@contextmanager
def serving(command: list[str], port: int, env: Mapping[str, str]) -> Iterator[int]:
    """Runs the server for as long as this lasts. Gives its process number."""
    child = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **env})
    try:
        until_open(port, child)
        yield child.pid
    finally:
        child.terminate()
        child.wait(20)


def until_open(port: int, child: subprocess.Popen[bytes]) -> None:
    """Until this very server takes calls: beside it another may hold the same port."""
    one = psutil.Process(child.pid)
    deadline = time.monotonic() + OPENS_WITHIN_S
    while time.monotonic() < deadline:
        assert child.poll() is None, "the server ended before it opened"
        if any(listens(process, port) for process in one.children()):
            return
        time.sleep(0.1)
    raise TimeoutError("the server did not open")


def listens(process: psutil.Process, port: int) -> bool:
    with suppress(psutil.NoSuchProcess):
        held = process.net_connections("tcp")
        return any(c.status == psutil.CONN_LISTEN and c.laddr.port == port for c in held)
    return False
