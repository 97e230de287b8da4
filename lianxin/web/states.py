"""How a state looks: one of the five chips, for any loop, by what its page says of the state."""

from __future__ import annotations

from lianxin.core.flow.page import Page

NOT_DONE = frozenset({"refused", "impossible", "unsolved"})  # ends without what was asked for


def look_of(
    page: Page, state: str | None, *, late: bool = False, outcome: str | None = None
) -> str:
    """waiting, doing, done, late or stopped ("" for no state).

    Waiting: where a door leads, nobody has taken it up yet. Done: an end, unless the outcome says
    that nothing was solved.
    """
    if state is None:
        return ""
    here = page.states.get(state)
    if here is None:  # void
        return "stopped"
    if here.final:
        return "stopped" if outcome in NOT_DONE else "done"
    if late:
        return "late"
    if here.stopped:
        return "stopped"
    first = {s for step in page.doors if step.to for s in step.to.states}
    return "waiting" if state in first else "doing"
