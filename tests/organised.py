"""The town with its organisations: a community's, a branch, a group, a household; buildings."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone
from town import COMMUNITY, GRID, QUARTER, Town

from lianxin.registry.actions import Stamp, add_building, add_door
from lianxin.registry.actions.organisation_parts import confirm_part, note_part
from lianxin.registry.actions.organisations import set_up
from lianxin.registry.models import Area, AreaKind, Building, Organisation, Part, Person

QUARTER2, GRID2, GRID3 = f"{COMMUNITY}002", f"{COMMUNITY}002001", f"{COMMUNITY}000003"
ELSEWHERE = "522602001001"
BEGUN = date(2021, 3, 1)
NAMES = ("甲", "乙", "丙", "丁", "戊")


@dataclass
class Organised:
    """`o["branch"]` is an organisation, `o.people["甲"]` somebody who lives in the grid."""

    town: Town
    rows: dict[str, Organisation] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    buildings: dict[str, Building] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Organisation:
        row = self.rows[name]
        row.refresh_from_db()
        return row

    def area(self, path: str) -> Area:
        return self.town.areas[path]

    def set_up(self, kind: str, path: str, **more: Any) -> Organisation:
        given = {"number": "云组〔2021〕1号", "on": BEGUN} | more
        return set_up(stamp(), kind, self.area(path), **given)

    def worked(self, name: str, on: date, confirmed: bool = True) -> Part:
        """Written down by the desk and confirmed by the desk of the street."""
        part = note_part(stamp(self.town, "desk"), self[name], on, "清理楼道")
        if confirmed:
            confirm_part(stamp(self.town, "street_desk", on), part)
        return part


def stamp(town: Town | None = None, name: str = "", on: date | None = None) -> Stamp:
    at = timezone.now()
    if on is not None:
        at = timezone.make_aware(datetime.combine(on, at.time()))
    return Stamp(town.people[name] if town and name else None, at)


def bare(town: Town) -> Organised:
    """Two quarters, three grids (the third in no quarter) of two buildings each, and people."""
    made = Organised(town)
    for kind, path in (("quarter", QUARTER2), ("grid", GRID2), ("grid", GRID3)):
        town.areas[path] = Area.objects.create(
            kind=AreaKind.objects.get(code=kind), path=path, name=path, since=date(2020, 1, 1)
        )
    for path in (GRID, GRID2, GRID3):
        for n in (1, 2):
            name = f"{path[-6:]}-{n}栋"
            made.buildings[name] = add_building(stamp(), name, "韶山路", str(n))
            add_door(stamp(), made.buildings[name], town.areas[path])
    for name in NAMES:
        made.people[name] = Person.objects.create(
            username=f"p{NAMES.index(name)}", name=name, password="!", home=town.grid
        )
    return made


def organised(town: Town) -> Organised:
    """The first quarter has its branch and a group of both buildings with one household."""
    made = bare(town)
    top = made.set_up("community", COMMUNITY)
    three = [made.people[name] for name in NAMES[:3]]
    branch = made.set_up("branch", QUARTER, parent=top, leader=three[0], members=three)
    both = [b for name, b in made.buildings.items() if name.startswith(GRID[-6:])]
    group = made.set_up("group", GRID, parent=branch, leader=three[1], buildings=both)
    home = made.set_up(
        "household", GRID, parent=group, leader=three[2], buildings=both[:1], name="一号中心户"
    )
    made.rows = {"community": top, "branch": branch, "group": group, "household": home}
    return made


def ago(days: int) -> date:
    return timezone.localdate() - timedelta(days=days)
