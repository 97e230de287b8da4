"""A town with all four levels of organisation, with gaps, under a prefecture of its own."""

from __future__ import annotations

from datetime import date

from town import COMMUNITY, DAY, GRID, QUARTER, Town

from lianxin.registry.models import (
    Area,
    Building,
    ContactPoint,
    Cover,
    Door,
    Officer,
    Organisation,
    Person,
    Post,
)

PREFECTURE, OTHER_COUNTY = "5226", "522602"
BARE_GRID = "522601001001001002"  # in the quarter, without a worker
LOOSE_GRID = "522601001001000001"  # in the community, in no quarter
HOME = "韶山路12号3栋"
AREAS = (
    ("prefecture", PREFECTURE, "清江州"), ("street", "522602001", "北街"),
    ("grid", BARE_GRID, "二网格"), ("grid", LOOSE_GRID, "沿街网格"),
)  # fmt: skip


def furnish(town: Town) -> dict[str, Organisation]:
    """The organisations by kind; `town.people` gains `state`, a leader of the prefecture, and
    `host`, at whose home a core household is."""
    for kind, path, name in AREAS:
        town.areas[path] = Area.objects.create(kind_id=kind, path=path, name=name, since=DAY)
    for name, spelt in (("state", " zjg"), ("host", " zxq"), ("headed", " lxm sxm")):
        town.people[name] = Person.objects.create(
            username=name, name=NAMES[name], spelt=spelt, password="!"
        )
    Post.objects.create(
        person=town.people["state"], role="leader", area=town.areas[PREFECTURE], since=DAY
    )
    Post.objects.create(
        person=town.people["headed"], role="secretary", area=town.areas[COMMUNITY], since=DAY
    )
    made: dict[str, Organisation] = {}
    for kind, path, name, above in (
        ("community", COMMUNITY, "幸福社区党组织", None),
        ("branch", QUARTER, "江景苑党支部", "community"),
        ("group", GRID, "一网格党小组", "branch"), ("household", GRID, "第一中心户", "group"),
    ):  # fmt: skip
        made[kind] = Organisation.objects.create(
            kind=kind, name=name, area=town.areas[path], since=DAY,
            parent=made[above] if above else None,
        )  # fmt: skip
    elect(made["community"], town.people["headed"], "secretary")
    elect(made["group"], town.people["m2"], "head")
    elect(made["household"], town.people["host"], "host")
    covered(town, made)
    ContactPoint.objects.create(
        person=town.people["state"], rank="leader", area=town.grid, since=DAY
    )
    return made


NAMES = {"state": "周建国", "host": "郑小七", "headed": "单雪梅"}


def elect(organisation: Organisation, person: Person, office: str) -> None:
    Officer.objects.create(
        organisation=organisation, person=person, office=office, since=DAY, term=date(2099, 1, 1)
    )


def covered(town: Town, made: dict[str, Organisation]) -> None:
    """One building that the group covers and the household lives in, and one that nobody does."""
    for number, held in (("3栋", True), ("4栋", False)):
        row = Building.objects.create(name=number, street="韶山路", number="12")
        Door.objects.create(building=row, area=town.grid)
        for kind in ("group", "household") if held else ():
            Cover.objects.create(organisation=made[kind], building=row, since=DAY)


def grow(counties: int, streets: int, communities: int) -> int:
    """So many more counties with streets and communities. Returns how many areas that made."""
    rows = []
    for a in range(11, 11 + counties):
        county = f"{PREFECTURE}{a}"
        rows.append(Area(kind_id="county", path=county, name=f"县{a}", since=DAY))
        for b in range(1, streets + 1):
            street = f"{county}{b:03d}"
            rows.append(Area(kind_id="street", path=street, name=f"第{b}街道", since=DAY))
            rows += [
                Area(kind_id="community", path=f"{street}{c:03d}", name=f"第{c}社区", since=DAY)
                for c in range(1, communities + 1)
            ]
    Area.objects.bulk_create(rows)
    return len(rows)
