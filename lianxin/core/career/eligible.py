"""Who may apply for a reserved post: a dated rule of conditions, each answered yes or no and why.

A condition speaks of the career alone and of age. It never weighs people against each other:
whoever meets all may apply, and whoever does not reads what is missing.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from lianxin.core.career.grade import months_on
from lianxin.core.career.history import Career
from lianxin.core.career.table import MONTHS
from lianxin.core.flow.page import Words


@dataclass(frozen=True, slots=True)
class Answer:
    """To one condition: `what` has its words in words/career.toml, `facts` fill them. `holds` is
    None where what must be known is not: no day of birth, no result yet."""

    what: str
    holds: bool | None
    facts: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Rule:
    """`source`: the notice it comes from."""

    name: str
    words: Words
    since: date
    source: str
    conditions: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Rules:
    """Of every kind of reserved post, sorted by first day."""

    rows: tuple[tuple[date, dict[str, Rule]], ...]

    def on(self, day: date) -> dict[str, Rule]:
        """Raises LookupError before the first."""
        at = bisect_right([since for since, _ in self.rows], day)
        if not at:
            raise LookupError(f"no rule holds on {day}; the first is of {self.rows[0][0]}")
        return self.rows[at - 1][1]


def judge(rule: Rule, career: Career, born: date | None, day: date) -> tuple[Answer, ...]:
    """The answer to each condition, in the order of the rule."""
    return tuple(ASKED[row["what"]](row, career, born, day) for row in rule.conditions)


def eligible(answers: tuple[Answer, ...]) -> bool:
    return all(answer.holds for answer in answers)


# ── the conditions ───────────────────────────────────────────────────────────────────────────────


def service(row: Mapping[str, Any], career: Career, born: date | None, day: date) -> Answer:
    """Whole years of service by that day, without what does not count."""
    days = career.served(career.entered, day) if career.entered <= day else 0
    begins = date.fromordinal(day.toordinal() - days)
    due = months_on(begins, row["years"] * MONTHS)
    facts = {"years": row["years"], "has": whole_years(begins, day)}
    return Answer("service", due <= day and career.serves(day), facts)


def age(row: Mapping[str, Any], career: Career, born: date | None, day: date) -> Answer:
    facts: dict[str, Any] = {"most": row["most"]}
    if born is None:
        return Answer("age", None, facts)
    return Answer("age", whole_years(born, day) <= row["most"], facts)


def post(row: Mapping[str, Any], career: Career, born: date | None, day: date) -> Answer:
    """In one of these posts now, and without a pause since: a change from one of them to another
    does not begin the years anew."""
    facts: dict[str, Any] = {"of": tuple(row["of"]), "years": row["years"], "has": 0}
    if not career.serves(day):
        return Answer("post", False, facts)
    since = None
    for held in (h for h in career.posts if h.since <= day):
        since = (since or held.since) if held.post in row["of"] else None
    if since is None:
        return Answer("post", False, facts)
    facts["has"] = whole_years(max(since, unbroken(career, day)), day)
    return Answer("post", facts["has"] >= row["years"], facts)


def unbroken(career: Career, day: date) -> date:
    """Since when somebody who serves on that day has served without a day between two spells."""
    since = day
    for spell in reversed(career.worked):
        if spell.since <= since and (spell.until is None or spell.until >= since):
            since = spell.since
    return since


def gained(row: Mapping[str, Any], career: Career, born: date | None, day: date) -> Answer:
    rows = career.degrees if row["what"] == "degree" else career.certificates
    held = {g.name for g in rows if g.since <= day and (g.until is None or day < g.until)}
    return Answer(row["what"], not held.isdisjoint(row["of"]), {"of": tuple(row["of"])})


def results(row: Mapping[str, Any], career: Career, born: date | None, day: date) -> Answer:
    """Of the last so many years whose results may be known: None while one is missing and nothing
    speaks against."""
    years = range(day.year - row["years"], day.year)
    known = {r.year: r.result for r in career.results if r.known <= day and r.year in years}
    bad = sorted(year for year, result in known.items() if result in row.get("none", ()))
    good = sum(result in row.get("any", ()) for result in known.values())
    facts = {
        "years": row["years"], "bad": tuple(bad), "good": good, "some": row.get("some", 0),
        "missing": tuple(year for year in years if year not in known),
    }  # fmt: skip
    if bad:
        return Answer("results", False, facts)
    if good + len(facts["missing"]) < facts["some"]:
        return Answer("results", False, facts)
    return Answer("results", None if facts["missing"] else True, facts)


def whole_years(since: date, day: date) -> int:
    """
    >>> whole_years(date(2020, 2, 29), date(2021, 2, 27))
    0
    >>> whole_years(date(2020, 3, 1), date(2025, 3, 1))
    5
    """
    years = day.year - since.year
    return max(0, years if months_on(since, years * MONTHS) <= day else years - 1)


Condition = Callable[[Mapping[str, Any], Career, date | None, date], Answer]
ASKED: dict[str, Condition] = {
    "service": service, "age": age, "post": post, "degree": gained, "certificate": gained,
    "results": results,
}  # fmt: skip
CALLED = {
    "service": Words("工作年限", "Years of service"), "age": Words("年龄", "Age"),
    "post": Words("任职年限", "Years in the post"), "degree": Words("学历", "Degree"),
    "certificate": Words("职业资格证书", "Certificate"),
    "results": Words("年度考核结果", "Results of the years"),
}  # fmt: skip
NEEDS = {
    "service": {"years"}, "age": {"most"}, "post": {"of", "years"}, "degree": {"of"},
    "certificate": {"of"}, "results": {"years"},
}  # fmt: skip
MAY = {"results": {"none", "any", "some"}}


# ── reading a rule ───────────────────────────────────────────────────────────────────────────────


def read_rules(texts: Mapping[date, Mapping[str, Any]]) -> Rules:
    """Raises ValueError, with the day, the post and the condition, for a rule nobody can read."""
    if not texts:
        raise ValueError("there is no rule for reserved posts")
    return Rules(tuple((since, read(since, texts[since])) for since in sorted(texts)))


def read(since: date, page: Mapping[str, Any]) -> dict[str, Rule]:
    source = page.get("source", "")
    if not source:
        raise ValueError(f"{since}: a rule names its source")
    found = {}
    for name, row in page.items():
        if name == "source":
            continue
        try:
            words, conditions = Words(row["name"]["zh"], row["name"]["en"]), row["conditions"]
        except (KeyError, TypeError) as wrong:
            raise ValueError(f"{since}: {name}: {wrong} is missing") from wrong
        for condition in conditions:
            check(condition, f"{since}: {name}")
        found[name] = Rule(name, words, since, source, tuple(conditions))
    return found


def check(row: Mapping[str, Any], where: str) -> None:
    what = row.get("what", "")
    if what not in ASKED:
        raise ValueError(f"{where}: there is no condition {what!r}; there are {sorted(ASKED)}")
    said = set(row) - {"what"}
    if missing := NEEDS[what] - said:
        raise ValueError(f"{where}: {what}: {sorted(missing)} must be said")
    if strange := said - NEEDS[what] - MAY.get(what, set()):
        raise ValueError(f"{where}: {what}: {sorted(strange)} means nothing here")
    for name in ("years", "most", "some"):
        if name in row and not (isinstance(row[name], int) and row[name] >= 0):
            raise ValueError(f"{where}: {what}: {name} is a whole number, not {row[name]!r}")
