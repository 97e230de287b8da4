"""Checks limits: how long, over what, what happens when they run out, and who may lean on them."""

from __future__ import annotations

from lianxin.core.flow.keys import GUARDS
from lianxin.core.flow.page import Limit, Page, State, Step
from lianxin.core.flow.problems import Report, hint
from lianxin.core.flow.shared import Shared

_MOMENTS = ("moment", "date", "hours")
_YEARS = ("number", "date", "moment")


def check(page: Page, shared: Shared, report: Report) -> None:
    """All limits, stopped states and steps by the clock."""
    for limit in page.limits.values():
        at = f"{'states' if limit.own else 'limits'}.{limit.name}"
        _check_over(limit, page, at, report)
        _check_field(limit, page, at, report)
        _check_late(limit, page, at, report)
    for state in page.states.values():
        if state.final:
            _check_final(state, page, report)
        elif state.stopped and not _back(page, state.name):
            report.bad(f"states.{state.name}", "never_back", name=state.name)
    for step in page.steps.values():
        _check_clock_step(step, page, report)
        _check_back(step, page, report)
        _check_leaning(step, page, report)


def _check_over(limit: Limit, page: Page, at: str, report: Report) -> None:
    for name in limit.over:
        if name not in page.states:
            report.bad(f"{at}.over", "unknown_state", hint(name, page.states), name=name)
        elif page.states[name].final and not limit.own:
            report.bad(f"{at}.over", "limit_over_end", name=name)


def _check_field(limit: Limit, page: Page, at: str, report: Report) -> None:
    if not (name := limit.within.field):
        return
    types = _YEARS if limit.within.day else _MOMENTS
    right = [n for n, field in page.fields.items() if field.type in types and not field.many]
    if name not in right:
        report.bad(f"{at}.within", "within_no_field", hint(name, right), name=name)


def _check_late(limit: Limit, page: Page, at: str, report: Report) -> None:
    if not limit.late:
        return
    step = page.steps[limit.late]
    if "clock" not in step.by:
        report.bad(f"{at}.late", "late_not_clock", name=limit.late)
    for state in limit.over:
        if state not in step.sources:
            report.bad(f"{at}.late", "late_not_from", name=limit.late, state=state)


def _check_final(state: State, page: Page, report: Report) -> None:
    at = f"states.{state.name}"
    if state.turn:
        report.bad(f"{at}.turn", "turn_at_end", name=state.name)
    if state.name in page.limits:
        report.bad(f"{at}.within", "limit_over_end", name=state.name)


def _check_clock_step(step: Step, page: Page, report: Report) -> None:
    if "clock" not in step.by:
        return
    at = f"steps.{step.name}"
    for guard in GUARDS:
        if getattr(step, "bars" if guard == "not" else guard):
            report.bad(f"{at}.{guard}", "clock_guarded", guard=guard, name=step.name)
    if step.name not in {limit.late for limit in page.limits.values()}:
        report.bad(f"{at}.by", "never_late", name=step.name)


def _back(page: Page, state: str) -> bool:
    return any(s.to and s.to.back and state in s.sources for s in page.steps.values())


def _check_back(step: Step, page: Page, report: Report) -> None:
    if step.to and step.to.back:
        for name in step.sources:
            if not page.states[name].stopped:
                report.bad(f"steps.{step.name}.to", "back_not_stopped", name=name)


def _check_leaning(step: Step, page: Page, report: Report) -> None:
    """`before` and `extends` only where the limit runs."""
    for key, name in (("before", step.before), ("extends", step.extends)):
        for state in step.sources if name else ():
            if name and state not in page.limits[name].over:
                report.bad(f"steps.{step.name}.{key}", "limit_not_here", name=name, state=state)
