"""Checks fields and parties: their types, choices and bounds, and that a name means one thing."""

from __future__ import annotations

from lianxin.core.flow.keys import MEASURED, TYPES
from lianxin.core.flow.page import Field, Page, Party, Step
from lianxin.core.flow.problems import Report, hint
from lianxin.core.flow.shared import Shared
from lianxin.core.flow.small import of


def check_fields(page: Page, shared: Shared, report: Report) -> None:
    """Own fields, parties, and the two against each other and the shared fields."""
    for name, field in page.fields.items():
        if shared.fields.get(name) is not field:
            _check_own(field, page, shared, report)
    for party in page.parties.values():
        _check_party(party, page, shared, report)
    for step in page.steps.values():
        _check_branch(step, page, report)
        _check_order_field(step, page, report)


def check_used(page: Page, shared: Shared, report: Report) -> None:
    """What is declared is also used: fields asked, parties cast, children opened, veils lifted."""
    steps = page.steps.values()
    own = [name for name, field in page.fields.items() if shared.fields.get(name) is not field]
    for code, table, names, used in (
        ("never_asked", "fields", own, {ask for step in steps for ask in step.asked}),
        ("never_cast", "parties", page.parties, {p for step in steps for p in step.casts}),
        ("never_opened", "children", page.children, {c for step in steps for c in step.opens}),
    ):
        for name in names:
            if name not in used:
                report.bad(f"{table}.{name}", code, name=name)
    for party in page.parties.values():
        if party.veil and not any(step.unveils for step in steps):
            report.bad(f"parties.{party.name}.veil", "never_unveiled", name=party.name)


def field_faults(field: Field, at: str, types: tuple[str, ...], report: Report) -> None:
    """What can be wrong with a field by itself."""
    if field.type not in types:
        report.bad(f"{at}.type", "unknown_type", hint(field.type, types), name=field.type)
    elif field.type == "choice" and not field.of:
        report.bad(at, "choice_of_nothing", name=field.name)
    elif field.type not in ("choice", "yes") and field.of:
        report.bad(f"{at}.of", "of_without_choice", type=field.type)
    if (field.min is not None or field.max is not None) and field.type not in MEASURED:
        report.bad(at, "nothing_to_measure", type=field.type)
    if field.min is not None and field.max is not None and field.min > field.max:
        report.bad(at, "min_over_max", min=field.min, max=field.max)


def _check_own(field: Field, page: Page, shared: Shared, report: Report) -> None:
    at = f"fields.{field.name}"
    field_faults(field, at, (*TYPES, page.about), report)
    everywhere = shared.fields.get(field.name, field).type
    if everywhere != field.type:
        report.bad(f"{at}.type", "other_type", name=field.name, here=field.type, there=everywhere)
    for who in field.seen or ():
        known = (*page.parties, *shared.roles)
        if who not in known:
            report.bad(f"{at}.seen", "unknown_who", hint(who, known), name=who)
    _check_among(f"{at}.among", field.among, page, shared, report)


def _check_party(party: Party, page: Page, shared: Shared, report: Report) -> None:
    at, name = f"parties.{party.name}", party.name
    field, everywhere = page.fields.get(name), shared.fields.get(name)
    if field and (field is not everywhere or field.type != party.holds):
        report.bad(at, "party_is_field", name=name)
    for other in party.apart:
        if other not in page.parties:
            report.bad(f"{at}.apart", "unknown_party", hint(other, page.parties), name=other)
        elif other == name or page.parties[other].holds != party.holds:
            report.bad(f"{at}.apart", "cannot_coincide", name=name, other=other)
    _check_among(f"{at}.among", party.among, page, shared, report)


def _check_among(at: str, among: str | None, page: Page, shared: Shared, report: Report) -> None:
    role, party = (of(among) or ("", "")) if among else ("", "")
    known = (
        role in shared.roles
        and shared.roles[role].acts == "unit"
        and party in page.parties
        and page.parties[party].holds == "unit"
    )
    if among and not known:
        report.bad(at, "bad_among", value=among)


def _check_branch(step: Step, page: Page, report: Report) -> None:
    if not step.to or not step.to.field:
        return
    at, name = f"steps.{step.name}.to", step.to.field
    field = page.fields.get(name)
    if field is None or not field.of or field.many:
        choosable = [n for n, f in page.fields.items() if f.of and not f.many]
        report.bad(at, "branch_needs_choice", hint(name, choosable), name=name)
        return
    if name not in {ask.name for ask in step.asks if not ask.optional}:
        report.bad(at, "branch_not_asked", name=name)
    named = [choice for choice, _ in step.to.choices]
    for choice in field.choices:
        if choice not in named:
            report.bad(at, "choice_unnamed", name=name, choice=choice)
    for choice in named:
        if choice not in field.choices:
            report.bad(at, "unknown_choice", hint(choice, field.choices), name=choice, field=name)


def _check_order_field(step: Step, page: Page, report: Report) -> None:
    for key, kind, wrong in (
        ("joins", "order", "joins_no_order"),
        ("erases", "number", "erases_no_entry"),
        ("paints", "picture", "paints_nothing"),
        ("bares", "picture", "paints_nothing"),
    ):
        name = getattr(step, key)
        fitting = [n for n in step.asked if n in page.fields and page.fields[n].type == kind]
        if name and name not in fitting:
            report.bad(f"steps.{step.name}.{key}", wrong, hint(name, fitting), name=name)
    if step.picture and "cover" not in {page.field(n).type for n in step.asked if n in page.fields}:
        report.bad(f"steps.{step.name}.asks", "paints_nowhere")
    if step.leaves and not _joined_before(step, page):
        joining = sorted({s.joins for s in page.steps.values() if s.joins})
        at = f"steps.{step.name}.leaves"
        report.bad(at, "leaves_nothing", hint("", joining), name=step.leaves)


def _joined_before(step: Step, page: Page) -> bool:
    """Whether every state this step starts from is one that a merge by that answer leads to."""
    merges = [s for s in page.steps.values() if s.joins == step.leaves and s.to]
    ends = {state for merge in merges for state in (merge.to.states if merge.to else ())}
    return bool(step.sources) and set(step.sources) <= ends
