"""Draws a page: a Mermaid diagram and a table of its steps, for docs and procurement."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lianxin.core.flow.page import Page, Step
from lianxin.core.flow.wording import (
    Roles,
    listed,
    phrase,
    pick,
    say_guards,
    say_who,
    say_within,
)


def mermaid(page: Page, lang: str, roles: Roles) -> str:
    """A `stateDiagram-v2`: states with whose turn and how long, steps as labels of the arrows.

    Notes move nothing and are not drawn. A way back out of a stopped state is drawn to each
    state it may have been entered from.
    """
    rows = ["stateDiagram-v2"]
    for name in page.states:
        rows.append(f'    state "{_describe(page, roles, name, lang)}" as s_{name}')
    for step in page.steps.values():
        label = pick(step.words, lang).replace(":", " ").replace(";", " ")
        rows += [f"    {one} --> {other}: {label}" for one, other in _arrows(page, step)]
    rows += [f"    s_{name} --> [*]" for name, state in page.states.items() if state.final]
    return "\n".join(rows) + "\n"


def table(page: Page, lang: str, roles: Roles) -> str:
    """A Markdown table of the steps: who, from, to, what is asked, what must hold."""
    heads = [phrase(key, lang) for key in ("step", "by", "from", "to", "asks", "provided")]
    rows = [heads, ["---"] * len(heads)]
    rows += [_cells(page, roles, step, lang) for step in page.steps.values()]
    return "".join(f"| {' | '.join(cell or '—' for cell in row)} |\n" for row in rows)


def _describe(page: Page, roles: Roles, name: str, lang: str) -> str:
    state = page.states[name]
    said = [pick(state.words, lang)]
    if state.turn:
        said.append(phrase("turn", lang, say_who(page, roles, state.turn, lang)))
    for limit in page.limits.values():
        if name in limit.over:
            length = say_within(page, limit.within, lang)
            whole = length if limit.own else f"{length} ({pick(limit.words, lang)})"
            said.append(phrase("within", lang, whole))
            if limit.late:
                said.append(phrase("late", lang, pick(page.steps[limit.late].words, lang)))
    if state.stopped:
        said.append(phrase("stopped", lang))
    return "<br/>".join(said).replace('"', "'")


def _arrows(page: Page, step: Step) -> Iterator[tuple[str, str]]:
    for source in step.sources or ("",):
        one = f"s_{source}" if source else "[*]"
        for target in dict.fromkeys(_targets(page, step, source)):
            yield one, f"s_{target}"


def _targets(page: Page, step: Step, source: str) -> Iterator[str]:
    if step.to:
        yield from step.to.states
    if step.to and step.to.back:
        into = (s for s in page.steps.values() if s.to and source in s.to.states)
        yield from (name for s in into for name in s.sources if not page.states[name].stopped)
    if step.if_none:
        yield step.if_none


def _cells(page: Page, roles: Roles, step: Step, lang: str) -> list[str]:
    asks = (
        phrase("optional", lang, said) if ask.optional else said
        for ask, said in ((a, pick(page.field(a.name).words, lang)) for a in step.asks)
    )
    return [
        f"{pick(step.words, lang)} `{step.name}`",
        listed((say_who(page, roles, who, lang) for who in step.by), lang),
        _from(page, step, lang),
        listed(_leads(page, step, lang), lang),
        listed(asks, lang),
        listed(say_guards(page, roles, step, lang), lang),
    ]


def _from(page: Page, step: Step, lang: str) -> str:
    if step.door:
        return phrase("start", lang)
    if set(step.sources) == {name for name, state in page.states.items() if not state.final}:
        return phrase("all_open", lang)
    return _states(page, step.sources, lang)


def _states(page: Page, names: Iterable[str], lang: str) -> str:
    return listed((pick(page.states[name].words, lang) for name in names), lang)


def _leads(page: Page, step: Step, lang: str) -> Iterator[str]:
    if step.to and step.to.field:
        field = page.fields[step.to.field]
        for choice, state in step.to.choices:
            said = (pick(field.words, lang), pick(dict(field.of)[choice], lang))
            yield phrase("branch", lang, *said, pick(page.states[state].words, lang))
    elif step.to:
        yield phrase("back", lang) if step.to.back else _states(page, step.to.states, lang)
    if step.if_none:
        yield phrase("if_none", lang, pick(page.states[step.if_none].words, lang))
