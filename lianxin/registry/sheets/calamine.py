"""The table reader proper: XLSX, XLS, XLSB and ODS to rows, merged cells filled downwards."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from typing import Any

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetVisibleEnum

from lianxin.registry.sheets.finding import Odd
from lianxin.registry.sheets.zipped import MAX_CELLS, MAX_COLUMNS, MAX_ROWS


@dataclass
class Found:
    """Visible sheets as (name, rows), and the names of the hidden ones."""

    sheets: list[tuple[str, list[list[Any]]]] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)


def read_book(data: bytes) -> Found:
    """Raises Odd: not_a_table, locked, too_large. The caller answers for the memory it takes."""
    try:
        return _read(data)
    except CalamineError as wrong:
        locked = "password" in f"{type(wrong).__name__} {wrong}".lower()
        raise Odd("locked" if locked else "not_a_table", why=str(wrong)) from wrong
    except OSError as broken:
        raise Odd("not_a_table", why=str(broken)) from broken
    except BaseException as panic:
        if type(panic).__name__ != "PanicException":  # the reader's own, which has no other name
            raise
        raise Odd("not_a_table", why=str(panic)) from panic


def _read(data: bytes) -> Found:
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    found = Found()
    for about in book.sheets_metadata:
        if about.visible == SheetVisibleEnum.Visible:
            found.sheets.append((about.name, _rows(book.get_sheet_by_name(about.name))))
        else:
            found.hidden.append(about.name)
    return found


def _rows(sheet: CalamineSheet) -> list[list[Any]]:
    height, width = sheet.total_height, sheet.total_width
    if height > MAX_ROWS or width > MAX_COLUMNS or height * width > MAX_CELLS:
        raise Odd("too_large", rows=height, columns=width)
    rows = sheet.to_python(skip_empty_area=False)
    _fill(rows, sheet.merged_cell_ranges or [], width)
    return rows


def _fill(rows: list[list[Any]], merges: list[Any], width: int) -> None:
    """Across columns a merge is a title; downwards it means "as above". Merges cannot overlap, so
    they never fill more than there is."""
    filled = 0
    for (top, left), (bottom, _) in merges:
        if left >= width:
            continue
        for row in range(top + 1, min(bottom + 1, len(rows))):
            rows[row][left] = rows[top][left]
            filled += 1
        if filled > MAX_CELLS:
            raise Odd("too_large", rows=len(rows), columns=width)
