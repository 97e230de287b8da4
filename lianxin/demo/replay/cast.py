"""Who acts in a replay: desks, units with clerks and members, supervisors, reviewers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from zlib import crc32

from lianxin.core.flow.page import Role
from lianxin.core.step.capacity import reaches
from lianxin.core.step.order import Order
from lianxin.core.step.who import Grant, Who
from lianxin.demo.load import pour_people, pour_units
from lianxin.demo.people import PersonRow
from lianxin.demo.units import UnitRow, units
from lianxin.orders import world
from lianxin.orders.book import book
from lianxin.registry.actions import Stamp
from lianxin.registry.actions.pour import next_key
from lianxin.registry.models import Area, Duty, Person, Post, Unit

MEMBERS = 5  # of each unit
REVIEWERS = 4
NAME = "replay-"  # begins the usernames of the cast


@dataclass
class Cast:
    """Everybody by what they do; all posts count from long before the first message."""

    roles: dict[str, Role]
    people: dict[str, Who] = field(default_factory=dict)
    posts: dict[str, list[tuple[Grant, Who]]] = field(default_factory=dict)
    desks: dict[str, Who] = field(default_factory=dict)
    duties: list[tuple[str, str]] = field(default_factory=list)

    def add(self, who: Who) -> None:
        self.people[who.id] = who
        for grant in who.grants:
            self.posts.setdefault(grant.unit or grant.role, []).append((grant, who))
            if grant.role == "desk":
                self.desks[grant.path] = who

    def unit(self, category: str, rng: Random, avoid: set[str]) -> str:
        """The unit that answers for a category, unless it has just sent the order back."""
        able = [(prefix, unit) for prefix, unit in self.duties if unit not in avoid]
        fits = [(len(p), unit) for p, unit in able if category.startswith(p)]
        best = max((length for length, _ in fits), default=0)
        found = [u for length, u in fits if length == best] or [unit for _, unit in able]
        return rng.choice(found)

    def who(self, by: str, order: Order, rng: Random, hand: int = 0) -> Who | None:
        """Somebody who may act as `by` on this order, or nobody."""
        if by == "filer":
            return Who("", party=(order.id, "filer"))
        if by == "desk":
            return self.desks.get(order.desk)
        if by == "holder":
            found = [self.people[h.who] for h in order.party("holder") if h.who in self.people]
        elif by in ("unit", "member"):
            found = list(self.of_unit(order, "clerk" if by == "unit" else "member"))
        else:
            able = self.posts.get(by, [])
            found = [who for grant, who in able if reaches(grant, self.roles[by], order)]
        start = crc32(order.id.encode()) if by == "reviewer" else rng.randrange(10**6)
        return found[(start + hand) % len(found)] if found else None

    def of_unit(self, order: Order, role: str) -> Iterator[Who]:
        for hand in order.party("unit"):
            for grant, who in self.posts.get(hand.who, []):
                if grant.role == role and not order.holds("holder", who.id):
                    yield who


def ready(code: str, stamp: Stamp) -> Cast:
    """The cast of a county, made the first time."""
    if not Person.objects.filter(username__startswith=f"{NAME}{code}-").exists():
        make(code, stamp)
        world.forget()
    cast = Cast(book().roles)
    for who in standing(code):
        cast.add(who)
    duties = Duty.objects.filter(area__path=code, unit__code__startswith=f"{NAME}{code}-")
    cast.duties = [(d.category, str(d.unit_id)) for d in duties.order_by("pk")]
    return cast


def standing(code: str) -> Iterator[Who]:
    """The cast as it is in the registry, by person."""
    rows = Post.objects.filter(person__username__startswith=f"{NAME}{code}-", until=None)
    held: dict[int, list[Grant]] = {}
    for post in rows.select_related("area").order_by("person_id", "pk"):
        grant = Grant(
            post.role, post.area.path if post.area else "-",
            str(post.unit_id) if post.unit_id else None, post.pk, post.area_id,
            vetted=post.role == "member",
        )  # fmt: skip
        held.setdefault(post.person_id, []).append(grant)
    return (Who(str(person), tuple(grants)) for person, grants in held.items())


def make(code: str, stamp: Stamp) -> None:
    """Pour in the units and people of one county."""
    areas = dict(Area.objects.live().under(code[:4]).values_list("path", "pk"))
    name = Area.objects.live().get(path=code).name
    offices = [
        UnitRow(u.id, f"{NAME}{u.code}", u.name, u.kind, u.area, u.duties)
        for u in units([(code, name)], next_key(Unit))
    ]
    pour_units(stamp, offices, areas)
    pour_people(stamp, people(code, offices, areas), areas)


def people(code: str, offices: list[UnitRow], areas: dict[str, int]) -> Iterator[PersonRow]:
    """Named by what they do: nobody here is made to look like a person who lives."""
    start = f"{NAME}{code}-"
    for path in sorted(p for p in areas if p.startswith(code) and len(p) in (6, 9, 12)):
        yield PersonRow(f"{start}desk-{path}", f"工作台{path}", None, (("desk", path, None),))
    for path in (code, code[:4]):
        if path in areas:
            yield PersonRow(
                f"{start}supervisor-{path}", f"督办{path}", None, (("supervisor", path, None),)
            )
    for n in range(REVIEWERS):
        yield PersonRow(f"{start}reviewer-{n}", f"复核员{n}", None, (("reviewer", code[:4], None),))
    for unit in offices:
        for n in range(MEMBERS + 1):
            role = "member" if n else "clerk"
            name = f"{unit.name}{'党员' if n else '经办人'}{n or ''}"
            yield PersonRow(f"{start}{unit.id}-{n}", name, None, ((role, None, unit.id),))
