"""Which roll is meant, under which post it is read, and what it is narrowed to."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.utils import timezone

from lianxin.core.flow.page import Words
from lianxin.registry.imports.takers import takers
from lianxin.registry.rolls import Roll, rolls
from lianxin.registry.rolls.narrow import Narrow, narrowed
from lianxin.registry.sheets.columns import Column, read_columns
from lianxin.registry.tables import text_of
from lianxin.web.posts import Reading, reading
from lianxin.web.words import rows, say


@dataclass(frozen=True, slots=True)
class Opened:
    """A roll before one reader. `root`: the path of the reader's place, "" for none."""

    roll: Roll
    read: Reading
    narrow: Narrow

    @property
    def root(self) -> str:
        return self.read.path if self.read.path[:1].isalnum() else ""

    @property
    def rows(self) -> QuerySet[Any]:
        return narrowed(self.roll, self.read.grant, self.narrow, self.root)

    @property
    def clears(self) -> bool:
        """Whether this post may have it without stars: whoever keeps it."""
        return bool(self.roll.guarded) and self.roll.kept_under(self.read.grant)

    @property
    def title(self) -> str:
        return title(self.roll)


def opened(request: HttpRequest, name: str) -> Opened:
    """Raises Http404 for a roll that is none, PermissionDenied for one that is not theirs."""
    roll = named(name)
    read = reading(request, roll.reads)
    return Opened(roll, read, Narrow.of(request.GET.dict(), timezone.localdate()))


def named(name: str) -> Roll:
    if name not in rolls():
        raise Http404
    return rolls()[name]


def title(roll: Roll) -> str:
    return say(f"rolls.{roll.name}.title")


def title_words(name: str) -> Words | None:
    """What a roll is called in both languages, None for a sheet that is no roll's."""
    return rows().get(f"rolls.{name}.title")


def readers() -> tuple[str, ...]:
    """Every role that may open one of the rolls."""
    return tuple(dict.fromkeys(role for roll in rolls().values() for role in roll.reads))


def keepers() -> tuple[str, ...]:
    """Every role that may take a sheet of one of the rolls in."""
    return tuple(dict.fromkeys(role for roll in rolls().values() for role in roll.keeps))


def taken_by(request: HttpRequest, roll: Roll) -> bool:
    """Whether the reader may take in a sheet of it."""
    who = request.who  # type: ignore[attr-defined]
    return takes(roll) and any(roll.kept_under(grant) for grant in who.grants)


def takes(roll: Roll) -> bool:
    """Whether there is anybody who takes a sheet of it in at its page."""
    return bool(roll.keeps) and roll.name in takers()


def columns(roll: Roll) -> tuple[Column, ...]:
    """Those of the sheet."""
    return _columns(text_of("sheets.toml"), roll.name)


@cache
def _columns(text: str, name: str) -> tuple[Column, ...]:
    return read_columns(text, name)
