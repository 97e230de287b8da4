"""Who lives and works in the street: 20 communities of three grids, their desks, units, members."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from random import Random

SINCE = date(2020, 1, 1)
STREET = "522601001"
COMMUNITIES, GRIDS, UNITS, MEMBERS, RESIDENTS = 20, 3, 2, 15, 2000
DOORS = 5  # of a grid
FAMILY = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"


@dataclass
class Community:
    """One of them, with the cookies of those who work in it."""

    path: str
    desk: str = ""
    workers: list[str] = field(default_factory=list)
    grids: list[str] = field(default_factory=list)
    doors: list[str] = field(default_factory=list)
    units: dict[str, str] = field(default_factory=dict)  # key → the clerk's cookie
    members: dict[str, list[str]] = field(default_factory=dict)


@dataclass
class Street:
    """`desk`, `leader`, `supervisor`: cookies of those who stand above the communities."""

    communities: list[Community] = field(default_factory=list)
    desk: str = ""
    leader: str = ""
    supervisor: str = ""

    @property
    def people(self) -> int:
        per = [1 + len(c.workers) + len(c.units) + sum(map(len, c.members.values()))
               for c in self.communities]  # fmt: skip
        return sum(per) + 3


class Builder:
    """Writes rows as an import would and signs everybody in, once, before the day begins."""

    def __init__(self, rnd: Random) -> None:
        from lianxin.registry.models import AreaKind

        self.rnd = rnd
        self.kinds = {kind.code: kind for kind in AreaKind.objects.all()}
        self.people = 0

    def area(self, kind: str, path: str, name: str) -> object:
        from lianxin.registry.models import Area

        return Area.objects.create(kind=self.kinds[kind], path=path, name=name, since=SINCE)

    def cookie(self, role: str, *, area: object = None, unit: object = None) -> str:
        """Somebody new with this post, signed in: the cookie of their session."""
        from django.conf import settings
        from django.test import Client

        from lianxin.registry.models import Person, Post

        self.people += 1
        person = Person(
            username=f"{role}{self.people}", name=self.name(), password="!",
            phone=f"139{self.people:08d}",
        )  # fmt: skip
        person.save()
        Post.objects.create(person=person, role=role, area=area, unit=unit, since=SINCE)
        client = Client()
        client.force_login(person)
        return f"{settings.SESSION_COOKIE_NAME}={client.session.session_key}"

    def name(self) -> str:
        return self.rnd.choice(FAMILY) + self.rnd.choice(("明", "芳", "建国", "小梅", "志强", "𠮷"))


def build(rnd: Random) -> Street:
    """The street in an empty house."""
    make = Builder(rnd)
    make.area("county", STREET[:6], "望江县")
    own = make.area("street", STREET, "望江街道")
    found = Street()
    found.communities = [community(make, n + 1) for n in range(COMMUNITIES)]
    found.desk = make.cookie("desk", area=own)
    found.leader = make.cookie("leader", area=own)
    found.supervisor = make.cookie("supervisor", area=own)
    return found


def community(make: Builder, n: int) -> Community:
    from lianxin.registry.models import Building, Door, Unit

    path = f"{STREET}{n:03d}"
    own = make.area("community", path, f"第{n}社区")
    make.area("quarter", f"{path}001", f"第{n}小区")
    one = Community(path, desk=make.cookie("desk", area=own))
    for g in range(1, GRIDS + 1):
        grid = make.area("grid", f"{path}001{g:03d}", f"{n}-{g}网格")
        one.grids.append(f"{path}001{g:03d}")
        one.workers.append(make.cookie("grid_worker", area=grid))
        for b in range(1, DOORS + 1):
            house = Building.objects.create(name=f"{b}栋", street="望江路", number=f"{n}{g:02d}")
            one.doors.append(Door.objects.create(building=house, area=grid, label="1单元").code)
    for u in range(1, UNITS + 1):
        unit = Unit.objects.create(code=f"{n}-{u}", name=f"第{n}服务队{u}", area=own, since=SINCE)
        one.units[str(unit.pk)] = make.cookie("clerk", unit=unit)
        many = MEMBERS // UNITS + (u <= MEMBERS % UNITS)
        one.members[str(unit.pk)] = [make.cookie("member", unit=unit) for _ in range(many)]
    return one
