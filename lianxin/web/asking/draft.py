"""What somebody has said so far: carried in a signed field of the form and kept nowhere else."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from typing import Any

from django.core import signing
from django.http import HttpRequest

from lianxin.core.category import Category
from lianxin.orders.book import categories
from lianxin.orders.queries.near import Spot
from lianxin.orders.wished import Wish
from lianxin.registry.models import Area, Building
from lianxin.registry.queries import Address, ancestors, door, successor_of
from lianxin.web.asking import wishes
from lianxin.web.words import speak

SALT = "lianxin.draft"
STREET, COMMUNITY = 9, 12  # digits of their paths: above a street, everybody knows where they are


@dataclass(frozen=True, slots=True)
class Draft:
    """`key` makes sending it five times one order; `photos` are ids of photos already taken in.
    `matter`: a complaint or a report; `whom`: against whom, in words; `staff`: against those who
    would else deal with it, so that it goes to the street.
    """

    key: str
    text: str = ""
    when: str = ""
    day: str = ""
    part: tuple[str, ...] = ()
    category: str = ""
    served: bool = False
    photos: tuple[str, ...] = ()
    door: str = ""
    area: int | None = None
    point: tuple[float, float] | None = None
    address: str = ""
    phone: str = ""
    matter: str = ""
    whom: str = ""
    staff: bool = False

    @classmethod
    def new(cls, **begun: Any) -> Draft:
        return cls(secrets.token_urlsafe(24), **begun)

    @classmethod
    def of(cls, request: HttpRequest) -> Draft:
        """The draft that came with the form; a new one where it is missing or was tampered with."""
        try:
            row = signing.loads(request.POST.get("draft", ""), salt=SALT)
        except signing.BadSignature:
            return cls.new()
        known = {f.name for f in fields(cls)}
        row = {name: value for name, value in row.items() if name in known}
        point = row.get("point")
        many = {name: tuple(row.get(name, ())) for name in ("photos", "part")}
        return cls(**row | many | {"point": tuple(point) if point else None})

    @property
    def sealed(self) -> str:
        return signing.dumps(asdict(self), salt=SALT, compress=True)

    def having(self, **more: Any) -> Draft:
        return replace(self, **more)

    def anew(self) -> Draft:
        """The same words as another request."""
        return replace(self, key=secrets.token_urlsafe(24), photos=())


@dataclass(frozen=True, slots=True)
class Place:
    """Where it is: the area in charge, the address as people write it ("" = the area alone)."""

    area: Area
    address: str = ""
    around: str = ""
    building: Building | None = None

    def spot(self, point: tuple[float, float] | None) -> Spot:
        """Where it is, as far as distances can be told: one's own position, else the house."""
        house = self.building
        if point is None and house and house.lon is not None and house.lat is not None:
            point = (house.lon, house.lat)
        return Spot(self.area.path, point, house.pk if house else None)


def place_of(draft: Draft, on: date) -> Place | None:
    """The place a draft names; None where it names none that is known."""
    if draft.door:
        found = door(draft.door)
        return standing(found, on) if found else None
    area = Area.objects.select_related("successor").filter(pk=draft.area).first()
    return Place(successor_of(area), "", around(area.path, on)) if area else None


def standing(found: Address, on: date) -> Place:
    return Place(found.area, written(found), around(found.area.path, on), found.building)


def written(found: Address) -> str:
    """A building and its door as people write them: 韶山路12号幸福小区3栋 1单元."""
    return " ".join(part for part in (found.building.written, found.door.label) if part)


def around(path: str, on: date) -> str:
    """What lies around a place: street and community, as a person would say it."""
    return near(ancestors(path, on))


def near(line: Iterable[Area]) -> str:
    return " · ".join(a.name for a in line if STREET <= len(a.path) <= COMMUNITY)


def plain(typed: str, most: int) -> str:
    """One line to look something up by: no control signs, no longer than `most`."""
    words = "".join(c if c.isprintable() else " " for c in typed)
    return " ".join(words.split())[:most]


def heard(text: str, on: date) -> str:
    """The code of a category that must not wait, if the words speak of it; else ""."""
    low = text.lower()
    rows = categories().on(on).categories.values()
    return next((row.code for row in rows if any(word in low for word in row.heard)), "")


def answer_for(draft: Draft, on: date) -> Category | None:
    """The category whose answer may be all that is asked for: the one chosen, else one that the
    words speak of. Whoever complains, or has come from the catalogue, is not sent back to it."""
    if draft.matter or draft.staff or draft.served:
        return None
    table = categories().on(on).categories
    chosen = table.get(draft.category)
    if chosen and (chosen.answer or chosen.stop):
        return chosen if chosen.answer else None
    low = draft.text.lower()
    rows = (row for row in table.values() if row.answer)
    return next((row for row in rows if any(w in low for w in row.answer.heard)), None)  # type: ignore[union-attr]


def category_of(code: str, on: date) -> Category | None:
    return categories().on(on).categories.get(code)


def answers(draft: Draft, place: Place, on: date) -> dict[str, Any]:
    """What the step `file` is told. A request that must not wait is filed as severe."""
    row = category_of(draft.category, on)
    place = exactly(place) if draft.staff else place
    address = "，".join(part for part in (place.address, draft.address) if part)
    given = {
        "text": draft.text, "address": address[:200], "category": row and row.code,
        "severity": "high" if row and row.stop else None, "photo": list(draft.photos),
        "phone": draft.phone, "matter": draft.matter, "whom": draft.whom,
        "point": list(draft.point) if draft.point else None, **wish_of(draft, on).given,
    }  # fmt: skip
    return {name: value for name, value in given.items() if value}


def exactly(place: Place) -> Place:
    """A place with all of its name in the address: where the order stands higher, nothing else
    says in which community it is."""
    return replace(place, address=" ".join((place.around, place.address or place.area.name)))


def wish_of(draft: Draft, on: date) -> Wish:
    """When it would suit."""
    return wishes.chosen(draft.when, draft.day, draft.part, on)


def category_words(draft: Draft, on: date) -> str:
    row = category_of(draft.category, on)
    return speak(row.words) if row else ""
