"""The posts a reader holds, as the lists offer them: read under one at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from lianxin.core.step.who import Grant
from lianxin.orders.book import book
from lianxin.registry.queries import standing
from lianxin.registry.rolls import high
from lianxin.web.words import say, speak


@dataclass(frozen=True, slots=True)
class Reading:
    """The post a list is read under, `at` which place of those the reader holds, and their names.

    `path`: where that is; a unit's clerk stands where the unit does ("" = nowhere in particular).
    """

    grants: Sequence[Grant]
    at: int
    names: Sequence[str]
    path: str

    @property
    def grant(self) -> Grant:
        return self.grants[self.at]

    @property
    def facts(self) -> dict[str, Any]:
        """What `lists/posts.html` is told."""
        return {"posts": self.names, "as": self.at, "place": self.names[self.at]}


def reading(request: HttpRequest, roles: tuple[str, ...], lowest: str = "") -> Reading:
    """Under which post a list is read: `as` chooses among several, a number that is none is the
    first. `lowest`: posts below this level do not count. One query. Raises PermissionDenied for who
    holds none of these roles."""
    grants = held(request, roles, lowest)
    asked = request.GET.get("as", "0")
    at = int(asked[:4]) if asked.isdecimal() and int(asked[:4]) < len(grants) else 0
    stands = standing(grants)
    roles = [speak(book().roles[grant.role].words) for grant in grants]
    names = [
        " · ".join(part for part in (place, role, grant.behalf and say("standins.title")) if part)
        for (place, _), role, grant in zip(stands, roles, grants, strict=True)
    ]
    path = stands[at][1] if grants[at].unit else grants[at].path
    return Reading(grants, at, names, path)


def held(request: HttpRequest, roles: tuple[str, ...], lowest: str = "") -> list[Grant]:
    """The reader's posts of these roles, in the order of the roles. Raises PermissionDenied."""
    who = request.who  # type: ignore[attr-defined]
    found = [g for role in roles for g in who.grants if g.role == role and high(g, lowest)]
    if not found:
        raise PermissionDenied
    return found
