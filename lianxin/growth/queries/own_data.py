"""Everything that the house holds of one person, for that person: one section a register.

Read by the person's own key alone: nobody else can ask for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Sum

from lianxin.core.step.who import Who
from lianxin.growth.models import Attendance, Correction, Fact, Particulars, Reserve, Standing
from lianxin.orders.looks import PARTICULARS
from lianxin.orders.models import Look, Served
from lianxin.orders.queries import mine
from lianxin.registry.models import (
    Belonging,
    CheckIn,
    ContactPoint,
    Officer,
    Person,
    PersonSkill,
    Post,
    Token,
    Vetting,
)

Value = str | int | date | datetime | None
People = Sequence[Person]
STARS = "****"


@dataclass(frozen=True, slots=True)
class Section:
    """`name` and `columns` have their words in words/own_data.toml."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]

    @property
    def facts(self) -> list[dict[str, Value]]:
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]


def own_data(person: Person) -> list[Section]:
    """All sections; one that is empty says so by having no rows. Where two rows became one, what
    stayed with the other is this person's as well."""
    people = [person, *person.merged.select_related("home").order_by("pk")]
    return [Section(name, columns, tuple(rows(people))) for name, columns, rows in SECTIONS]


def oneself(people: People) -> Iterable[tuple[Value, ...]]:
    """In clear what stands in one's own row. Of a row that became it only that there is something:
    who joins two rows must not open one person's papers to another."""
    sealed = {row.person_id: row for row in Particulars.objects.filter(person__in=people)}
    for n, one in enumerate(people):
        home, row = one.home.name if one.home else None, sealed.get(one.pk)
        told = one.phone, one.mail, row.born if row else "", row.identity if row else ""
        phone, mail, born, identity = told if n == 0 else [STARS if text else "" for text in told]
        yield one.name, one.username, phone, mail, home, one.language, one.ways, born, identity


def skills(people: People) -> Iterable[tuple[Value, ...]]:
    return PersonSkill.objects.filter(person__in=people).order_by("skill").values_list("skill")


def posts(people: People) -> Iterable[tuple[Value, ...]]:
    rows = Post.objects.filter(person__in=people).order_by("since", "pk")
    return rows.values_list("role", "area__name", "unit__name", "since", "until")


def check_ins(people: People) -> Iterable[tuple[Value, ...]]:
    rows = CheckIn.objects.filter(person__in=people).order_by("since", "pk")
    return rows.values_list("unit__name", "area__name", "since", "until", "confirmed")


def organisations(people: People) -> Iterable[tuple[Value, ...]]:
    rows = Belonging.objects.filter(person__in=people).order_by("since", "pk")
    yield from (
        (name, "", since, until)
        for name, since, until in rows.values_list("organisation__name", "since", "until")
    )
    offices = Officer.objects.filter(person__in=people).order_by("since", "pk")
    yield from offices.values_list("organisation__name", "office", "since", "until")


def career(people: People) -> Iterable[tuple[Value, ...]]:
    rows = Fact.objects.filter(person__in=people).order_by("since", "pk")
    return rows.values_list("kind", "name", "number", "n", "area__name", "since", "until")


def standing(people: People) -> Iterable[tuple[Value, ...]]:
    rows = Standing.objects.filter(person__in=people)
    return rows.values_list("on", "post", "grade", "pay", "next_on", "recorded")


def reserves(people: People) -> Iterable[tuple[Value, ...]]:
    rows = Reserve.objects.filter(person__in=people).order_by("since", "pk")
    return rows.values_list("area__name", "door", "since", "until", "ended")


def classes(people: People) -> Iterable[tuple[Value, ...]]:
    rows = Attendance.objects.filter(person__in=people).order_by("course__since", "pk")
    return rows.values_list("course__name", "signed", "came", "minutes", "rating")


def points(people: People) -> Iterable[tuple[Value, ...]]:
    rows = ContactPoint.objects.filter(person__in=people).order_by("since", "pk")
    return rows.values_list("area__name", "rank", "since", "until")


def vettings(people: People) -> Iterable[tuple[Value, ...]]:
    rows = Vetting.objects.filter(person__in=people).order_by("since", "pk")
    return rows.values_list("since", "until")


def tokens(people: People) -> Iterable[tuple[Value, ...]]:
    rows = Token.objects.filter(person__in=people).order_by("since", "pk")
    return rows.values_list("since", "until")


def work(people: People) -> Iterable[tuple[Value, ...]]:
    """How many requests are one's own, and hours served: the requests have pages of their own."""
    hours = Served.objects.filter(person__in=people).aggregate(n=Sum("hours"))["n"]
    yield sum(mine(Who(str(one.pk))).count() for one in people), str(hours or 0)


def looks(people: People) -> Iterable[tuple[Value, ...]]:
    """Who opened this person's birth and identity number, and when."""
    told = [f"person={one.pk}" for one in people]
    rows = Look.objects.filter(what=PARTICULARS, about__in=told).order_by("-at")
    return rows.values_list("at", "who__name")


def corrections(people: People) -> Iterable[tuple[Value, ...]]:
    rows = Correction.objects.filter(person__in=people).order_by("-at")
    return rows.values_list("at", "text", "answered", "answer")


Rows = Callable[[People], Iterable[tuple[Any, ...]]]
SECTIONS: tuple[tuple[str, tuple[str, ...], Rows], ...] = (
    ("person", ("name", "username", "phone", "mail", "home", "language", "ways", "born",
                "identity"), oneself),
    ("skills", ("skill",), skills),
    ("posts", ("role", "area", "unit", "since", "until"), posts),
    ("check_ins", ("unit", "area", "since", "until", "confirmed"), check_ins),
    ("organisations", ("organisation", "office", "since", "until"), organisations),
    ("career", ("kind", "what", "number", "n", "area", "since", "until"), career),
    ("standing", ("on", "post", "grade", "pay", "next_on", "recorded"), standing),
    ("reserves", ("area", "door", "since", "until", "ended"), reserves),
    ("classes", ("course", "signed", "came", "minutes", "rating"), classes),
    ("points", ("area", "rank", "since", "until"), points),
    ("vettings", ("since", "until"), vettings),
    ("tokens", ("since", "until"), tokens),
    ("work", ("requests", "hours"), work),
    ("looks", ("at", "who"), looks),
    ("corrections", ("at", "text", "answered", "answer"), corrections),
)  # fmt: skip
