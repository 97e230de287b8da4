"""Walks every path through a page: what is reached, who is bound there, who moves it on."""

from __future__ import annotations

from collections.abc import Iterator

from lianxin.core.flow.page import Page, Step
from lianxin.core.flow.problems import Report, hint
from lianxin.core.flow.shared import Shared
from lianxin.core.flow.small import of

# A state and, for a stopped one, the state it goes back to.
Node = tuple[str, str | None]
Sure = frozenset[str]  # parties surely cast and fields surely given


def check(page: Page, shared: Shared, report: Report) -> None:
    """Paths, turns and what must have been given on the way."""
    known = sure(page)
    alive = _alive(page)
    for name, state in page.states.items():
        at = f"states.{name}"
        if name not in known:
            report.bad(at, "unreachable", name=name)
        elif name not in alive:
            report.bad(at, "no_way_out", name=name)
        elif not state.final:
            _check_turn(page, name, known[name], report)
    for limit in page.limits.values():
        field = limit.within.field
        for name in limit.over if field else ():
            if name in known and field not in known[name]:
                at = f"{'states' if limit.own else 'limits'}.{limit.name}.within"
                report.bad(at, "field_not_given", name=field, state=name)
    for step in page.steps.values():
        _check_step(page, step, known, report)


def sure(page: Page) -> dict[str, Sure]:
    """For each state that is reached: the parties cast and fields given on every path to it."""
    found: dict[Node, Sure] = {}
    todo = [there for door in page.doors for there in _after(page, door, ("", None), Sure())]
    while todo:
        node, got = todo.pop()
        new = found[node] & got if node in found else got
        if found.get(node) == new:
            continue
        found[node] = new
        for step in page.steps.values():
            if node[0] in step.sources:
                todo += _after(page, step, node, new)
    states: dict[str, Sure] = {}
    for (name, _), got in found.items():
        states[name] = states[name] & got if name in states else got
    return states


def _after(page: Page, step: Step, node: Node, held: Sure) -> Iterator[tuple[Node, Sure]]:
    """Where a step leads from here, and what is sure there."""
    optional = {ask.name for ask in step.asks if ask.optional}
    asked = {ask.name for ask in step.asks if not ask.optional and ask.name in page.fields}
    got = (held - set(step.clears)) | asked | (set(step.casts) - optional)
    if step.quorum:
        got |= {step.quorum.party}
    if step.if_none:
        yield _enter(page, step.if_none, node), got - set(step.drops)
    elif step.drops:
        got -= set(step.drops)
    if step.to is None:
        yield node, got
    elif step.to.back:
        if node[1]:
            yield (node[1], None), got
    else:
        for name in step.to.states:
            yield _enter(page, name, node), got


def _enter(page: Page, name: str, node: Node) -> Node:
    if not page.states[name].stopped:
        return name, None
    return name, node[1] if page.states[node[0]].stopped else node[0]


def _alive(page: Page) -> set[str]:
    """The states from which an end can be reached."""
    alive = {name for name, state in page.states.items() if state.final}
    while more := {
        name
        for name in page.states.keys() - alive
        for step in page.steps.values()
        if name in step.sources and step.to and (step.to.back or alive & set(step.to.states))
    }:
        alive |= more
    return alive


def _check_turn(page: Page, state: str, held: Sure, report: Report) -> None:
    at, turn = f"states.{state}", page.states[state].turn
    if turn is None:
        report.bad(at, "whose_turn", name=state)
        return
    actor = "child" if turn == "children" else turn
    if not any(_moves(step, page) and _takes(step, actor, page) for step in _from(page, state)):
        report.bad(f"{at}.turn", "turn_without_step", who=turn, name=state)
    late = any(limit.late for limit in page.limits.values() if state in limit.over)
    if turn in page.parties and turn not in held and not late:
        report.bad(f"{at}.turn", "may_be_empty", who=turn, name=state)


def _from(page: Page, state: str) -> Iterator[Step]:
    return (step for step in page.steps.values() if state in step.sources)


def _moves(step: Step, page: Page) -> bool:
    return bool(step.to or step.if_none or step.opens)


def _takes(step: Step, actor: str, page: Page) -> bool:
    return actor in step.by or any((of(who) or ("", ""))[1] == actor for who in step.by)


def _check_step(page: Page, step: Step, known: dict[str, Sure], report: Report) -> None:
    at = f"steps.{step.name}"
    for name in step.to.states if step.to else ():
        if page.states[name].turn == "children" and not (step.opens or step.has):
            report.bad(at, "waits_for_none", name=name)
    needed = step.seats if step.seats and not step.seats_of_parent else None
    for name in step.sources if needed else ():
        if name in known and needed not in known[name]:
            report.bad(f"{at}.seats", "field_not_given", name=needed, state=name)
    for child in step.opens:
        _check_opening(page, step, child, known, report)


def _check_opening(
    page: Page, step: Step, child: str, known: dict[str, Sure], report: Report
) -> None:
    """A child for each value needs a list of values."""
    each = page.children[child].each
    if not each:
        return
    many = [n for n, f in page.fields.items() if f.many] + [
        n for n, p in page.parties.items() if p.many
    ]
    if each not in many:
        report.bad(f"children.{child}.each", "each_not_many", hint(each, many), name=each)
    elif each not in {ask.name for ask in step.asks if not ask.optional}:
        for state in step.sources:
            if state in known and each not in known[state]:
                report.bad(f"steps.{step.name}.opens", "field_not_given", name=each, state=state)
