"""Finds the header row under the title rows, and which column is which field by its synonyms."""

from __future__ import annotations

import difflib
import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from lianxin.core.flow.page import Words
from lianxin.registry.sheets.clean import plain
from lianxin.registry.sheets.finding import Finding, cell_name
from lianxin.registry.sheets.workbook import Sheet, Value

TITLE_ROWS = 20  # the header stands within the first rows, or it is no table


@dataclass(frozen=True)
class Column:
    """A field a sheet may have. `above`: blank in a CSV means as in the row above."""

    field: str
    words: Words
    also: tuple[str, ...] = ()
    type: str = "text"
    required: bool = False
    above: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        return (self.field, self.words.zh, self.words.en, *self.also)


@dataclass(frozen=True)
class Header:
    """The row (from 0) of the header, and column number → column."""

    row: int
    columns: dict[int, Column]


def read_columns(text: str, what: str) -> tuple[Column, ...]:
    """The columns of one kind of sheet out of the text of params/sheets.toml."""
    rows = tomllib.loads(text)[what]
    return tuple(
        Column(
            field,
            Words(row["zh"], row["en"]),
            tuple(row.get("also", ())),
            row.get("type", "text"),
            row.get("required", False),
            row.get("above", False),
        )
        for field, row in rows.items()
    )


def plain_header(value: Value) -> str:
    """A header cell without what offices hang on it.

    >>> plain_header("＊联系 电话\\n（必填）："), plain_header("Unit Code")
    ('联系电话', 'unitcode')
    """
    tidy = unicodedata.normalize("NFKC", plain(value)).lower()
    tidy = re.sub(r"\([^)]*\)", "", tidy)
    return re.sub(r"[\s*:_\-./、]", "", tidy)


def find_header(sheet: Sheet, columns: tuple[Column, ...]) -> tuple[Header | None, list[Finding]]:
    """The first row that knows most columns. Findings: no_header, missing_column, column_twice,
    and notes for columns that are not used."""
    known = {plain_header(name): column for column in columns for name in column.names}
    rows = [{i: plain_header(v) for i, v in enumerate(r)} for r in sheet.rows[:TITLE_ROWS]]
    scores = [len({known[n].field for n in row.values() if n in known}) for row in rows]
    best = max(scores, default=0)
    if best == 0:
        wanted = "、".join(c.words.zh for c in columns if c.required)
        return None, [Finding("no_header", sheet.name, facts={"wanted": wanted})]
    row = scores.index(best)
    found: dict[int, Column] = {}
    findings = []
    for number, name in rows[row].items():
        if name in known and known[name] not in found.values():
            found[number] = known[name]
        elif name:
            findings.append(_odd_column(sheet, row, number, name, known))
    findings += _missing(sheet, row, columns, found)
    return Header(row, found), findings


def _odd_column(
    sheet: Sheet, row: int, number: int, name: str, known: Mapping[str, Column]
) -> Finding:
    cell, shown = cell_name(row, number), plain(sheet.rows[row][number]).strip()
    if name in known:
        return Finding("column_twice", sheet.name, row + 1, cell, facts={"name": shown})
    near = difflib.get_close_matches(name, known, 1, 0.5)
    if near:
        facts = {"name": shown, "near": known[near[0]].words.zh}
        return Finding("column_like", sheet.name, row + 1, cell, "note", facts)
    return Finding("column_unused", sheet.name, row + 1, cell, "note", {"name": shown})


def _missing(
    sheet: Sheet, row: int, columns: tuple[Column, ...], found: Mapping[int, Column]
) -> list[Finding]:
    have = {column.field for column in found.values()}
    return [
        Finding("missing_column", sheet.name, row + 1, facts={"name": column.words})
        for column in columns
        if column.required and column.field not in have
    ]
