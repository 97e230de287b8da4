"""The sum of a grade in words, line by line; and what a fact of a career says in one line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from lianxin.core.career import Grade, Line, Table
from lianxin.core.flow.page import Words
from lianxin.growth.fact_kinds import called, kinds
from lianxin.growth.models import Fact
from lianxin.web import moments
from lianxin.web.words import say, speak, tongue

# As the page tells them: what holds now first.
ORDER = (
    "grade", "worked", "post", "certificate", "result", "degree", "duty", "away", "fall",
)  # fmt: skip
SOON, OVER = "waiting", "stopped"  # how a certificate or contract looks that runs out, or has


def named(line: Line, table: Table) -> dict[str, Any]:
    """The facts of a line with names in words, months as years."""
    facts = dict(line.facts)
    if "months" in facts:
        facts["years"] = f"{facts.pop('months') / 12:g}"
    rows: dict[str, Words] = {
        **{name: post.words for name, post in table.posts.items()},
        **{name: credit.words for name, credit in (table.degrees | table.certificates).items()},
        **{name: words for name, (words, _) in table.results.items()},
    }
    return {key: rows.get(str(value), value) for key, value in facts.items()}


def told(grade: Grade, table: Table) -> Iterator[str]:
    """One sentence a line, with days as a page writes them."""
    for line in grade.lines:
        facts = named(line, table)
        facts = {k: day(v) if isinstance(v, date) else v for k, v in facts.items()}
        yield say(f"career.line.{line.what}", **facts)


def day(on: date) -> str:
    """Without its weekday: careers are years long.

    >>> from django.utils import translation
    >>> with translation.override("zh-hans"):
    ...     day(date(2018, 3, 1))
    '2018年3月1日'
    >>> with translation.override("en"):
    ...     day(date(2018, 3, 1))
    '1 Mar 2018'
    """
    if tongue() == "en":
        return f"{on.day} {moments.EN_MONTHS[on.month - 1]} {on.year}"
    return f"{on.year}年{on.month}月{on.day}日"


def groups(facts: Iterable[Fact], today: date, soon: dict[str, int]) -> list[dict[str, Any]]:
    """By kind, the newest first: words of the kind, and a row for each fact."""
    found: dict[str, list[Fact]] = {}
    for fact in sorted(facts, key=lambda f: (f.since, f.pk), reverse=True):
        found.setdefault(fact.kind, []).append(fact)
    return [
        {"kind": kind, "words": speak(kinds()[kind]), "rows": [row(f, today, soon) for f in known]}
        for kind in ORDER if (known := found.get(kind))
    ]  # fmt: skip


def row(fact: Fact, today: date, soon: dict[str, int]) -> dict[str, Any]:
    look, word = chip(fact, today, soon)
    return {
        "key": fact.pk, "says": says(fact), "span": span(fact), "number": fact.number,
        "look": look, "chip": word,
    }  # fmt: skip


def says(fact: Fact) -> str:
    if fact.kind == Fact.Kind.WORKED:
        return fact.area.name if fact.area else ""
    if fact.kind in ("result", "fall", "grade", "away"):
        name = speak(called(fact.kind, fact.name)) if fact.name else ""
        return say(f"career.says.{fact.kind}", n=fact.n or 0, name=name)
    return speak(called(fact.kind, fact.name))


def span(fact: Fact) -> str:
    """From when to which last day."""
    if fact.until is None:
        lasts = fact.kind in ("worked", "post", "away", "duty")
        return say("career.span.on" if lasts else "career.span.at", since=day(fact.since))
    last = fact.until - timedelta(days=1)
    return say("career.span.both", since=day(fact.since), until=day(last))


def chip(fact: Fact, today: date, soon: dict[str, int]) -> tuple[str, str]:
    """How what runs out looks: over, or soon."""
    kind = {"worked": "contract", "certificate": "certificate"}.get(fact.kind)
    if kind is None or fact.until is None:
        return "", ""
    if fact.until <= today:
        return OVER, say("career.chip.over")
    if fact.until <= today + timedelta(days=soon[kind]):
        return SOON, say("career.chip.soon")
    return "", ""
