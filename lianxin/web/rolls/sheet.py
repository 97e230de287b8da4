"""`/rolls/<name>.xlsx`: the rows of a roll as they can be taken in again, or an empty sheet."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any

import xlsxwriter
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe
from xlsxwriter.worksheet import Worksheet

from lianxin.orders.looks import ROLL, ROLL_CLEAR, looked
from lianxin.registry.rolls import Cells, Roll, Value
from lianxin.registry.rolls.narrow import Narrow
from lianxin.registry.sheets.columns import Column
from lianxin.web.access import access
from lianxin.web.demo_flag import is_demo
from lianxin.web.desk.sheets import MOST, TYPES
from lianxin.web.rolls.cells import spoken
from lianxin.web.rolls.opened import columns, opened, readers, title
from lianxin.web.words import say, speak

WIDE = {"text": 18, "words": 40, "date": 12, "code": 18, "phone": 16, "moment": 18, "label": 18}
FIRST = 1900  # the year in which the days of a spreadsheet begin
NAME = 31  # signs of a sheet's name, and those it may not have
NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\']")


@access(*readers())
@require_safe
def roll_sheet(request: HttpRequest, name: str) -> HttpResponse:
    """What the reader has narrowed it to. That rows were taken out of the house is written down
    before they leave; `empty` asks for the columns alone, `clear` for phones without stars."""
    seen, now = opened(request, name), timezone.now()
    if "empty" in request.GET:
        return file(seen.roll, written(seen.roll, (), heading()), "form")
    clear = "clear" in request.GET
    if clear and not seen.clears:
        raise PermissionDenied
    found = list(seen.rows[: MOST + 1])
    looked(
        request.who, ROLL_CLEAR if clear else ROLL, n=len(found[:MOST]), path=seen.read.path,  # type: ignore[attr-defined]
        now=now, about=conditions(seen.roll, seen.narrow),
    )  # fmt: skip
    made = written(seen.roll, found[:MOST], heading(more=len(found) > MOST), clear)
    return file(seen.roll, made, f"{timezone.localdate():%Y%m%d}")


def conditions(roll: Roll, narrow: Narrow) -> str:
    """By what the rows were chosen; of words only that there were some."""
    told = [f"roll={roll.name}", f"on={narrow.on:%Y-%m-%d}"]
    told += [f"path={narrow.path}"] if narrow.path else []
    return " ".join([*told, *(["q"] if narrow.q else [])])


def heading(more: bool = False) -> list[str]:
    """Above the columns: that this is a demo, that there are further rows."""
    return [
        *([say("shell.demo")] if is_demo() else []),
        *([say("lists.sheet.more", n=MOST)] if more else []),
    ]


def file(roll: Roll, made: bytes, end: str) -> HttpResponse:
    return HttpResponse(made, content_type=TYPES["xlsx"], headers={
        "Content-Disposition": f'attachment; filename="lianxin-{roll.name}-{end}.xlsx"',
        "Cache-Control": "private, no-store",
    })  # fmt: skip


def written(roll: Roll, rows: Iterable[Any], head: list[str], clear: bool = False) -> bytes:
    """All columns of the sheet, those without a cell left empty; `clear`: none behind stars."""
    out, known = io.BytesIO(), columns(roll)
    cells = {**roll.cells, **(roll.guarded if clear else {})}
    options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    with xlsxwriter.Workbook(out, options) as book:
        page = book.add_worksheet(NOT_IN_NAMES.sub("", title(roll))[:NAME])
        bold = book.add_format({"bold": True, "bottom": 1})
        text, day = (book.add_format({"num_format": form}) for form in ("@", "yyyy-mm-dd"))
        for n, line in enumerate(head):
            page.write_string(n, 0, line)
        for m, column in enumerate(known):
            page.set_column(m, m, WIDE[column.type], day if column.type == "date" else text)
            page.write_string(len(head), m, speak(column.words), bold)
        page.freeze_panes(len(head) + 1, 1)
        for n, row in enumerate(rows, start=len(head) + 1):
            fill(page, n, cells, known, row, day)
    return out.getvalue()


def fill(
    page: Worksheet, n: int, cells: Cells, known: tuple[Column, ...], row: Any, day: Any
) -> None:
    """Text stays text, whatever a spreadsheet would make of it; a day is a day."""
    for m, column in enumerate(known):
        cell = cells.get(column.field)
        value: Value = cell(row) if cell else None
        if isinstance(value, date) and value.year >= FIRST:
            page.write_datetime(n, m, datetime.combine(value, time()), day)
        elif isinstance(value, int):
            page.write_number(n, m, value)
        elif said := spoken(value):
            page.write_string(n, m, said)
