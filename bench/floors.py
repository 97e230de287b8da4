"""The floor measured: a raw handler under the same server, over the same tables."""

from __future__ import annotations

from bench.callers import Ask, Callers
from bench.meter import Figure, Meter
from bench.ours import Cast, status


def measure(meter: Meter, port: int, cast: Cast, many: int, warm: int) -> list[Figure]:
    callers = Callers(port)
    file = Ask("/file", "POST", b'{"text": "a"}', {"Content-Type": "application/json"})
    rows = Ask(f"/list?path={cast.community}")
    found = [
        meter.measure(name, callers, [ask] * warm, [ask] * many, status(200))
        for name, ask in (("file", file), ("list", rows))
    ]
    callers.close()
    return found
