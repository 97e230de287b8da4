"""How fast somebody without an account may send: so many from one source in a stretch of time.

Limits are on sources and rates, never on people. The count lives in the memory of one process: with
several of them a source may send a few times as much, which still stops a flood.
"""

from collections import OrderedDict
from threading import Lock
from time import monotonic

from django.conf import settings
from django.http import HttpRequest

from lianxin.core.step.refused import Refused

SOURCES = 20_000  # kept in memory; the least recent are forgotten first


class Pace:
    """At most `most` in `per_s` seconds from one source; a whole street may share an address."""

    def __init__(self, most: int, per_s: int) -> None:
        self.most, self.per_s = most, per_s
        self.seen: OrderedDict[str, tuple[float, int]] = OrderedDict()
        self.lock = Lock()

    def keep(self, request: HttpRequest) -> None:
        """Count one. Raises Refused("slow_down") with the seconds to wait."""
        now, name = monotonic(), source(request)
        with self.lock:
            began, n = self.seen.pop(name, (now, 0))
            if now - began >= self.per_s:
                began, n = now, 0
            self.seen[name] = began, n + 1
            if len(self.seen) > SOURCES:
                self.seen.popitem(last=False)
        if n >= self.most:
            raise Refused("slow_down", wait=max(1, round(began + self.per_s - now)))

    def forget(self) -> None:
        with self.lock:
            self.seen.clear()


def source(request: HttpRequest) -> str:
    """The address it came from; behind our own proxy (HTTPS) the last one that the proxy noted."""
    passed = request.headers.get("X-Forwarded-For", "") if settings.HTTPS else ""
    return passed.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR", "")


filings = Pace(most=60, per_s=600)
pictures = Pace(most=120, per_s=600)
