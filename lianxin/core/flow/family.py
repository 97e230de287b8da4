"""Checks what pages say of one another: children, their doors, their ends, seats of a parent."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from lianxin.core.flow.page import Child, Page, Step
from lianxin.core.flow.problems import Problem, Report, hint
from lianxin.core.flow.small import of

Pages = dict[str, dict[date, Page]]


def check_family(
    pages: Pages, reports: dict[tuple[str, date], Report], spoiled: set[str]
) -> list[Problem]:
    """Every child of every page, against each page of the child it may be opened under.

    `spoiled` are flows with a page that did not load; nothing is said about them twice.
    """
    problems: list[Problem] = []
    for flow, dated in pages.items():
        for since, page in dated.items():
            report = Report(reports[flow, since].file, "")
            report.lines = reports[flow, since].lines
            for child in page.children.values():
                if child.flow not in spoiled:
                    _check_child(page, child, pages, report)
            if not spoiled:
                _check_parent_seats(page, pages, report)
            problems += report.problems
    return problems


def _check_child(page: Page, child: Child, pages: Pages, report: Report) -> None:
    at = f"children.{child.name}"
    for verb in dict(child.on).values():
        if verb not in page.steps or "child" not in page.steps[verb].by:
            by_child = [n for n, step in page.steps.items() if "child" in step.by]
            report.bad(f"{at}.on", "on_not_child_step", hint(verb, by_child), name=verb)
    if child.flow not in pages:
        report.bad(f"{at}.flow", "unknown_flow", hint(child.flow, pages), name=child.flow)
        return
    kids = list(_in_force(page.since, pages[child.flow]))
    if not any(kid.since <= page.since for kid in kids):
        report.bad(f"{at}.flow", "child_not_yet", name=child.flow, since=page.since)
    for kid in kids:
        before = len(report)
        _check_ends(child, kid, at, report)
        _check_gives(page, child, kid, at, report)
        _check_whom(page, child, kid, report)
        if len(report) > before:
            return


def _in_force(since: date, dated: dict[date, Page]) -> Iterator[Page]:
    """The pages under which a child may be opened: the one in force, and the later ones."""
    first = max((day for day in dated if day <= since), default=since)
    return (page for day, page in dated.items() if day >= first)


def _check_ends(child: Child, kid: Page, at: str, report: Report) -> None:
    ends = (*kid.ends(), "all")
    for end, _ in child.on:
        if end not in ends:
            report.bad(f"{at}.on", "unknown_end", hint(end, ends), name=end, flow=kid.flow)


def _check_gives(page: Page, child: Child, kid: Page, at: str, report: Report) -> None:
    door = next((door for door in kid.doors if "parent" in door.by), None)
    if door is None:
        report.bad(f"{at}.flow", "no_parent_door", flow=kid.flow)
        return
    for theirs, ours in child.gives:
        if theirs not in door.asked:
            report.bad(
                f"{at}.gives", "gives_unasked", hint(theirs, door.asked), name=theirs, flow=kid.flow
            )
        else:
            _check_given(page, child, kid, (theirs, ours), at, report)
    given = dict(child.gives)
    for ask in door.asks:
        if not ask.optional and ask.name not in given:
            report.bad(f"{at}.gives", "gives_too_little", name=ask.name, flow=kid.flow)


def _check_given(
    page: Page, child: Child, kid: Page, pair: tuple[str, str], at: str, report: Report
) -> None:
    theirs, ours = pair
    named = (*page.parties, *page.fields)
    if ours == "each" and not child.each:
        report.bad(f"{at}.gives", "gives_each_of_none", name=theirs)
    elif ours not in (*named, "each", "actor"):
        report.bad(f"{at}.gives", "gives_unknown", hint(ours, (*named, "each", "actor")), name=ours)
    else:
        source = child.each if ours == "each" else ours
        have = "person" if ours == "actor" else page.field(source).type if source in named else ""
        want = kid.field(theirs).type
        if have and have != want:
            report.bad(f"{at}.gives", "gives_other_type", name=theirs, want=want, have=have)


def _check_whom(page: Page, child: Child, kid: Page, report: Report) -> None:
    """`post chosen of applications` needs a party `chosen` on the child's page."""
    for step in page.steps.values():
        for word in step.then:
            party, name = of(word.partition(" ")[2]) or ("", "")
            if name == child.name and party not in kid.parties:
                where = f"steps.{step.name}.then"
                report.bad(where, "unknown_whom", hint(party, kid.parties), name=party)


def _check_parent_seats(page: Page, pages: Pages, report: Report) -> None:
    parents = [
        parent
        for dated in pages.values()
        for parent in dated.values()
        if any(child.flow == page.flow for child in parent.children.values())
    ]
    for step in page.steps.values():
        if step.seats_of_parent:
            _check_seats(step, parents, report)


def _check_seats(step: Step, parents: list[Page], report: Report) -> None:
    at = f"steps.{step.name}.seats"
    if not parents:
        report.bad(at, "seats_without_parent", name=step.seats)
    for parent in parents:
        numbers = [n for n, field in parent.fields.items() if field.type == "number"]
        if step.seats not in numbers:
            known = hint(step.seats or "", numbers)
            report.bad(at, "seats_no_number", known, name=f"{parent.flow}.{step.seats}")
