"""People at their phones: a few connections kept open, each with one request at a time."""

from __future__ import annotations

import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.client import HTTPConnection

CONNECTIONS = 8


@dataclass(frozen=True, slots=True)
class Ask:
    """One request."""

    path: str
    method: str = "GET"
    body: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, and after how long."""

    status: int
    body: bytes
    wall_ms: float
    headers: Mapping[str, str]


class Callers:
    """Each connection takes every n-th request: warm-up and measure hit the same workers."""

    def __init__(self, port: int, connections: int = CONNECTIONS) -> None:
        self.lines = [HTTPConnection("127.0.0.1", port, timeout=120) for _ in range(connections)]

    def send(self, asks: list[Ask]) -> list[Answer]:
        shares = [asks[n :: len(self.lines)] for n in range(len(self.lines))]
        with ThreadPoolExecutor(len(self.lines)) as pool:
            found = pool.map(in_turn, self.lines, shares)
        return [answer for share in found for answer in share]

    def close(self) -> None:
        for line in self.lines:
            line.close()


def in_turn(line: HTTPConnection, asks: list[Ask]) -> list[Answer]:
    return [one(line, ask) for ask in asks]


def one(line: HTTPConnection, ask: Ask) -> Answer:
    start = time.perf_counter()
    line.request(ask.method, ask.path, ask.body, dict(ask.headers))
    answer = line.getresponse()
    body = answer.read()
    wall = (time.perf_counter() - start) * 1000
    return Answer(answer.status, body, wall, dict(answer.headers.items()))
