"""Checks steps as acts: doors, hands, seats, quorums, and what the kernel's own hands may do."""

from __future__ import annotations

from lianxin.core.flow.page import Page, Step
from lianxin.core.flow.problems import Report, hint
from lianxin.core.flow.shared import Shared


def check(page: Page, shared: Shared, report: Report) -> None:
    """Each step by itself."""
    if not page.doors:
        report.bad("steps", "no_door")
    if sum("parent" in door.by for door in page.doors) > 1:
        report.bad("steps", "two_parent_doors")
    if page.kind == "paper" and not any("parent" in door.by for door in page.doors):
        report.bad("kind", "paper_without_parent")
    for step in page.steps.values():
        at = f"steps.{step.name}"
        _check_door(step, at, report)
        _check_count(step, page, at, report)
        _check_seats(step, page, at, report)
        _check_swap(step, page, at, report)
        _check_kernel(step, page, at, report)
        if step.lifts not in (-1, 0, 1):
            report.bad(f"{at}.lifts", "bad_lift", value=step.lifts)
        if step.unveils and not any(party.veil for party in page.parties.values()):
            report.bad(f"{at}.unveils", "nothing_veiled")
        if step.alone and not any(other.seats for other in page.steps.values()):
            report.bad(f"{at}.alone", "nobody_seated")


def _check_door(step: Step, at: str, report: Report) -> None:
    if step.door and (step.to is None or not step.to.states):
        report.bad(at, "door_to_nowhere", name=step.name)
    if step.door and {"clock", "child", "join"} & set(step.by):
        report.bad(f"{at}.by", "kernel_door", name=step.name)
    if step.stands and (not step.door or "place" not in step.asked):
        report.bad(f"{at}.stands", "stands_nowhere", name=step.name)
    if not step.door and "parent" in step.by:
        report.bad(f"{at}.by", "parent_no_door", name=step.name)


def _check_count(step: Step, page: Page, at: str, report: Report) -> None:
    if step.count is not None and step.count < 2:
        report.bad(f"{at}.count", "count_of_one", value=step.count)
    if step.count and step.each:
        report.bad(f"{at}.each", "count_and_each")
    if step.same and not (step.count or step.each):
        report.bad(f"{at}.same", "same_alone")
    for name in step.each:
        if name not in step.by:
            report.bad(f"{at}.each", "each_not_by", hint(name, step.by), name=name)
    if step.if_none and not step.drops:
        report.bad(f"{at}.if_none", "if_none_alone")
    if step.quorum and step.quorum.at_least < 1:
        report.bad(f"{at}.quorum", "quorum_of_none", value=step.quorum.at_least)
    for name in step.drops:
        if name not in step.by and name not in step.asked:
            report.bad(f"{at}.drops", "drops_whom", name=name)


def _check_seats(step: Step, page: Page, at: str, report: Report) -> None:
    if not step.seats:
        return
    if len(step.casts) != 1:
        report.bad(f"{at}.seats", "seats_whom")
    if step.seats_of_parent:
        return  # the field stands on the parent's page
    numbers = [name for name, field in page.fields.items() if field.type == "number"]
    if step.seats not in numbers:
        report.bad(f"{at}.seats", "seats_no_number", hint(step.seats, numbers), name=step.seats)


def _check_swap(step: Step, page: Page, at: str, report: Report) -> None:
    """One seat of one party, which somebody has offered by another step."""
    if not step.swaps:
        return
    offers = [s for s in page.steps.values() if step.swaps in s.casts and s is not step]
    whose = step.swaps in page.parties and page.parties[step.swaps].holds == "person"
    fits = len(step.casts) == 1 and step.casts[0] not in step.asked and step.swaps in step.asked
    if not (offers and whose and fits) or step.to:
        report.bad(f"{at}.swaps", "swaps_nobody", name=step.swaps)


def _check_kernel(step: Step, page: Page, at: str, report: Report) -> None:
    """A hand of the kernel answers nothing, and is nobody who could be cast."""
    lone = next((who for who in ("clock", "child", "join") if who in step.by), None)
    if not lone:
        return
    for ask in step.asks:
        if not ask.optional:
            report.bad(f"{at}.asks", "kernel_cannot_answer", who=lone, name=ask.name)
    for name in step.casts:
        if name not in step.asked:
            report.bad(f"{at}.casts", "kernel_is_nobody", who=lone, name=name)
    if lone == "child" and step.name not in {s for c in page.children.values() for _, s in c.on}:
        report.bad(f"{at}.by", "no_child_takes_it", name=step.name)
    if lone == "join" and not any(page.states[name].final for name in step.sources):
        report.bad(f"{at}.by", "join_from_open", name=step.name)
