"""All that the page of one career shows: the grade with its sum, what runs out, every fact."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from lianxin.core.career import CareerError, Grade, career_in, grade_on
from lianxin.growth.assessments import rules_on
from lianxin.growth.careers import careers
from lianxin.growth.fact_kinds import called
from lianxin.growth.models import Fact
from lianxin.growth.queries.careers import recorded, row_of
from lianxin.growth.queries.workers import spell_of
from lianxin.registry.models import Person
from lianxin.web.careers.lines import day as told_day
from lianxin.web.careers.lines import groups, told
from lianxin.web.words import say, speak


def sheet(person: Person, day: date) -> dict[str, Any]:
    """Reckoned now, from the facts: never what was reckoned some night before."""
    facts = list(Fact.objects.filter(person=person).select_related("area").order_by("since", "pk"))
    plain = [(f.kind, f.name, f.n, f.since, f.until) for f in facts]
    grade, problem = reckoned(plain, day)
    spell = spell_of(person.pk, day)
    found: dict[str, Any] = {
        "person": person, "grade": grade, "problem": problem, "spell": spell,
        "groups": groups(facts, day, rules_on(day).soon), "facts": len(facts),
    }  # fmt: skip
    return (
        found
        | paper(grade, recorded(plain, day))
        | step(grade, day)
        | contract(last_of(facts, spell), day)
    )


def reckoned(plain: list[Any], day: date) -> tuple[Grade | None, str]:
    """The grade of the day, or why there is none."""
    if not plain:
        return None, ""
    try:
        return grade_on(career_in(row_of(plain)), day, careers()), ""
    except CareerError as no:
        return None, say(f"career.refused.{no.code}", **no.facts)
    except LookupError:
        return None, say("career.no_table", on=told_day(day))


def paper(grade: Grade | None, written: int | None) -> dict[str, Any]:
    """What stands on paper beside what was reckoned, and which way they differ."""
    if grade is None:
        return {"recorded": written, "differs": ""}
    way = "none" if written is None else "higher" if grade.grade > written else "lower"
    return {"recorded": written, "differs": "" if written == grade.grade else way}


def step(grade: Grade | None, day: date) -> dict[str, Any]:
    if grade is None:
        return {}
    table = careers().on(day)
    return {
        "lines": list(told(grade, table)), "post": speak(called("post", grade.post)),
        "table": told_day(table.since),
        "next": told_day(grade.next_on) if grade.next_on else "",
    }  # fmt: skip


def last_of(facts: list[Fact], spell: Fact | None) -> Fact | None:
    """The contract that follows this one without a break, and so on; these are in their order."""
    for fact in facts:
        if spell and fact.kind == Fact.Kind.WORKED and fact.since == spell.until:
            spell = fact if fact.until is None or fact.until > fact.since else spell
    return spell


def contract(spell: Fact | None, day: date) -> dict[str, Any]:
    """The last day of the contract; `over` where it has passed."""
    if spell is None or spell.until is None:
        return {"ends": "", "over": False}
    return {"ends": told_day(spell.until - timedelta(days=1)), "over": spell.until <= day}
