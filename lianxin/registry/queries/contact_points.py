"""Which leaders are tied to what, what they lack by the table of their rank, and who is overdue."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Count, Exists, Max, OuterRef, Q

from lianxin.core.flow.page import Words
from lianxin.core.step.who import Grant, Who
from lianxin.registry.contact_table import Rank, Table, contact_table
from lianxin.registry.models import Area, ContactPoint, Officer, Person, Post, Visit
from lianxin.registry.models.dated import in_force

MOST = 3000  # leaders and ties of one page's place; a prefecture has some hundreds
NAMED = 3  # of those who work at one place
LATEST = 50  # visits of one leader
FOUND = 30  # people of one search
WORKS = ("grid_worker", "desk", "secretary")  # posts that a visitor looks for, in this order


@dataclass(frozen=True, slots=True)
class Tie:
    """One place of one leader. `last`: the last visit, None = never; `due`: the day by which the
    next one is, None where today's table knows no such rank."""

    key: int
    path: str
    place: str
    kind: str
    since: date
    last: date | None
    due: date | None
    overdue: bool


@dataclass(slots=True)
class Line:
    """One leader. `stands`, `path`: where their own post is, "" for one who is tied here from
    outside, whose gaps are counted there. `missing`: kind of place → how many are lacking."""

    person: int
    name: str
    spelt: str
    rank: Rank
    stands: str = ""
    path: str = ""
    ties: list[Tie] = field(default_factory=list)
    missing: dict[str, int] = field(default_factory=dict)

    @property
    def overdue(self) -> int:
        return sum(tie.overdue for tie in self.ties)

    @property
    def never(self) -> int:
        return sum(tie.last is None for tie in self.ties)


def lines(grant: Grant, path: str, on: date) -> list[Line]:
    """Every leader with a post or a tie at `path`, which lies within the reader's own: those of the
    larger places first, then by name. Three queries."""
    table = contact_table(on)
    found = {post.person_id: _leader(table, post) for post in _posts(table, path, on)}
    points = ContactPoint.objects.on(on).under([grant]).filter(area__path__startswith=path)
    for point in dated(points, on)[:MOST]:
        line = found.setdefault(point.person_id, _guest(table, point))
        if not line.ties:
            line.rank = rank_in(table, point.rank)
        line.ties.append(tied(table, point, on))
    _lacking([line for line in found.values() if line.path], path, on)
    return sorted(found.values(), key=lambda x: (not x.path, len(x.path), x.path, x.name, x.person))


def _posts(table: Table, path: str, on: date) -> list[Post]:
    """Whoever holds a post that makes them of a rank, once each: at the largest of their places."""
    roles = [rank.role for rank in table.ranks.values() if rank.role]
    held = Post.objects.on(on).filter(
        in_force(on, "area__"), role__in=roles, behalf_of=None, unit=None,
        area__path__startswith=path, person__is_active=True,
    )  # fmt: skip
    return list(held.select_related("person", "area").order_by("-area__path", "-pk")[:MOST])


def _leader(table: Table, post: Post) -> Line:
    rank, area = table.of_role(post.role), post.area
    assert rank is not None and area is not None
    return Line(
        post.person_id, post.person.name, post.person.spelt, rank, area.name, area.path
    )  # fmt: skip


def _guest(table: Table, point: ContactPoint) -> Line:
    who = point.person
    return Line(who.pk, who.name, who.spelt, rank_in(table, point.rank))


def rank_in(table: Table, name: str) -> Rank:
    """A rank of the day's table; one that it no longer has keeps its name and asks for nothing."""
    return table.ranks.get(name) or Rank(name, Words(name, name), {}, 0)


def dated(points: Iterable[ContactPoint], on: date) -> Iterable[ContactPoint]:
    """With the day of the last visit, in the order of the places."""
    live = points.filter(in_force(on, "area__"))  # type: ignore[attr-defined]
    told = live.select_related("person", "area").annotate(last=Max("visits__on"))
    return told.order_by("area__path", "pk")  # type: ignore[no-any-return]


def tied(table: Table, point: ContactPoint, on: date) -> Tie:
    last, days = point.last, rank_in(table, point.rank).days
    due = (last or point.since) + timedelta(days=days) if days else None
    return Tie(
        point.pk, point.area.path, point.area.name, point.area.kind_id, point.since, last, due,
        due is not None and due < on,
    )  # fmt: skip


def _lacking(leaders: list[Line], path: str, on: date) -> None:
    """What the table asks for, less what they are tied to anywhere; of ties outside the reader's
    place the number alone is looked at."""
    away = ContactPoint.objects.on(on).filter(in_force(on, "area__"), person__in=[
        line.person for line in leaders
    ]).exclude(area__path__startswith=path)  # fmt: skip
    counted = away.order_by().values_list("person_id", "area__kind_id").annotate(n=Count("id"))
    there = {(person, kind): n for person, kind, n in counted} if leaders else {}
    for line in leaders:
        held = Counter(tie.kind for tie in line.ties)
        asked = line.rank.ties.items()
        lack = {kind: n - held[kind] - there.get((line.person, kind), 0) for kind, n in asked}
        line.missing = {kind: n for kind, n in lack.items() if n > 0}


# ── one leader ───────────────────────────────────────────────────────────────────────────────────


def points_of(person: int, grants: Iterable[Grant], on: date) -> list[Tie]:
    """The live contact points of one leader that these posts may read."""
    points = ContactPoint.objects.on(on).under(grants).filter(person=person)
    return [tied(contact_table(on), point, on) for point in dated(points, on)]


def own_points(who: Who, on: date) -> list[Tie]:
    """A leader's own, by place."""
    points = ContactPoint.objects.on(on).visible_to(who).filter(person=int(who.id))
    return [tied(contact_table(on), point, on) for point in dated(points, on)]


def visits_of(person: int, grants: Iterable[Grant]) -> list[Visit]:
    """The latest visits of one leader at the places of these posts, the newest first."""
    points = ContactPoint.objects.under(grants).filter(person=person)
    found = Visit.objects.filter(contact_point__in=points).select_related("contact_point__area")
    return list(found.order_by("-on", "-pk")[:LATEST])


def last_words(ties: Iterable[Tie]) -> dict[int, Visit]:
    """The last visit of each contact point."""
    found = Visit.objects.filter(contact_point__in=[tie.key for tie in ties])
    newest = found.order_by("contact_point", "-on").distinct("contact_point")
    return {visit.contact_point_id: visit for visit in newest}


def who_works(ties: Iterable[Tie], on: date) -> dict[str, list[tuple[str, str]]]:
    """(role, name) of those whom a visitor finds at each of the paths: its elected secretary, then
    those with a post there. Two queries."""
    paths = [tie.path for tie in ties]
    elected = Officer.objects.filter(
        in_force(on), in_force(on, "organisation__"), office="secretary",
        organisation__kind__in=("community", "branch"), organisation__area__path__in=paths,
    ).order_by("pk").values_list("organisation__area__path", "person__name")  # fmt: skip
    posts = Post.objects.on(on).filter(
        in_force(on, "area__"), role__in=WORKS, area__path__in=paths, behalf_of=None
    )
    rows = [(path, "secretary", name) for path, name in elected[:MOST]]
    held = posts.order_by("since", "pk").values_list("area__path", "role", "person__name")
    rows += sorted(held[:MOST], key=lambda row: WORKS.index(row[1]))
    found: dict[str, list[tuple[str, str]]] = {path: [] for path in paths}
    for path, role, name in rows:
        if len(found[path]) < NAMED and (role, name) not in found[path]:
            found[path].append((role, name))
    return found


def tieable(words: str, path: str, on: date) -> list[Person]:
    """Who may be tied: those with a post at `path`, found by name, its initials or user name."""
    held = Post.objects.on(on).filter(person=OuterRef("pk"), area__path__startswith=path)
    called = Q(name__icontains=words) | Q(spelt__contains=f" {words.lower()}") | Q(username=words)
    found = Person.objects.filter(called, Exists(held), is_active=True)
    return list(found.order_by("name", "pk")[:FOUND])


def places_for(rank: Rank, path: str, on: date) -> list[Area]:
    """Places at `path` that a rank may be tied to."""
    found = Area.objects.on(on).filter(path__startswith=path, kind__in=list(rank.ties))
    return list(found.order_by("path")[:MOST])
