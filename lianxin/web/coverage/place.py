"""Which place, which day and since when somebody looks at, and who may close a gap there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils import timezone

from lianxin.core.step.given import YEARS
from lianxin.core.step.who import Who
from lianxin.registry.models import Area
from lianxin.registry.models.organisation import NEAR
from lianxin.registry.models.placed import READS
from lianxin.registry.queries.coverage import year_before
from lianxin.web.posts import Reading, reading

KEEPS = ("desk", "secretary")


@dataclass(frozen=True, slots=True)
class Looked:
    """`path` lies in the post's own place. `near`: core households may be read one by one."""

    read: Reading
    path: str
    on: date
    since: date
    wrong: bool

    @property
    def near(self) -> bool:
        return len(self.read.path) >= NEAR

    @property
    def today(self) -> bool:
        """Only what is missing today can be put right."""
        return self.on == timezone.localdate()

    @property
    def asked(self) -> dict[str, Any]:
        """What stays in an address when one goes on from here; days only where they were asked."""
        today = timezone.localdate()
        row = {"as": self.read.at, "path": self.path}
        if self.on != today:
            row["on"] = self.on.isoformat()
        if self.since != year_before(self.on):
            row["since"] = self.since.isoformat()
        return row

    def query(self, **more: Any) -> str:
        return "?" + urlencode({**self.asked, **more})

    @property
    def trail(self) -> list[Area]:
        """From the post's own place down to the one looked at."""
        steps = [self.path[:n] for n in range(len(self.read.path), len(self.path) + 1)]
        return list(Area.objects.on(self.on).filter(path__in=steps).order_by("path"))


def looked(request: HttpRequest) -> Looked:
    """Raises PermissionDenied for who reads no place, or asks for one that is not theirs."""
    read = reading(request, READS)
    path = request.GET.get("path", read.path)[:20]
    if not path.startswith(read.path) or not path.isalnum():
        raise PermissionDenied
    today = timezone.localdate()
    on, odd = day(request.GET.get("on", ""), today)
    since, odd_too = day(request.GET.get("since", ""), year_before(on))
    return Looked(read, path, min(on, today), since, odd or odd_too or on > today or since > on)


def day(typed: str, usual: date) -> tuple[date, bool]:
    """The day that was typed, and whether it was none."""
    try:
        found = date.fromisoformat(typed.strip()) if typed.strip() else usual
    except ValueError:
        return usual, True
    return (found, False) if found.year in YEARS else (usual, True)


def keeps(who: Who, path: str) -> bool:
    """Whether somebody writes there: a desk or a secretary at the place or over it."""
    return any(g.role in KEEPS and not g.unit and path.startswith(g.path) for g in who.grants)
