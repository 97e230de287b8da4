"""Reads one flow page: TOML in, a checked page or the sentences that say what is wrong."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from lianxin.core.flow import clocks, fields, hands, names, parts, walks
from lianxin.core.flow.meaning import meaning
from lianxin.core.flow.page import Field, Page
from lianxin.core.flow.problems import Problem, Report
from lianxin.core.flow.shapes import Row, clean_page, toml, words
from lianxin.core.flow.shared import Shared, with_notes


def read_page(flow: str, text: str, file: str, shared: Shared) -> tuple[Page | None, list[Problem]]:
    """The page in `text`, or None and why not. `file` is only named in the problems.

    Checks run from the outside in (shape, names, then clocks, hands and walks) and stop after a
    layer with problems, so that one slip is told once. What concerns other pages: `family.py`.
    """
    report = Report(file, text)
    raw = toml(text, report)
    page = _build(flow, raw, report, shared) if not report.problems else None
    if page:
        for layer in (
            (names.check,),
            (fields.check_used, clocks.check, hands.check),
            (walks.check,),
        ):
            if not report.problems:
                for check in layer:
                    check(page, shared, report)
    if page is None or report.problems:
        return None, report.problems
    return replace(page, steps=with_notes(page, shared)), []


def _build(flow: str, raw: Row, report: Report, shared: Shared) -> Page | None:
    top, tables = clean_page(raw, report)
    states = {name: parts.state(name, row) for name, row in tables["states"].items()}
    own = (parts.own_limit(name, row, report) for name, row in tables["states"].items())
    over = [parts.limit(name, row, report) for name, row in tables["limits"].items()]
    steps = {
        name: parts.step(name, row, report, states, "steps")
        for name, row in tables["steps"].items()
    }
    own_fields = {name: parts.field(name, row) for name, row in tables["fields"].items()}
    borrowed = {ask for step in steps.values() for ask in step.asked} - own_fields.keys()
    return Page(
        flow=flow,
        since=top.get("since", date.min),
        words=words(top.get("name", {})),
        kind=top.get("kind", "case"),
        about=top.get("about", "place"),
        desk=top.get("desk", ()),
        wall=top.get("wall", "place"),
        detail=top.get("detail"),
        parties={name: parts.party(name, row) for name, row in tables["parties"].items()},
        fields=shared.fields | {n: at_home(f, shared) for n, f in own_fields.items()},
        states=states,
        limits={limit.name: limit for limit in [*(x for x in own if x), *over]},
        children={name: parts.child(name, row) for name, row in tables["children"].items()},
        steps=steps,
        meaning=meaning(
            flow, raw, [field for name, field in shared.fields.items() if name in borrowed]
        ),
    )


def at_home(field: Field, shared: Shared) -> Field:
    """A page's own field leads to a home where the shared one of its name does."""
    same = shared.fields.get(field.name)
    return replace(field, home=True) if same and same.home else field
