"""Communities with whom they have: workers, how many were meant, how many lack, reserves."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Count, F, IntegerField, OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Cast, Coalesce, Concat, Left

from lianxin.growth.models import Fact, Reserve
from lianxin.registry.models import Area, Figure
from lianxin.registry.models.area import anywhere_under
from lianxin.registry.models.dated import in_force
from lianxin.registry.team_rules import team_rule

STREET = 9  # digits
BEYOND = "~"  # stands behind every sign of a path


def communities(paths: Iterable[str], on: date) -> QuerySet[Any]:
    """Those in force at these places, with `workers`, `kept` (as reserves) and `street`, its name;
    by the latest row of the figures how many workers are `meant`, with its `source` and its day
    `as_of`, and how many it `lacks`. None where there is no row."""
    here = Area.objects.on(on).filter(anywhere_under(paths), kind_id="community")
    said = Figure.objects.filter(
        in_force(on, "area__"), area__path=OuterRef("path"), on__lte=on,
        what=team_rule("vacancies", "what"),
    ).order_by("-on", "-pk")  # fmt: skip
    street = Area.objects.on(on).filter(path=Left(OuterRef("path"), STREET))
    worked = Fact.objects.filter(in_force(on), kind=Fact.Kind.WORKED)
    told = here.annotate(
        workers=people_at(worked), kept=people_at(Reserve.objects.filter(in_force(on))),
        meant=Cast(Subquery(said.values("value")[:1]), IntegerField()),
        source=Subquery(said.values("source")[:1]), as_of=Subquery(said.values("on")[:1]),
        street=Subquery(street.values("name")[:1]),
    )  # fmt: skip
    return told.annotate(lacks=F("meant") - F("workers"))


def people_at(rows: QuerySet[Any]) -> Coalesce:
    """How many persons of these rows lie in the area, each once. A range of paths and not their
    beginning, since that alone goes by the index of a path that is a column."""
    inside = rows.filter(
        area__path__gte=OuterRef("path"), area__path__lt=Concat(OuterRef("path"), Value(BEYOND))
    )
    counted = inside.order_by().annotate(all=Value(1)).values("all")
    counted = counted.annotate(n=Count("person", distinct=True)).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def short(rows: QuerySet[Any]) -> QuerySet[Any]:
    """With fewer workers than were meant, those who lack most first."""
    return rows.filter(lacks__gt=0).order_by("-lacks", "path")


def bare(rows: QuerySet[Any]) -> QuerySet[Any]:
    """For which nobody is kept as a reserve."""
    return rows.filter(kept=0).order_by("path")


def vacancies(rows: QuerySet[Any]) -> dict[str, int | None]:
    """`posts` that are vacant, in how many `communities`; `meant` of `known` communities that have
    a row. `posts` is None where none has: what nobody has said is not guessed."""
    whole = rows.filter(meant__isnull=False).aggregate(known=Count("pk"), posts=Sum("meant"))
    lack = rows.filter(lacks__gt=0).aggregate(known=Count("pk"), posts=Sum("lacks"))
    return {
        "known": whole["known"], "meant": whole["posts"] or 0, "communities": lack["known"],
        "posts": (lack["posts"] or 0) if whole["known"] else None,
    }  # fmt: skip
