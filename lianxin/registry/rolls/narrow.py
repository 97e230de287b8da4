"""A roll made narrower by what its reader asks: a place, words or initials, a day, an order."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Model, Q, QuerySet

from lianxin.core.step.given import YEARS
from lianxin.core.step.who import Grant
from lianxin.registry.models import Area
from lianxin.registry.models.area import anywhere_under
from lianxin.registry.rolls import Roll
from lianxin.registry.spelling import begins

AT_ONCE = 50
LONGEST, MOST_TERMS, MOST_PLACES = 60, 5, 50
PLACES = ("area", "place", "community", "quarter", "grid")  # how columns of places are called


@dataclass(frozen=True, slots=True)
class Narrow:
    """What was asked. What does not read as an answer is left out, but a day that is none (`odd`),
    which the reader is told. `sort`: a column of the sheet; `back`: from its end."""

    on: date
    q: str = ""
    path: str = ""
    sort: str = ""
    back: bool = False
    page: int = 1
    odd: str = ""

    @classmethod
    def of(cls, asked: Mapping[str, str], today: date) -> Narrow:
        typed = asked.get("on", "").strip()
        on = day(typed) if typed else today
        path, sort = asked.get("path", ""), asked.get("sort", "")
        return cls(
            on=on or today, odd="" if on else typed[:LONGEST],
            q=unicodedata.normalize("NFKC", asked.get("q", "").replace("\0", "")).strip()[:LONGEST],
            path=path if path.isascii() and path.isalnum() and len(path) <= 20 else "",
            sort=sort.removeprefix("-"), back=sort.startswith("-"),
            page=number(asked.get("page", "")),
        )  # fmt: skip

    @property
    def terms(self) -> list[str]:
        """What stands apart is looked for apart: all of it must be found."""
        return [term for term in re.split(r"[\s,，;；、]+", self.q) if term][:MOST_TERMS]


def narrowed(roll: Roll, grant: Grant, narrow: Narrow, root: str) -> QuerySet[Any]:
    """The rows of one post, in order. `root`: where the post is, "" for nowhere in particular."""
    rows = roll.rows([grant], narrow.on)
    if roll.path and narrow.path:
        rows = rows.filter(**{f"{roll.path}__startswith": narrow.path})
    for term in narrow.terms:
        rows = rows.filter(fits(roll, rows.model, term, narrow.on, root))
    if roll.once:
        rows = rows.filter(pk__in=rows.order_by(roll.once, "pk").distinct(roll.once).values("pk"))
    return rows.order_by(*order(roll, rows.model, narrow))


def fits(roll: Roll, model: type[Model], term: str, on: date, root: str) -> Q:
    """A term in a name, as the initials of one, in that of a unit, or of a place around the row."""
    found = Q(pk__in=())
    for column in searched(roll, model):
        found |= Q(**{f"{column}__icontains": term})
    if roll.person and (initials := begins(term)):
        found |= Q(**{f"{roll.person}__spelt__contains": initials})
    if roll.path and root:
        found |= anywhere_under(called(term, on, root), roll.path)
    return found


def called(term: str, on: date, root: str) -> Iterator[str]:
    """Paths of places that are called so; not those inside one that is."""
    areas = Area.objects.on(on).under(root).filter(name__icontains=term).order_by("path")
    last = None
    for path in areas.values_list("path", flat=True)[:MOST_PLACES]:
        if last is None or not path.startswith(last):
            last = path
            yield path


def searched(roll: Roll, model: type[Model]) -> list[str]:
    own = plain(model)
    found = [*roll.search, *(["name"] if "name" in own else [])]
    found += [f"{roll.person}__name"] if roll.person else []
    found += [f"{roll.path.removesuffix('path')}name"] if roll.path.endswith("__path") else []
    unit = roll.unit or ("unit" if relates(model, "unit") else "")
    return [*found, f"{unit}__name"] if unit else found


def sorts(roll: Roll, model: type[Model]) -> dict[str, tuple[str, ...]]:
    """The columns by which the page can be sorted, and what the table is then sorted by."""
    own = plain(model)
    found: dict[str, tuple[str, ...]] = {}
    for column in roll.cells:
        if column in own:
            found[column] = (column,)
        elif column == "name" and roll.person:
            found[column] = (f"{roll.person}__spelt", f"{roll.person}__name")
        elif column in PLACES and roll.path:
            found[column] = (roll.path,)
        elif column == "unit" and relates(model, "unit"):
            found[column] = ("unit__name",)
    return found | dict(roll.sorts)


def order(roll: Roll, model: type[Model], narrow: Narrow) -> list[str]:
    """Always a whole order, so that no row stands on two pages."""
    columns = list(sorts(roll, model).get(narrow.sort, ())) or list(roll.order)
    if narrow.back and narrow.sort:
        columns = [c.removeprefix("-") if c.startswith("-") else f"-{c}" for c in columns]
    return columns if "pk" in columns or "-pk" in columns else [*columns, "pk"]


def plain(model: type[Model]) -> set[str]:
    return {f.name for f in model._meta.concrete_fields if not f.is_relation}


def relates(model: type[Model], name: str) -> bool:
    return any(f.name == name and f.is_relation for f in model._meta.concrete_fields)


def day(typed: str) -> date | None:
    try:
        found = date.fromisoformat(typed)
    except ValueError:
        return None
    return found if found.year in YEARS else None


def number(typed: str) -> int:
    return max(1, int(typed)) if typed.isascii() and typed.isdecimal() and len(typed) < 7 else 1
