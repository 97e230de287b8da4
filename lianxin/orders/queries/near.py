"""Open orders that may be the same thing: near by, of the same or an unknown kind, filed lately.

What comes of it is shown to people who may not see those orders, so it carries no word, name, photo
or address of them but where they are public. What is complained of, and what happens in a home
(categories that are not `shared`), is in nobody's hint.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from math import cos, hypot, radians
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, TextField, Value
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce
from django.utils import timezone

from lianxin.core.flow.page import BARRED
from lianxin.core.step.who import Who
from lianxin.orders.book import book, categories
from lianxin.orders.models import Content, Hand, Order
from lianxin.registry.models import Building, Door

LATELY = timedelta(days=30)
NEAR_M = 150
SNAP = 0.0002  # degrees, about 20 m: whoever asks from all sides finds a corner, and no door
METRES_A_DEGREE = 111_320.0
COMMUNITY = 12  # digits: over the street there may be another grid, hardly another community
READ = 200  # candidates of one look, newest first
SHOWN = 3
AGAINST = ("complain", "report")
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Spot:
    """Where something is: the path of its area, and what is known besides."""

    path: str
    point: Point | None = None
    building: int | None = None


@dataclass(frozen=True, slots=True)
class Alike:
    """One order that may be the same. `metres` is None where only the grid is known; `text` and
    `photo` are "" unless it is public."""

    id: str
    number: str
    flow: str
    since: date
    state: str
    category: str | None
    filed: datetime
    metres: int | None
    same_building: bool
    same_kind: bool
    text: str = ""
    photo: str = ""


def alike(flow: str, spot: Spot, category: str, now: datetime, most: int = SHOWN) -> list[Alike]:
    """The likeliest first. Two queries: the orders by the index of open ones, and where the houses
    stand that they name."""
    if category and not is_shared(category, timezone.localdate(now)):
        return []
    rows = list(candidates(flow, spot, category, now))
    places = houses(rows)
    found = [alike_of(row, spot, category, places.get(row["id"])) for row in rows]
    return sorted((a for a in found if close(a)), key=rank)[:most]


def mergeable(row: Order, who: Who, now: datetime, most: int = 6) -> list[Alike]:
    """What a desk may want to merge an order into, the likeliest first: near by and of its kind,
    open, or ended so lately that it would open again. Only what this person may see."""
    said = dict(
        Content.objects.filter(order=row, nth=1, name__in=("address", "point"), erased=None)
        .values_list("name", "value")
    )  # fmt: skip
    house = house_of(row.area_id, said.get("address"))
    point = read_point(said.get("point")) or place_of(house)
    spot = Spot(row.path, point, house.pk if house else None)
    lately = Q(open=True) | Q(open=False, state__in=opens_again(row), entered__gt=now - LATELY)
    found = Order.objects.visible_to(who).filter(
        lately, kind="case", flow=row.flow, path__startswith=reach(spot),
        filed__gt=now - LATELY * 3,
    ).exclude(pk=row.pk)  # fmt: skip
    rows = list(opened(found))
    places = houses(rows)
    likely = [alike_of(one, spot, row.category or "", places.get(one["id"])) for one in rows]
    told = {one["id"].hex: str(one["text"] or "") for one in rows}
    good = sorted((one for one in likely if close(one)), key=rank)[:most]
    return [replace(one, text=told[one.id]) for one in good]


def opens_again(row: Order) -> list[str]:
    """The ends from which an order opens when another is merged into it."""
    steps = book().exact(row.flow, row.since).steps.values()
    return sorted({state for s in steps if "join" in s.by for state in s.sources})


def is_shared(category: str, on: date) -> bool:
    row = categories().on(on).categories.get(category)
    return bool(row and row.shared)


def close(one: Alike) -> bool:
    """Within sight; of the same kind, the same grid is near enough where no distance is known."""
    if one.same_building or (one.metres is not None and one.metres <= NEAR_M):
        return True
    return one.metres is None and one.same_kind


def rank(one: Alike) -> tuple[bool, bool, float]:
    return not one.same_kind, not one.same_building, one.metres or (0 if one.same_building else 1e9)


# ── the rows ─────────────────────────────────────────────────────────────────────────────────────


def candidates(flow: str, spot: Spot, category: str, now: datetime) -> QuerySet[Any]:
    """Open, lately filed, in the same community (in the same grid, where no point is known)."""
    whom = Content.objects.filter(order=OuterRef("pk"), nth=1, name="whom")
    kept = Hand.objects.filter(order=OuterRef("pk"), holds=BARRED, until=None)
    found = Order.objects.filter(
        kinds(category, timezone.localdate(now)), ~Exists(kept), ~Exists(whom), open=True,
        kind="case", flow=flow, wall="place", path__startswith=reach(spot),
        filed__gt=now - LATELY,
    )  # fmt: skip
    found = found.alias(matter=Coalesce(KT("facts__fields__matter"), Value("", TextField())))
    return opened(found.exclude(matter__in=AGAINST))


def reach(spot: Spot) -> str:
    """The path within which to look."""
    known = spot.point or spot.building
    return spot.path[:COMMUNITY] if known else spot.path


def opened(found: QuerySet[Any]) -> QuerySet[Any]:
    """The rows with what was said when they were filed."""
    said = Content.objects.filter(order=OuterRef("pk"), nth=1, erased=None)
    first = {n: Subquery(said.filter(name=n).values("value")[:1]) for n in OPENED}
    return found.annotate(**first).order_by("-id").values(*COLUMNS, *OPENED)[:READ]


COLUMNS = (
    "id", "number", "flow", "since", "state", "category", "filed", "public", "path", "area_id",
)  # fmt: skip
OPENED = ("text", "address", "point", "photo")  # of the first event


def kinds(category: str, on: date) -> Q:
    """The same kind, its group or one of its group, or not sorted yet; never what is not shared."""
    shared = {c for c, row in categories().on(on).categories.items() if row.shared}
    if category:
        shared = {c for c in shared if kin(c, category)}
    return Q(category=None) | Q(category__in=sorted(shared))


def kin(one: str | None, other: str) -> bool:
    """
    >>> kin("0101", "01"), kin("01", "0101"), kin("0101", "0102"), kin(None, "01")
    (True, True, False, False)
    """
    return bool(one and other) and (one.startswith(other) or other.startswith(one))  # type: ignore[union-attr]


# ── how far ──────────────────────────────────────────────────────────────────────────────────────


def houses(rows: Iterable[dict[str, Any]]) -> dict[Any, Building]:
    """Order → the building its address begins with: the doors of its grid are asked for, once."""
    named = [row for row in rows if row["address"]]
    if not named:
        return {}
    here = standing({row["area_id"] for row in named})
    found = ((row["id"], called(here.get(row["area_id"], ()), row["address"])) for row in named)
    return {id: building for id, building in found if building}


def house_of(area: int | None, address: Any) -> Building | None:
    return called(standing({area}).get(area, ()), address) if area and address else None


def standing(areas: set[Any]) -> dict[int, list[Building]]:
    """Area → the buildings with a door in it."""
    found: dict[int, list[Building]] = {}
    doors = Door.objects.filter(area__in=areas).select_related("building").order_by("pk")
    for door in doors:
        found.setdefault(door.area_id, []).append(door.building)
    return found


def called(buildings: Iterable[Building], address: Any) -> Building | None:
    """The one whose name as people write it begins the address; of two, the longer name."""
    fitting = [b for b in buildings if b.written and str(address).startswith(b.written)]
    return max(fitting, key=lambda b: len(b.written), default=None)


def alike_of(row: dict[str, Any], spot: Spot, category: str, building: Building | None) -> Alike:
    point = read_point(row["point"]) or place_of(building)
    same = bool(building and building.pk == spot.building)
    public = row["public"]
    return Alike(
        id=row["id"].hex, number=row["number"], flow=row["flow"], since=row["since"],
        state=row["state"], category=row["category"], filed=row["filed"],
        metres=None if same else metres(spot.point, point), same_building=same,
        same_kind=kin(row["category"], category), text=str(row["text"] or "") if public else "",
        photo=first_of(row["photo"]) if public else "",
    )  # fmt: skip


def read_point(value: Any) -> Point | None:
    return (float(value[0]), float(value[1])) if isinstance(value, list) else None


def place_of(building: Building | None) -> Point | None:
    if building is None or building.lon is None or building.lat is None:
        return None
    return building.lon, building.lat


def first_of(photos: Any) -> str:
    return next(iter(photos), "") if isinstance(photos, list) else str(photos or "")


def metres(here: Point | None, there: Point | None) -> int | None:
    """As the crow flies, to the nearest ten, between corners of a raster of about 20 m.

    >>> metres((108.52, 25.93), (108.5204, 25.93)), metres((108.52, 25.93), None)
    (40, None)
    """
    if here is None or there is None:
        return None
    (x1, y1), (x2, y2) = snapped(here), snapped(there)
    east = (x2 - x1) * cos(radians(y1))
    return int(round(hypot(east, y2 - y1) * METRES_A_DEGREE, -1))


def snapped(point: Point) -> Point:
    return round(point[0] / SNAP) * SNAP, round(point[1] / SNAP) * SNAP
