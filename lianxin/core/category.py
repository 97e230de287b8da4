"""What people ask for, as dated rows: words, kind of service, and how long it may take."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from lianxin.core.flow import small
from lianxin.core.flow.page import Span, Words

USUAL_H, MOST_H = 1.0, 4.0  # hours of service, where a table says nothing


class BadCategories(ValueError):
    """A table of categories that cannot be used: file, what is wrong, what would be right."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the catalogue says to a plain question: each a line, None where there is none to say.

    `heard`: words in a request that make it worth showing before anything is filed.
    """

    bring: Words | None = None
    where: Words | None = None
    long: Words | None = None
    who: Words | None = None
    heard: tuple[str, ...] = ()

    @property
    def lines(self) -> tuple[tuple[str, Words], ...]:
        found = ((name, getattr(self, name)) for name in ANSWERS)
        return tuple((name, words) for name, words in found if words)


ANSWERS = ("bring", "where", "long", "who")


@dataclass(frozen=True, slots=True)
class Category:
    """`stop`: what to do first, before filing; such a request is filed as severe. `call`: whom.

    `heard`: words that mean this category whether or not it was chosen. `shared`: what stands where
    all pass by (a lamp, a drain), so that whoever reports it may be told that somebody has already.
    `asks`: what a clerk asks whoever reports it. `pair`: with minors or in a home, so two vetted
    people go; what holds for a group holds for all in it. `hours`: of service that one order is
    usually, `most`: the most that are believed; else those of the whole table.
    """

    code: str
    words: Words
    kind: str
    skills: tuple[str, ...] = ()
    stop: Words | None = None
    call: str = ""
    heard: tuple[str, ...] = ()
    shared: bool = False
    answer: Answer | None = None
    asks: tuple[Words, ...] = ()
    pair: bool = False
    hours: float | None = None
    most: float | None = None


@dataclass(frozen=True, slots=True)
class LimitRow:
    """One row: every key that is not empty must fit."""

    category: str
    severity: str
    area: str
    within: Span

    def fits(self, category: str, severity: str, path: str) -> bool:
        return (
            category.startswith(self.category)
            and self.severity in ("", severity)
            and path.startswith(self.area)
        )

    def rank(self) -> tuple[int, bool, int]:
        """Nearest place first, then the more special category, then the severity named."""
        return len(self.area), bool(self.category), len(self.category) * 2 + bool(self.severity)


@dataclass(frozen=True, slots=True)
class Table:
    """One dated file of categories."""

    since: date
    kinds: dict[str, Words]
    categories: dict[str, Category]
    limits: tuple[LimitRow, ...]
    hours: float
    most: float


@dataclass(frozen=True, slots=True)
class Categories:
    """All tables by the day they took force."""

    tables: tuple[Table, ...]

    def on(self, day: date) -> Table:
        """The table in force on a day. Raises BadCategories before the first one."""
        live = [t for t in self.tables if t.since <= day]
        if not live:
            raise BadCategories(
                f"no categories in force on {day}: add params/categories/{day}.toml"
            )
        return live[-1]

    def pair(self, category: str | None, day: date) -> bool:
        """Whether two vetted people go, by the table of that day."""
        rows = self.on(day).categories
        groups = ((category or "")[:n] for n in range(1, len(category or "") + 1))
        return any(code in rows and rows[code].pair for code in groups)

    def hours(self, category: str | None, day: date, declared: float | None) -> float:
        """Hours of service of one order: as declared or as usual, at most what is believed."""
        table = self.on(day)
        row = table.categories.get(category or "")
        usual = row.hours if row and row.hours is not None else table.hours
        most = row.most if row and row.most is not None else table.most
        return round(min(most, usual if declared is None else max(0.1, declared)), 1)

    def span(self, category: str | None, severity: str | None, path: str, day: date) -> Span:
        """How long a request of this kind may take at this place, by the rows in force that day."""
        rows = (r for r in self.on(day).limits if r.fits(category or "", severity or "", path))
        return max(rows, key=LimitRow.rank).within


def read_categories(texts: Iterable[tuple[str, str]]) -> Categories:
    """Read (file name, text) pairs; the file's stem is the day. Raises BadCategories."""
    return Categories(tuple(sorted((read_table(*pair) for pair in texts), key=lambda t: t.since)))


def read_table(name: str, text: str) -> Table:
    try:
        since, data = date.fromisoformat(name.removesuffix(".toml")), tomllib.loads(text)
        kinds = {k: Words(w["zh"], w["en"]) for k, w in data["kinds"].items()}
        rows, answers = data["categories"], data.get("answers", {})
        if extra := sorted(answers.keys() - rows.keys()):
            raise BadCategories(f"{name}: answers to {', '.join(extra)}, which is no category")
        asks = data.get("asks", {})
        if extra := sorted(asks.keys() - rows.keys()):
            raise BadCategories(f"{name}: asks for {', '.join(extra)}, which is no category")
        categories = {
            c: replace(category_row(name, c, w, answers.get(c)), asks=asked(asks.get(c, ())))
            for c, w in rows.items()
        }
        limits = tuple(limit_row(name, row) for row in data["limits"])
        served = {k: float(v) for k, v in data.get("hours", {}).items() if k in ("usual", "most")}
    except (KeyError, ValueError) as wrong:
        raise BadCategories(f"{name}: {wrong}; see params/categories/2017-01-01.toml") from wrong
    if not any(r.category == r.severity == r.area == "" for r in limits):
        raise BadCategories(
            f"{name}: the row that holds everywhere is missing; add one with `within` alone"
        )
    for code, row in categories.items():
        if row.kind not in kinds:
            raise BadCategories(f"{name}: {code}: no kind '{row.kind}'; one of {', '.join(kinds)}")
    usual, most = served.get("usual", USUAL_H), served.get("most", MOST_H)
    return Table(since, kinds, categories, limits, usual, most)


def category_row(
    name: str, code: str, row: dict[str, Any], answer: dict[str, Any] | None
) -> Category:
    stop = row.get("stop")
    first = {} if stop is None else {
        "stop": Words(stop["zh"], stop["en"]), "call": stop["call"],
        "heard": tuple(stop.get("heard", ())),
    }  # fmt: skip
    words, skills = Words(row["zh"], row["en"]), tuple(row.get("skills", ()))
    told = answer_row(name, code, answer) if answer else None
    return Category(
        code, words, row["kind"], skills, shared=bool(row.get("shared")), answer=told,
        pair=bool(row.get("pair")), hours=row.get("hours"), most=row.get("most"), **first,
    )  # fmt: skip


def asked(rows: Iterable[dict[str, str]]) -> tuple[Words, ...]:
    return tuple(Words(row["zh"], row["en"]) for row in rows)


def answer_row(name: str, code: str, row: dict[str, Any]) -> Answer:
    if extra := sorted(row.keys() - {*ANSWERS, "heard"}):
        keys = ", ".join((*ANSWERS, "heard"))
        raise BadCategories(f"{name}: answers.{code} has no key {', '.join(extra)}; one of {keys}")
    lines = {n: Words(w["zh"], w["en"]) for n, w in row.items() if n in ANSWERS}
    if not lines:
        raise BadCategories(f"{name}: answers.{code} says nothing; one of {', '.join(ANSWERS)}")
    return Answer(**lines, heard=tuple(row.get("heard", ())))


def limit_row(name: str, row: dict[str, str]) -> LimitRow:
    if extra := row.keys() - {"category", "severity", "area", "within"}:
        raise BadCategories(f"{name}: a limit has no key {', '.join(sorted(extra))}")
    span = small.span(row["within"])
    if span is None:
        raise BadCategories(f"{name}: '{row['within']}' is no length; write '5 working days'")
    return LimitRow(row.get("category", ""), row.get("severity", ""), row.get("area", ""), span)
