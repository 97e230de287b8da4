"""The pages as people get them: granian in processes of its own, spoken to by plain sockets."""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote

from lianxin.cli.run import server

ROOT = Path(__file__).resolve().parent.parent
OPENS_WITHIN_S = 60
ORDERS = "/api/v1/orders"


def free_port() -> int:
    """One that nobody listens on now, below those that the system gives to callers."""
    for port in range(21000 + os.getpid() * 7 % 10000, 32000):
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise AssertionError("no port is free")


@contextmanager
def served(dsn: str, var: Path, told: IO[bytes] | None = None) -> Iterator[int]:
    """The pages over a database, on a port, for as long as this lasts. Gives the port. What they
    say goes into `told`, or where the tests' own words go."""
    port = free_port()
    around = os.environ | {"DATABASE_URL": dsn, "LIANXIN_VAR": str(var), "PORT": str(port)}
    said = {"stdout": told, "stderr": told}
    with subprocess.Popen(server("127.0.0.1", port), env=around, cwd=ROOT, **said) as pages:
        try:
            until_open(port)
            yield port
        finally:
            pages.terminate()


def until_open(port: int) -> None:
    deadline = time.monotonic() + OPENS_WITHIN_S
    while True:
        with suppress(OSError, http.client.HTTPException):
            if Wire(port).get("/healthz") == 200:
                return
        assert time.monotonic() < deadline, "the pages did not open"
        time.sleep(0.1)


class Wire:
    """One connection of one caller. What goes wrong on the way is an OSError or HTTPException."""

    def __init__(self, port: int, token: str = "", patience_s: float = 60) -> None:
        self.link = http.client.HTTPConnection("127.0.0.1", port, timeout=patience_s)
        self.token = token

    def get(self, address: str) -> int:
        self.link.request("GET", address)
        answer = self.link.getresponse()
        answer.read()
        return answer.status

    def post(self, address: str, body: Any, key: str = "") -> tuple[int, dict[str, Any]]:
        """Status and what the answer says; a no is checked to be a problem with a sentence."""
        headers = {"Content-Type": "application/json", "Accept-Language": "zh"}
        headers |= {"Authorization": f"Bearer {self.token}"} if self.token else {}
        headers |= {"Idempotency-Key": key} if key else {}
        self.link.request("POST", quote(address), json.dumps(body).encode(), headers)
        answer = self.link.getresponse()
        told = answer.read()
        kind = "problem+json" if answer.status >= 400 else "json"
        assert kind in answer.headers.get("Content-Type", ""), (answer.status, told[:500])
        said = json.loads(told)
        assert answer.status < 400 or said["detail"].endswith("。"), said
        return answer.status, said

    def step(self, number: str, step: str, key: str = "", **answers: Any) -> tuple[int, Any]:
        return self.post(f"{ORDERS}/{number}/steps/{step}", {"answers": answers}, key)

    def close(self) -> None:
        self.link.close()
