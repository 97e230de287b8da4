"""Opens a file and gives its sheets as rows of values, merged cells filled with what they show."""

from __future__ import annotations

import csv
import io
import zipfile
import zlib
from dataclasses import dataclass, field
from typing import Any

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetVisibleEnum

from lianxin.registry.sheets.finding import Finding, Odd
from lianxin.registry.sheets.zipped import blind_cells, check_size

Value = Any  # str, float, int, bool, date, datetime, time, timedelta; "" = nothing there
MAX_ROWS = 200_000
MAX_COLUMNS = 500
UTF16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass
class Sheet:
    """One sheet. `merges` says that merged cells were filled; a CSV has none to fill.

    `blind` are cells whose formula was never calculated, or shows an error: name to what it is.
    """

    name: str
    rows: list[list[Value]]
    merges: bool = True
    blind: dict[str, str] = field(default_factory=dict)


def open_sheets(data: bytes, file_name: str) -> tuple[list[Sheet], list[Finding]]:
    """All visible sheets. Raises Odd: not_a_table, locked, too_large, encoding."""
    if file_name.lower().endswith((".csv", ".txt", ".tsv")):
        return [Sheet("", read_csv(data), merges=False)], []
    try:
        check_size(data)
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        shown = [s for s in book.sheets_metadata if s.visible == SheetVisibleEnum.Visible]
        blind = blind_cells(data)
        sheets = [_sheet(book.get_sheet_by_name(s.name), blind.get(s.name, {})) for s in shown]
    except CalamineError as wrong:
        locked = "password" in f"{type(wrong).__name__} {wrong}".lower()
        raise Odd("locked" if locked else "not_a_table", why=str(wrong)) from wrong
    except (zipfile.BadZipFile, zlib.error, RuntimeError, EOFError, OSError) as broken:
        raise Odd("not_a_table", why=str(broken)) from broken
    hidden = [s.name for s in book.sheets_metadata if s not in shown]
    return sheets, [Finding("hidden_sheet", name, level="note") for name in hidden]


def _sheet(sheet: CalamineSheet, blind: dict[str, str]) -> Sheet:
    if sheet.total_height > MAX_ROWS or sheet.total_width > MAX_COLUMNS:
        raise Odd("too_large", rows=sheet.total_height, columns=sheet.total_width)
    rows = sheet.to_python(skip_empty_area=False)
    for (top, left), (bottom, _) in sheet.merged_cell_ranges or ():
        # Across columns a merge is a title; downwards it means "as above".
        for row in range(top + 1, min(bottom + 1, len(rows))):
            rows[row][left] = rows[top][left]
    return Sheet(sheet.name, rows, True, blind)


def read_csv(data: bytes) -> list[list[Value]]:
    """Rows of text, split at whichever of comma, tab, semicolon the first lines use most."""
    text = decode(data)
    head = text[:4096]
    separator = max(",\t;，", key=head.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error as wrong:
        raise Odd("not_a_table", why=str(wrong)) from wrong
    if len(rows) > MAX_ROWS:
        raise Odd("too_large", rows=len(rows), columns=max(map(len, rows)))
    return [list(row) for row in rows]


def decode(data: bytes) -> str:
    """UTF-8 with or without its mark, UTF-16 with one, else GB 18030 as Excel saves in China.

    >>> decode("社区".encode("gb18030")), decode("社区".encode("utf-8-sig"))
    ('社区', '社区')
    """
    order = ("utf-16",) if data.startswith(UTF16) else ("utf-8-sig", "gb18030")
    for encoding in order:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise Odd("encoding")
