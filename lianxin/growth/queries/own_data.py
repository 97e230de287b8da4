"""Everything that the house holds of one person, for that person: one section a register.

Read by the person's own key alone: nobody else can ask for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
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
    """All sections; one that is empty says so by having no rows."""
    return [Section(name, columns, tuple(rows(person))) for name, columns, rows in SECTIONS]


def oneself(person: Person) -> Iterable[tuple[Value, ...]]:
    home = person.home.name if person.home else None
    row = Particulars.objects.filter(person=person).first()
    yield (
        person.name, person.username, person.phone, person.mail, home, person.language, person.ways,
        row.born if row else "", row.identity if row else "",
    )  # fmt: skip


def skills(person: Person) -> Iterable[tuple[Value, ...]]:
    return PersonSkill.objects.filter(person=person).order_by("skill").values_list("skill")


def posts(person: Person) -> Iterable[tuple[Value, ...]]:
    rows = Post.objects.filter(person=person).order_by("since", "pk")
    return rows.values_list("role", "area__name", "unit__name", "since", "until")


def check_ins(person: Person) -> Iterable[tuple[Value, ...]]:
    rows = CheckIn.objects.filter(person=person).order_by("since", "pk")
    return rows.values_list("unit__name", "area__name", "since", "until", "confirmed")


def organisations(person: Person) -> Iterable[tuple[Value, ...]]:
    rows = Belonging.objects.filter(person=person).order_by("since", "pk")
    yield from (
        (name, "", since, until)
        for name, since, until in rows.values_list("organisation__name", "since", "until")
    )
    offices = Officer.objects.filter(person=person).order_by("since", "pk")
    yield from offices.values_list("organisation__name", "office", "since", "until")


def career(person: Person) -> Iterable[tuple[Value, ...]]:
    rows = Fact.objects.filter(person=person).order_by("since", "pk")
    return rows.values_list("kind", "name", "number", "n", "area__name", "since", "until")


def standing(person: Person) -> Iterable[tuple[Value, ...]]:
    rows = Standing.objects.filter(person=person)
    return rows.values_list("on", "post", "grade", "pay", "next_on", "recorded")


def reserves(person: Person) -> Iterable[tuple[Value, ...]]:
    rows = Reserve.objects.filter(person=person).order_by("since", "pk")
    return rows.values_list("area__name", "door", "since", "until", "ended")


def classes(person: Person) -> Iterable[tuple[Value, ...]]:
    rows = Attendance.objects.filter(person=person).order_by("course__since", "pk")
    return rows.values_list("course__name", "signed", "came", "minutes", "rating")


def points(person: Person) -> Iterable[tuple[Value, ...]]:
    rows = ContactPoint.objects.filter(person=person).order_by("since", "pk")
    return rows.values_list("area__name", "rank", "since", "until")


def vettings(person: Person) -> Iterable[tuple[Value, ...]]:
    rows = Vetting.objects.filter(person=person).order_by("since", "pk")
    return rows.values_list("since", "until")


def tokens(person: Person) -> Iterable[tuple[Value, ...]]:
    rows = Token.objects.filter(person=person).order_by("since", "pk")
    return rows.values_list("since", "until")


def work(person: Person) -> Iterable[tuple[Value, ...]]:
    """How many requests are one's own, and hours served: the requests have pages of their own."""
    hours = Served.objects.filter(person=person).aggregate(n=Sum("hours"))["n"]
    yield mine(Who(str(person.pk))).count(), str(hours or 0)


def looks(person: Person) -> Iterable[tuple[Value, ...]]:
    """Who opened this person's birth and identity number, and when."""
    rows = Look.objects.filter(what=PARTICULARS, about=f"person={person.pk}").order_by("-at")
    return rows.values_list("at", "who__name")


def corrections(person: Person) -> Iterable[tuple[Value, ...]]:
    rows = Correction.objects.filter(person=person).order_by("-at")
    return rows.values_list("at", "text", "answered", "answer")


Rows = Callable[[Person], Iterable[tuple[Any, ...]]]
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
