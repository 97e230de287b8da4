"""Reads the three texts every page leans on: `roles.toml`, `fields.toml`, `notes.toml`."""

from __future__ import annotations

from lianxin.core.flow import parts
from lianxin.core.flow.fields import field_faults
from lianxin.core.flow.keys import KERNEL, TYPES
from lianxin.core.flow.problems import Problem, Report, hint
from lianxin.core.flow.shapes import Row, clean_table, toml
from lianxin.core.flow.shared import Shared

_NOTE_MAY_HAVE = {"zh", "en", "from", "by", "asks", "at_most", "erases", "paints", "bares", "then"}


def read_shared(roles: str, fields: str, notes: str) -> tuple[Shared, list[Problem]]:
    """Read the three shared texts; never raises, a text that is no TOML counts as empty."""
    role_rows, role_report = _rows("roles", roles)
    field_rows, field_report = _rows("fields", fields)
    note_rows, note_report = _rows("notes", notes)
    shared = Shared(
        {name: parts.role(name, row) for name, row in role_rows.items()},
        {name: parts.field(name, row) for name, row in field_rows.items()},
        {name: parts.step(name, row, note_report, {}, "notes") for name, row in note_rows.items()},
    )
    for name, field in shared.fields.items():
        field_faults(field, f"fields.{name}", TYPES, field_report)
    _check_notes(shared, note_rows, note_report)
    return shared, [*role_report.problems, *field_report.problems, *note_report.problems]


def _rows(name: str, text: str) -> tuple[dict[str, Row], Report]:
    report = Report(f"{name}.toml", text)
    rows = toml(text, report).get(name, {})
    if not isinstance(rows, dict):
        report.bad(name, "not_a_table", name=name)
        rows = {}
    return clean_table(name, rows, report), report


def _check_notes(shared: Shared, rows: dict[str, Row], report: Report) -> None:
    known = ("party", *shared.actors, *KERNEL)
    for name, note in shared.notes.items():
        for key in sorted(rows[name].keys() - _NOTE_MAY_HAVE):
            report.bad(f"notes.{name}.{key}", "note_moves", name=key)
        for who in note.by:
            if who not in known:
                report.bad(f"notes.{name}.by", "unknown_who", hint(who, known), name=who)
        for ask in note.asked:
            if ask not in shared.fields:
                report.bad(f"notes.{name}.asks", "unknown_ask", hint(ask, shared.fields), name=ask)
