"""The four teams of a place as questions to its rows, and how many workers that is per 10,000."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, F, Max, Model, OuterRef, QuerySet, Subquery
from django.db.models.functions import ExtractYear, Left

from lianxin.core.step.who import Grant
from lianxin.growth.models import Attendance, Course, Fact, Rearing, Reserve, ReservedPost
from lianxin.orders.queries.board import parts_of
from lianxin.registry.models import Area, CheckIn, Figure, Post
from lianxin.registry.models.dated import in_force
from lianxin.registry.team_rules import team_rule

WORKER = "grid_worker"
Sight = Callable[[type[Model]], "QuerySet[Any]"]  # the rows of a model that somebody may read


def everything(model: type[Model]) -> QuerySet[Any]:
    """For the operator at the terminal."""
    return model._default_manager.all()


def under(grant: Grant) -> Sight:
    """What one post reads: its own place's rows."""
    return lambda model: model._default_manager.under([grant])  # type: ignore[attr-defined]


# ── what is counted ──────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Asked:
    """What a count is of: whose eyes, which day, which year's classes and posts."""

    see: Sight
    on: date
    year: int


@dataclass(frozen=True, slots=True)
class Measure:
    """`rows` counted by `what`, each once; `path`: where in a row the place is."""

    rows: Callable[[Asked], QuerySet[Any]]
    what: str = "pk"
    path: str = "area__path"


def workers(asked: Asked) -> QuerySet[Any]:
    return asked.see(Fact).filter(in_force(asked.on), kind=Fact.Kind.WORKED)


def members(asked: Asked) -> QuerySet[Any]:
    """Where they checked in, which is where they live; what nobody confirmed does not count."""
    return asked.see(CheckIn).filter(in_force(asked.on), confirmed__lte=asked.on)


def reserves(asked: Asked) -> QuerySet[Any]:
    return asked.see(Reserve).filter(in_force(asked.on))


def studying(asked: Asked) -> QuerySet[Any]:
    plan = Rearing.objects.filter(in_force(asked.on), reserve=OuterRef("pk"))
    return reserves(asked).filter(Exists(plan.filter(kind=Rearing.Kind.STUDY)))


def classes(asked: Asked) -> QuerySet[Any]:
    return asked.see(Course).filter(since__year=asked.year, since__lte=asked.on)


def attendances(asked: Asked) -> QuerySet[Any]:
    begun = {"course__since__year": asked.year, "course__since__lte": asked.on}
    return asked.see(Attendance).filter(**begun, came__isnull=False)


def posts_reserved(kind: str) -> Callable[[Asked], QuerySet[Any]]:
    return lambda asked: asked.see(ReservedPost).filter(year=asked.year, kind=kind)


def held_grids(on: date) -> QuerySet[Post]:
    """Posts at grids, whoever stands in apart."""
    found = Post.objects.on(on).filter(in_force(on, "area__"), role=WORKER, behalf_of=None)
    return found.filter(area__kind_id="grid")


def grids(on: date) -> QuerySet[Area]:
    return Area.objects.on(on).filter(kind_id="grid")


def staffed(on: date) -> QuerySet[Area]:
    return grids(on).filter(Exists(held_grids(on).filter(area=OuterRef("pk"))))


def vacant(on: date) -> QuerySet[Area]:
    return grids(on).filter(~Exists(held_grids(on).filter(area=OuterRef("pk"))))


MEASURES = {
    "workers": Measure(workers, "person"),
    "grid_workers": Measure(lambda asked: held_grids(asked.on), "person"),
    "grids": Measure(lambda asked: grids(asked.on), path="path"),
    "staffed": Measure(lambda asked: staffed(asked.on), path="path"),
    "members": Measure(members, "person"),
    "reserves": Measure(reserves, "person"),
    "studying": Measure(studying, "person"),
    "classes": Measure(classes),
    "attendances": Measure(attendances, path="course__area__path"),
    "trainees": Measure(attendances, "person", "course__area__path"),
    "civil": Measure(posts_reserved("civil")),
    "institution": Measure(posts_reserved("institution")),
    "communities": Measure(
        lambda asked: Area.objects.on(asked.on).filter(kind_id="community"), path="path"
    ),
}  # fmt: skip


def count(name: str, asked: Asked, path: str) -> int:
    """How many in a place; a person once, wherever in it they stand twice."""
    measure = MEASURES[name]
    found = measure.rows(asked).filter(**{f"{measure.path}__startswith": path})
    n: int = found.aggregate(n=Count(measure.what, distinct=True))["n"]
    return n


def counts(asked: Asked, path: str, names: Iterable[str] = tuple(MEASURES)) -> dict[str, int]:
    """One query for each of the names."""
    return {name: count(name, asked, path) for name in names}


# ── part by part ─────────────────────────────────────────────────────────────────────────────────

COLUMNS = ("workers", "grids", "staffed", "members", "reserves", "studying", "classes",
           "attendances", "trainees")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """A part of a place. `exact`: only what lies at the place itself and in none of its parts;
    `name` is "" where no area of that path is in force."""

    path: str
    name: str
    exact: bool
    counts: dict[str, int]
    population: Figure | None

    @property
    def per(self) -> float | None:
        return None if self.exact else per(self.counts.get("workers", 0), self.population)


def table(asked: Asked, path: str, columns: Iterable[str] = COLUMNS) -> list[Line]:
    """The next places down with their counts; what belongs to none of them has lines behind."""
    columns = tuple(columns)
    parts = parts_of(path, asked.on)
    digits = len(next(iter(parts), path))
    found: dict[str, dict[str, int]] = {part: {} for part in parts}
    for name in columns:
        for part, n in by_part(name, asked, path, digits).items():
            found.setdefault(part, {})[name] = n
    people = populations(parts, asked.on)
    return [
        Line(part, parts.get(part, ""), len(part) < digits,
             {name: told.get(name, 0) for name in columns}, people.get(part))
        for part, told in found.items()
    ]  # fmt: skip


def by_part(name: str, asked: Asked, path: str, digits: int) -> dict[str, int]:
    measure = MEASURES[name]
    found = measure.rows(asked).filter(**{f"{measure.path}__startswith": path}).order_by()
    rows = found.annotate(part=Left(F(measure.path), digits)).values("part")
    rows = rows.annotate(n=Count(measure.what, distinct=True)).order_by("part")
    return dict(rows.values_list("part", "n"))


# ── per 10,000 ───────────────────────────────────────────────────────────────────────────────────


def populations(paths: Iterable[str], on: date) -> dict[str, Figure]:
    """Of each area its own latest row of that day, of several of one day the one written last."""
    rows = Figure.objects.filter(
        in_force(on, "area__"), area__path__in=list(paths), what=team_rule("staffing", "what"),
        on__lte=on,
    )  # fmt: skip
    rows = rows.order_by("area__path", "-on", "-pk").distinct("area__path")
    return {row.area.path: row for row in rows.select_related("area")}


def per(workers: int, population: Figure | None) -> float | None:
    """None where the place has no row of its own: what nobody has counted is not guessed."""
    if population is None or not population.value:
        return None
    return round(float(workers * team_rule("staffing", "per") / population.value), 2)


def latest_year(see: Sight, path: str, on: date) -> int:
    """The latest year by that day which has any class or reserved post there, else the day's."""
    begun = see(Course).filter(area__path__startswith=path, since__lte=on)
    course = begun.aggregate(year=Max(ExtractYear("since")))["year"]
    posts = see(ReservedPost).filter(area__path__startswith=path, year__lte=on.year)
    return max(filter(None, (course, posts.aggregate(year=Max("year"))["year"])), default=on.year)


# ── what is missing ──────────────────────────────────────────────────────────────────────────────


def without_reserve(asked: Asked, path: str) -> QuerySet[Area]:
    """Communities for which nobody is kept as a reserve, by path."""
    kept = reserves(asked).filter(area__path=OuterRef("path"))
    found = Area.objects.on(asked.on).filter(kind_id="community", path__startswith=path)
    return found.filter(~Exists(kept)).order_by("path")


def overburdened(path: str, on: date) -> QuerySet[Any]:
    """Workers here with more grids than the table says, wherever these are, those with most first:
    (person, name, n)."""
    held = too_many(with_number(held_grids(on).filter(area__path__startswith=path), on))
    found = held.order_by("-n", "person").annotate(name=F("person__name"))
    return found.values_list("person", "name", "n").distinct()


def with_number(held: QuerySet[Post], on: date) -> QuerySet[Any]:
    """With `n`, how many grids the holder of each of these posts has in all."""
    own = held_grids(on).filter(person=OuterRef("person")).order_by().values("person")
    counted = own.annotate(all=Count("area", distinct=True)).values("all")
    return held.annotate(n=Subquery(counted))


def too_many(held: QuerySet[Any]) -> QuerySet[Any]:
    return held.filter(n__gt=team_rule("grids", "most"))
