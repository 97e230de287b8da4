"""How fast somebody without an account may send: so many from one source in a stretch of time.

Limits are on sources and rates, never on people. All processes of a house count in one place; the
address itself is not kept, only what the house's key makes of it.
"""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from lianxin.core.step.refused import Refused
from lianxin.orders import pace


class Pace:
    """At most `most` in `per_s` seconds from one source; a whole street may share an address."""

    def __init__(self, name: str, most: int, per_s: int) -> None:
        self.name, self.most, self.per_s = name, most, per_s

    def keep(self, request: HttpRequest) -> None:
        """Count one. Raises Refused("slow_down") with the seconds to wait."""
        n, wait = pace.count(self.name, sealed(source(request)), self.per_s)
        if n > self.most:
            raise Refused("slow_down", wait=max(1, wait))

    def forget(self) -> None:
        pace.forget(self.name)


def sealed(source: str) -> str:
    return salted_hmac("lianxin.pace", source).hexdigest()


def source(request: HttpRequest) -> str:
    """The address it came from; behind our own proxy (HTTPS) the last one that the proxy noted."""
    passed = request.headers.get("X-Forwarded-For", "") if settings.HTTPS else ""
    return passed.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR", "")


filings = Pace("filings", most=60, per_s=600)
pictures = Pace("pictures", most=120, per_s=600)
