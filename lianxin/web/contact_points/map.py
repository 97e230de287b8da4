"""How many contact points lie in each part of a place, as its map and the list beside it say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from lianxin.registry.queries.contact_points import Line
from lianxin.registry.queries.shapes import parts_named, shown_by


@dataclass(frozen=True, slots=True)
class Part:
    """One area: its contact points, and at how many of them somebody should have been by now."""

    path: str
    name: str
    ties: int
    overdue: int
    href: str


def land(found: Iterable[Line], path: str, at: int, on: date) -> dict[str, Any]:
    """What `contact_points/map.html` is told; no parts where no point lies in any of them."""
    digits = shown_by(path)
    ties = [tie for line in found for tie in line.ties if len(tie.path) >= digits]
    n = Counter(tie.path[:digits] for tie in ties)
    late = Counter(tie.path[:digits] for tie in ties if tie.overdue)
    rows = parts_named(path, on) if n else []
    shown = [
        Part(part, name, n[part], late[part], f"?{urlencode({'as': at, 'path': part})}")
        for part, name in rows
    ]
    drawn = sorted(shown, key=lambda part: (-part.overdue, -part.ties, part.path))
    return {"land": drawn, "most": max(n.values(), default=0), "root": path}
