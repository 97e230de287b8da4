"""How a state looks: one of the five chips, for any loop, by what its page says of the state."""

from __future__ import annotations

from lianxin.core.flow.page import Page, Step

NOT_DONE = frozenset({"refused", "impossible", "unsolved"})  # ends without what was asked for
SAID = "said"  # an outcome that a step asks for: any
_KNOWN: dict[int, tuple[Page, frozenset[str]]] = {}  # by page, which has no hash; few and lasting


def look_of(
    page: Page, state: str | None, *, late: bool = False, outcome: str | None = None
) -> str:
    """waiting, doing, done, late or stopped ("" for no state).

    Waiting: where a door leads, nobody has taken it up yet. Done: an end, unless the outcome says
    that nothing was solved, or nothing ever could be by then (`without_result`).
    """
    if state is None:
        return ""
    here = page.states.get(state)
    if here is None:  # void
        return "stopped"
    if here.final:
        return "stopped" if outcome in NOT_DONE or state in without_result(page) else "done"
    if late:
        return "late"
    if here.stopped:
        return "stopped"
    first = {s for step in page.doors if step.to for s in step.to.states}
    return "waiting" if state in first else "doing"


def without_result(page: Page) -> frozenset[str]:
    """Ends of a page which nothing solved can have led to: refused, withdrawn, merged, split. None,
    where a page has no outcomes at all."""
    if id(page) not in _KNOWN:
        told = outcomes(page)
        ends = (n for n, s in page.states.items() if s.final and told[n] <= NOT_DONE)
        _KNOWN[id(page)] = page, frozenset(ends if any(told.values()) else ())
    return _KNOWN[id(page)][1]


def outcomes(page: Page) -> dict[str, set[str]]:
    """State → the outcomes that an order may have there, along all ways that lead to it."""
    found: dict[str, set[str]] = {name: set() for name in page.states}
    moved = True
    while moved:
        moved = False
        for step in page.steps.values():
            here = set[str]().union(*(found[s] for s in step.sources))
            after = after_step(step, here)
            for name in step.to.states if step.to else ():
                moved = moved or not after <= found[name]
                found[name] |= after
    return found


def after_step(step: Step, before: set[str]) -> set[str]:
    """A new round has no outcome yet, and what a step says replaces what was said before."""
    if step.outcome:
        return {step.outcome}
    if "outcome" in step.asked:
        return {SAID}
    return set() if step.reopens else before
