"""A whole file as rows of read values, each knowing its cells, with everything that was found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from lianxin.registry.sheets.clean import READERS, plain
from lianxin.registry.sheets.columns import Column, Header, find_header
from lianxin.registry.sheets.finding import Finding, Level, Odd, cell_name
from lianxin.registry.sheets.workbook import Sheet, open_sheets

ENDINGS = (
    "合计",
    "总计",
    "小计",
    "填表",
    "制表",
    "备注:",
    "备注：",
    "注:",
    "注：",
    "说明",
    "total",
)
ONCE = ("masked",)
NAMED_IN_NOTES = 60  # characters of a value that a note repeats


@dataclass
class Row:
    """One line of a sheet. `values` has only fields that say something; `bad` = has an error."""

    sheet: str
    number: int
    values: dict[str, Any]
    cells: dict[str, str]
    bad: bool = False

    def get(self, name: str, default: Any = "") -> Any:
        return self.values.get(name, default)

    def finding(self, code: str, at: str = "", level: Level = "error", /, **facts: Any) -> Finding:
        """A finding at the cell of a field of this row."""
        return Finding(code, self.sheet, self.number, self.cells.get(at, ""), level, facts)


@dataclass
class Table:
    rows: list[Row] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    @property
    def errors(self) -> list[Finding]:
        return [f for f in self.findings if f.level == "error"]


def read_table(data: bytes, file_name: str, columns: tuple[Column, ...]) -> Table:
    """Every visible sheet that has a header we know; never raises."""
    try:
        sheets, findings = open_sheets(data, file_name)
    except Odd as odd:
        return Table([], [Finding(odd.code, facts=odd.facts)])
    table = Table([], findings)
    headless = []
    for sheet in sheets:
        header, found = find_header(sheet, columns)
        if header is None:
            headless += found
            continue
        table.findings += found
        if not any(f.level == "error" for f in found):
            _read_rows(sheet, header, table)
    if len(headless) == len(sheets):
        table.findings += headless or [Finding("empty")]
    elif headless:
        skipped = [Finding("sheet_unused", f.sheet, level="note") for f in headless]
        table.findings += skipped
    table.findings = list(_said_once(table.findings))
    return table


def _said_once(findings: list[Finding]) -> Iterator[Finding]:
    """Of what our own sheets have in every row one note speaks for a whole sheet."""
    counts = Counter(f.sheet for f in findings if f.code in ONCE)
    for finding in findings:
        if finding.code not in ONCE:
            yield finding
        elif n := counts.pop(finding.sheet, 0):
            yield replace(finding, facts={"n": n})


def _read_rows(sheet: Sheet, header: Header, table: Table) -> None:
    above: dict[str, Any] = {}
    seen: dict[tuple[Any, ...], int] = {}
    for index in range(header.row + 1, len(sheet.rows)):
        raw = sheet.rows[index]
        if not any(plain(v).strip() for v in raw) and not _blind_in(sheet, header, index):
            continue
        if _is_heading(sheet, header, raw):
            continue
        first = next((plain(v).strip() for v in raw if plain(v).strip()), "")
        if first.lower().startswith(ENDINGS):
            facts = {"text": first[:NAMED_IN_NOTES]}
            table.findings.append(Finding("row_skipped", sheet.name, index + 1, "", "note", facts))
            continue
        row = _read_row(sheet, header, index, above, table.findings)
        same = tuple(sorted((k, str(v)) for k, v in row.values.items()))
        if same in seen and not row.bad:
            table.findings.append(row.finding("row_twice", "", "note", first=seen[same]))
            continue
        seen.setdefault(same, row.number)
        table.rows.append(row)


def _read_row(
    sheet: Sheet, header: Header, index: int, above: dict[str, Any], findings: list[Finding]
) -> Row:
    row = Row(sheet.name, index + 1, {}, {})
    for number, column in header.columns.items():
        row.cells[column.field] = cell = cell_name(index, number)
        for finding in _read_cell(sheet, index, number, column, cell, row, above):
            findings.append(finding)
            row.bad = row.bad or finding.level == "error"
    return row


def _read_cell(
    sheet: Sheet,
    index: int,
    number: int,
    column: Column,
    cell: str,
    row: Row,
    above: dict[str, Any],
) -> Iterator[Finding]:
    """Puts the value into the row; yields what was found on the way."""
    raw = sheet.rows[index][number] if number < len(sheet.rows[index]) else ""
    name = column.field
    if cell in sheet.blind:
        yield row.finding("not_calculated", name, formula=sheet.blind[cell][:NAMED_IN_NOTES])
        return
    try:
        value, note = READERS[column.type](raw) if plain(raw).strip() else ("", None)
    except Odd as odd:
        yield row.finding(odd.code, name, **odd.facts)
        return
    if value == "" and column.above and not sheet.merges and name in above:
        value, note = above[name], "as_above"
    if value in ("", None) and column.required:  # None: a day that says "to date"
        yield row.finding("missing", name, name=column.words)
    if value != "":
        above[name] = row.values[name] = value
    if note:
        facts = {"was": plain(raw)[:NAMED_IN_NOTES], "read": str(value)[:NAMED_IN_NOTES]}
        yield row.finding(note, name, "note", **facts)


def _is_heading(sheet: Sheet, header: Header, raw: list[Any]) -> bool:
    """A heading over two rows, or repeated on each page."""
    head = sheet.rows[header.row]
    return all(n < len(raw) and raw[n] == head[n] for n in header.columns)


def _blind_in(sheet: Sheet, header: Header, index: int) -> bool:
    return any(cell_name(index, number) in sheet.blind for number in header.columns)
