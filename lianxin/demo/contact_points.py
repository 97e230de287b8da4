"""Leaders of the demo are tied to a street, a community and a grid, and some have come lately."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from lianxin.core.place.path import county
from lianxin.demo.land import Land
from lianxin.demo.land.rows import Area
from lianxin.registry.actions.pour import next_key, pour
from lianxin.registry.actions.stamp import Stamp
from lianxin.registry.contact_table import contact_table
from lianxin.registry.models import ContactPoint, Post, Visit

KINDS = ("street", "community", "grid")
BEGAN = date(2025, 3, 1)
LACKS = 6  # of so many leaders one has no grid yet
TAKEN_AWAY = (
    "几户老人反映楼道扶手松动，请社区看一下能不能一起修。",
    "充电桩不够用，晚上排队，想在空地上再加几个。",
    "看了服务站，开放时间贴在门口了，周末也有人。",
    "网格员说入户最难的是白天没人，约在晚饭后好一些。",
    "小广场的灯有三盏不亮，孩子晚上在那里玩。", "",
)  # fmt: skip
RECENT, OVERDUE, NEVER = (5, 60), (100, 190), None  # days ago


def pour_contact_points(stamp: Stamp, land: Land, areas: dict[str, int]) -> None:
    """All who hold the post of a leader, the prefecture's before those of its counties."""
    rng, today = Random(land.seed + 6), stamp.day
    rank = contact_table(today).of_role("leader")
    assert rank is not None
    points, visits = [], []
    key = next_key(ContactPoint)
    for n, (person, root) in enumerate(leaders()):
        places = three(land, root, rng, whole=bool(n % LACKS != LACKS - 1))
        for m, place in enumerate(places):
            began = min(BEGAN, today - timedelta(days=1))
            points.append((key, person, rank.name, areas[place.path], began))
            lately = (RECENT, OVERDUE, NEVER)[(n + m) % 3]
            visits += [(key, on, text) for on, text in came(rng, today, began, lately)]
            key += 1
    columns = ("id", "person_id", "rank", "area_id", "since")
    pour(stamp, ContactPoint, columns, points)
    pour(
        stamp, Visit, ("id", "contact_point_id", "on", "text"),
        ((pk, *row) for pk, row in enumerate(visits, next_key(Visit))),
    )  # fmt: skip


def leaders() -> Iterator[tuple[int, str]]:
    """Who leads where, the larger places first."""
    held = Post.objects.filter(role="leader", until=None, area__isnull=False)
    yield from held.order_by("area__path", "pk").values_list("person_id", "area__path")


def three(land: Land, root: str, rng: Random, whole: bool) -> list[Area]:
    """A street, a community in it, a grid in that; without the grid where `whole` is not meant. A
    prefecture's leader is tied in its first county."""
    inside = county(root) or next(iter(land.of("county", root))).path
    found: list[Area] = []
    for kind in KINDS if whole else KINDS[:2]:
        choice = land.of(kind, inside)
        if not choice:
            continue
        found.append(rng.choice(choice))
        inside = found[-1].path
    return found


def came(
    rng: Random, today: date, began: date, lately: tuple[int, int] | None
) -> Iterator[tuple[date, str]]:
    """The last visit so many days ago, and those before it."""
    if lately is None:
        return
    on = today - timedelta(days=rng.randint(*lately))
    while on >= began:
        yield on, rng.choice(TAKEN_AWAY)
        on -= timedelta(days=rng.randint(45, 100))
