"""The people of the demo: workers on every grid, desks, leaders, members with skills."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

from lianxin.demo.land.rows import Land
from lianxin.demo.units import SKILLS, UnitRow

WORKERS = 3_165  # community workers of the prefecture
MEMBERS = 45_000  # members checked in where they live
SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余"
    "于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方白邹熊孟秦邱江尹薛闫段雷龙"
    "史陶黎贺顾毛郝龚邵万覃武钱戴严莫孔向常汤欧"
)
GIVEN = (
    "伟芳娜秀敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂英华玉兰红建文辉力春梅鑫宇博雪倩琳璐"
    "晨欣怡佳慧婷莹萍颖帆航志国庆林海波宁凯旋悦诗涵子轩浩然雨桐思远安然若溪"
)
COMMUNITY_ROLES = ("desk", "secretary", "keeper", "desk", "chair", "steward")
COUNTY_ROLES = (
    "desk", "supervisor", "inspector", "arbiter", "reviewer", "reviewer", "reviewer", "leader",
    "auditor",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PersonRow:
    """`posts`: (role, area path or None, unit id or None)."""

    username: str
    name: str
    home: str | None
    posts: tuple[tuple[str, str | None, int | None], ...]
    skills: tuple[str, ...] = ()
    phone: str = ""


@dataclass
class Names:
    """Made-up names; two people may share one, as people do."""

    rng: Random
    made: int = field(default=0)

    def next(self) -> str:
        self.made += 1
        given = "".join(self.rng.choice(GIVEN) for _ in range(self.rng.choice((1, 2, 2))))
        return self.rng.choice(SURNAMES) + given


def staff(land: Land, roots: tuple[str, ...], rng: Random, total: int) -> Iterator[PersonRow]:
    """`total` community workers under the roots: one a grid, the rest at their communities."""
    names = Names(rng)
    grids = [a for root in roots for a in land.of("grid", root)]
    communities = [a for root in roots for a in land.of("community", root)]
    for n, grid in enumerate(grids):
        post = (("grid_worker", grid.path, None),)
        yield PersonRow(f"wg{n + 1:04d}", names.next(), grid.path, post)
    for n in range(max(0, total - len(grids))):
        area = communities[n % len(communities)]
        role = COMMUNITY_ROLES[n // len(communities) % len(COMMUNITY_ROLES)]
        yield PersonRow(f"ws{n + 1:04d}", names.next(), None, ((role, area.path, None),))


def officials(land: Land, rng: Random) -> Iterator[PersonRow]:
    """Desks at streets and counties, and those who watch, review and lead; one prefecture desk."""
    names = Names(rng)
    for street in land.of("street"):
        yield PersonRow(f"street-{street.path}", names.next(), None, (("desk", street.path, None),))
    for county in land.of("county"):
        for n, role in enumerate(COUNTY_ROLES):
            post = ((role, county.path, None),)
            yield PersonRow(f"{role}-{county.path}-{n}", names.next(), None, post)
    for prefecture in land.of("prefecture"):
        for role in ("supervisor", "leader", "auditor"):
            post = ((role, prefecture.path, None),)
            yield PersonRow(f"{role}-{prefecture.path}", names.next(), None, post)


def unit_people(land: Land, units: list[UnitRow], rng: Random, members: int) -> Iterator[PersonRow]:
    """Two clerks a unit, and the members checked in: each with a unit, a home grid and skills."""
    names = Names(rng)
    for unit in units:
        for n in range(2):
            yield PersonRow(f"{unit.code}-{n}", names.next(), None, (("clerk", None, unit.id),))
    homes = {county.path: land.of("grid", county.path) for county in land.of("county")}
    for n in range(members):
        unit = units[n % len(units)]
        home = rng.choice(homes[unit.area]).path if homes[unit.area] else None
        skills = tuple(rng.sample(SKILLS, rng.choice((0, 1, 1, 2, 3))))
        post = (("member", None, unit.id),)
        yield PersonRow(f"m{n + 1:05d}", names.next(), home, post, skills)
