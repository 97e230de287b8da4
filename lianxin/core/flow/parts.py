"""Makes the frozen parts of a page from cleaned rows; the small languages are read here."""

from __future__ import annotations

from lianxin.core.flow.keys import ERASABLE, QUORUM
from lianxin.core.flow.page import (
    Ask,
    AtMost,
    Child,
    Field,
    Limit,
    Party,
    Quorum,
    Role,
    Rung,
    Span,
    State,
    Step,
    To,
    Within,
    Words,
)
from lianxin.core.flow.problems import Report
from lianxin.core.flow.shapes import Row, clean, words
from lianxin.core.flow.small import at_most, span, within

YES_NO = (("yes", Words("是", "Yes")), ("no", Words("否", "No")))


def role(name: str, row: Row) -> Role:
    acts, silent = row.get("acts", "at"), row.get("silent", False)
    return Role(name, words(row), acts, silent, row.get("sees", False))


def party(name: str, row: Row) -> Party:
    return Party(
        name=name,
        words=words(row),
        holds=row.get("holds", "person"),
        many=row.get("many", False),
        apart=row.get("apart", ()),
        among=row.get("among"),
        veil=row.get("veil", False),
        sees=row.get("sees", True),
    )


def field(name: str, row: Row) -> Field:
    kind = row.get("type", "text")
    return Field(
        name=name,
        words=words(row),
        type=kind,
        of=_choices(row.get("of", {})) or (YES_NO if kind == "yes" else ()),
        many=row.get("many", False),
        min=row.get("min"),
        max=row.get("max"),
        among=row.get("among"),
        seen=row.get("seen"),
        erasable=kind in ERASABLE,
        fixed=_choices(row.get("fixed", {})),
        home=row.get("home", False),
    )


def _choices(rows: Row) -> tuple[tuple[str, Words], ...]:
    return tuple((key, words(row)) for key, row in rows.items())


def state(name: str, row: Row) -> State:
    return State(
        name=name,
        words=words(row),
        turn=row.get("turn"),
        final=row.get("final", False),
        stopped="clock" in row,
    )


def own_limit(name: str, row: Row, report: Report) -> Limit | None:
    """The limit a state has for itself; None if it has none."""
    if "within" in row:
        return limit(name, {**row, "over": (name,)}, report, table="states")
    for key in ("late", "ladder"):
        if key in row:
            report.bad(f"states.{name}.{key}", "needs_within", name=key)
    return None


def limit(name: str, row: Row, report: Report, table: str = "limits") -> Limit:
    at = f"{table}.{name}"
    length = within(row.get("within", "category"))
    if length is None:
        report.bad(f"{at}.within", "bad_within", value=row["within"])
    return Limit(
        name=name,
        words=words(row),
        over=row.get("over", ()),
        within=length or Within(category=True),
        late=row.get("late"),
        ladder=_ladder(at, row.get("ladder", {}), report),
        own=table == "states",
    )


def _ladder(at: str, rows: dict[str, str], report: Report) -> tuple[Rung, ...]:
    rungs = []
    for offset, word in rows.items():
        if length := span(offset):
            rungs.append(Rung(length, word))
        else:
            report.bad(f"{at}.ladder", "bad_offset", value=offset)
    return tuple(rungs)


def child(name: str, row: Row) -> Child:
    return Child(
        name=name,
        flow=row.get("flow", ""),
        each=row.get("each"),
        gives=tuple(row.get("gives", {}).items()),
        on=tuple(row.get("on", {}).items()),
        waits=row.get("waits"),
    )


def step(name: str, row: Row, report: Report, states: dict[str, State], table: str) -> Step:
    """One step; `states` are needed to spell out `from = "open"`."""
    at = f"{table}.{name}"
    seats = row.get("seats", "").removeprefix("parent ")
    alike: Row = {key: row[key] for key in _ALIKE if key in row}
    return Step(
        name=name,
        words=words(row),
        by=row.get("by", ()),
        sources=_sources(row.get("from", ()), states),
        to=_to(at, row.get("to"), report),
        asks=tuple(Ask(a.removesuffix("?"), a.endswith("?")) for a in row.get("asks", ())),
        seats=seats or None,
        seats_of_parent=row.get("seats", "").startswith("parent "),
        count=row.get("count"),
        quorum=_quorum(at, row.get("quorum"), report),
        bars=row.get("not", ()),
        at_most=_at_most(at, row.get("at_most"), report),
        window=_window(at, row.get("window"), report),
        reopens=row.get("reopens", False),
        lifts=row.get("lifts", 0),
        unveils=row.get("unveils", False),
        alone=row.get("alone", False),
        **alike,
    )


# Keys whose name and value on the page are those of the slot.
_ALIKE = (
    "casts", "drops", "clears", "if_none", "each", "same", "before", "has", "children", "opens",
    "closes", "extends", "excuses", "joins", "leaves", "swaps", "erases", "paints", "bares",
    "outcome", "then", "stands",
)  # fmt: skip


def _sources(value: str | tuple[str, ...], states: dict[str, State]) -> tuple[str, ...]:
    if isinstance(value, tuple):
        return value
    return tuple(name for name, state in states.items() if not state.final)


def _to(at: str, value: str | dict[str, dict[str, str]] | None, report: Report) -> To | None:
    if value is None:
        return None
    if isinstance(value, str):
        return To(back=True) if value == "back" else To(state=value)
    if len(value) > 1:
        report.bad(f"{at}.to", "two_branches", names=", ".join(value))
    name, choices = next(iter(value.items()))
    return To(field=name, choices=tuple(choices.items()))


def _quorum(at: str, row: Row | None, report: Report) -> Quorum | None:
    if row is None:
        return None
    good = clean(row, QUORUM, ("party", "at_least"), f"{at}.quorum", report)
    return Quorum(good.get("party", ""), good.get("at_least", 1), good.get("by", "who"))


def _at_most(at: str, text: str | None, report: Report) -> AtMost | None:
    often = at_most(text) if text else None
    if text and often is None:
        report.bad(f"{at}.at_most", "bad_at_most", value=text)
    return often


def _window(at: str, text: str | None, report: Report) -> Span | None:
    length = span(text) if text else None
    if text and (length is None or length.number < 1):
        report.bad(f"{at}.window", "bad_span", value=text)
    return length
