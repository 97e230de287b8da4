"""The ways through the house, one row each; a person sees those whose door is open to them.

A page that wants a place in the navigation adds its row here. Order matters: the first row that
asks for a role the person holds is where that person's day begins (`home` sends them there).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from django.http import HttpRequest
from django.urls import reverse

from lianxin.registry.models.placed import READS, UNIT_READS
from lianxin.web.access import held, opens


@dataclass(frozen=True, slots=True)
class Way:
    """A named address, its drawing in icons.svg, and who walks there. Words: `shell.way.<name>`."""

    name: str
    icon: str
    doors: tuple[str, ...]

    @property
    def words(self) -> str:
        return f"shell.way.{self.name}"

    @property
    def href(self) -> str:
        return reverse(self.name)

    @property
    def works(self) -> bool:
        """A way that belongs to a role, not to everybody."""
        return not {"anyone", "person"} & set(self.doors)


AT_DESK = (
    "desk", "supervisor", "reviewer", "arbiter", "inspector", "chair", "keeper", "secretary",
    "steward",
)  # fmt: skip
WATCHING = ("leader", "auditor")
BOARD = ("leader", "supervisor", "auditor")
CLERK = ("clerk",)
READERS = (*AT_DESK, *WATCHING, *CLERK, "grid_worker")  # who may read a list of a whole post
KEEPERS = ("operator", "desk")  # who looks after accounts
WAYS: tuple[Way, ...] = (
    Way("home", "home", ("anyone",)),
    Way("desk", "desk", AT_DESK),
    Way("today", "today", ("grid_worker",)),
    Way("unit", "desk", ("clerk",)),
    Way("pool", "serve", ("member",)),
    Way("board", "board", BOARD),
    Way("calls", "phone", ("desk",)),
    Way("register", "list", READERS),
    Way("people", "people", READS),
    Way("contact_mine", "pin", ("leader",)),
    Way("looks", "search", ("auditor",)),
    Way("operator", "house", ("operator",)),
)


def ways(request: HttpRequest) -> tuple[Way, ...]:
    """The rows open to this person, in order."""
    doors = held(request)
    return tuple(way for way in WAYS if not doors.isdisjoint(way.doors))


@cache
def addresses() -> frozenset[str]:
    """Where the head of a page marks a way, or the bell, as the one that is open."""
    return frozenset((reverse("notices"), *(way.href for way in WAYS)))


def keeps_accounts(request: HttpRequest) -> bool:
    """Whether the reader's own menu leads to other people's accounts."""
    return opens(request, KEEPERS)


def reads_people(request: HttpRequest) -> bool:
    """Whether it leads to the registers of a place's or a unit's own people."""
    return opens(request, (*READS, *UNIT_READS))


def today(request: HttpRequest) -> str | None:
    """Where this person's day begins; None for residents and passers-by."""
    return next((way.href for way in ways(request) if way.works), None)
