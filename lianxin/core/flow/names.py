"""Checks that every name on a page is known, and used for what it is."""

from __future__ import annotations

import re
from collections.abc import Iterable

from lianxin.core.flow.fields import check_fields
from lianxin.core.flow.keys import AREA_KINDS, KERNEL, PLAIN_WORDS, RESERVED, TO_WHOM
from lianxin.core.flow.page import Page, Step
from lianxin.core.flow.problems import Report, hint
from lianxin.core.flow.shared import Shared
from lianxin.core.flow.small import of

_WHO_OF_ORDER = ("turn", "subject")
# key of a step → what an unknown name in it is told, and the table it should stand in
_NAMED = {
    "if_none": ("unknown_state", "states"),
    "casts": ("unknown_party", "parties"),
    "drops": ("unknown_party", "parties"),
    "clears": ("unknown_party", "parties"),
    "swaps": ("unknown_party", "parties"),
    "each": ("unknown_party", "parties"),
    "opens": ("unknown_child", "children"),
    "closes": ("unknown_child", "children"),
    "has": ("unknown_child", "children"),
    "children": ("unknown_child", "children"),
    "before": ("unknown_limit", "limits"),
    "extends": ("unknown_limit", "limits"),
    "excuses": ("unknown_limit", "limits"),
}


def check(page: Page, shared: Shared, report: Report) -> None:
    """All names of one page."""
    _check_top(page, shared, report)
    check_fields(page, shared, report)
    for state in page.states.values():
        if state.turn and state.turn not in ("children", "clock"):
            _check_turn(page, shared, state.name, state.turn, report)
    for name, limit in page.limits.items():
        at = f"states.{name}" if limit.own else f"limits.{name}"
        _known(f"{at}.late", "unknown_step", limit.late, page.steps, report)
        for rung in limit.ladder:
            _check_word(f"{at}.ladder", rung.word, page, shared, report)
    for step in page.steps.values():
        _check_step(step, page, shared, report)


def _check_top(page: Page, shared: Shared, report: Report) -> None:
    _known("desk", "unknown_area_kind", page.desk, AREA_KINDS, report)
    if page.detail and not re.fullmatch(r"[a-z_]+\.[A-Z]\w*", page.detail):
        report.bad("detail", "bad_detail", value=page.detail)
    for table, words in RESERVED.items():
        for name in sorted(words & getattr(page, table).keys()):
            report.bad(f"{table}.{name}", "reserved", name=name)
    for name in page.parties:
        if name in shared.actors:
            report.bad(f"parties.{name}", "party_is_role", name=name)
    for name, limit in page.limits.items():
        if not limit.own and name in page.states:
            report.bad(f"limits.{name}", "limit_is_state", name=name)


def _check_turn(page: Page, shared: Shared, state: str, turn: str, report: Report) -> None:
    at = f"states.{state}.turn"
    if turn == "anyone" or of(turn):
        report.bad(at, "turn_is_crowd", name=turn)
    else:
        check_who(at, (turn,), page, shared, report, kernel=())


def check_who(
    at: str, names: Iterable[str], page: Page, shared: Shared, report: Report,
    kernel: Iterable[str] = KERNEL,
) -> None:  # fmt: skip
    """Each name is a party, a role that takes steps, `role of party`, or a hand of the kernel."""
    known = (*page.parties, *shared.actors, *kernel)
    for name in names:
        if pair := of(name):
            _check_role_of(at, *pair, page, shared, report)
        elif name not in known:
            code = "silent_role" if name in shared.roles else "unknown_who"
            report.bad(at, code, hint(name, known), name=name)
        elif name not in page.parties and _acts_in_unit(shared, name):
            report.bad(at, "of_which_unit", name=name)


def _check_role_of(
    at: str, role: str, party: str, page: Page, shared: Shared, report: Report
) -> None:
    name = f"{role} of {party}"
    if role not in shared.actors:
        report.bad(at, "unknown_who", hint(role, shared.actors), name=name)
    elif party not in page.parties:
        report.bad(at, "unknown_who", hint(party, page.parties), name=name)
    elif not _acts_in_unit(shared, role) or page.parties[party].holds != "unit":
        report.bad(at, "not_in_a_unit", name=name, role=role, party=party)


def _acts_in_unit(shared: Shared, name: str) -> bool:
    return name in shared.roles and shared.roles[name].acts == "unit"


def _known(
    at: str, code: str, names: str | Iterable[str] | None, known: Iterable[str], report: Report
) -> None:
    known = tuple(known)
    for name in (names,) if isinstance(names, str) else names or ():
        if name not in known:
            report.bad(at, code, hint(name, known), name=name)


def _check_step(step: Step, page: Page, shared: Shared, report: Report) -> None:
    at = f"steps.{step.name}"
    check_who(f"{at}.by", step.by, page, shared, report)
    _known(f"{at}.from", "unknown_state", step.sources, page.states, report)
    _known(f"{at}.to", "unknown_state", step.to.states if step.to else (), page.states, report)
    for key, (code, table) in _NAMED.items():
        _known(f"{at}.{key}", code, getattr(step, key), getattr(page, table), report)
    _known(f"{at}.asks", "unknown_ask", step.asked, (*page.parties, *page.fields), report)
    _known(f"{at}.same", "not_asked_here", step.same, step.asked, report)
    _known(f"{at}.stands", "unknown_area_kind", step.stands, AREA_KINDS, report)
    _known(f"{at}.not", "unknown_party", step.bars, (*page.parties, "subject"), report)
    if step.quorum:
        _known(f"{at}.quorum", "unknown_party", step.quorum.party, page.parties, report)
    if outcome := page.fields.get("outcome"):
        outcomes = (*outcome.choices, *(key for key, _ in outcome.fixed))
        _known(f"{at}.outcome", "unknown_outcome", step.outcome, outcomes, report)
    for word in step.then:
        _check_word(f"{at}.then", word, page, shared, report)


def _check_word(at: str, word: str, page: Page, shared: Shared, report: Report) -> None:
    verb, _, rest = word.partition(" ")
    if word in PLAIN_WORDS or (verb == "letter" and re.fullmatch(r"[a-z][a-z0-9_-]*", rest)):
        return
    if verb not in TO_WHOM or not rest:
        known = (*PLAIN_WORDS, *(f"{v} WHO" for v in TO_WHOM), "letter NAME")
        report.bad(at, "unknown_word", hint(word, known), name=word)
        return
    _, child = of(rest) or ("", "")
    if child in page.children:
        return  # a party of the children; the family check knows their pages
    known = (*page.parties, *shared.roles, *_WHO_OF_ORDER)
    if rest not in known:
        report.bad(at, "unknown_whom", hint(rest, known), name=rest)
