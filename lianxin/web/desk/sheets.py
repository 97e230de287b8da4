"""The register as a sheet: what people wrote stays text, whatever Excel would make of it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import datetime

import xlsxwriter
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from lianxin.orders.book import book
from lianxin.orders.looks import SHEET, looked
from lianxin.orders.queries import Row, all_of, rows
from lianxin.orders.queries.narrow import FACTS, Narrow
from lianxin.web.access import access
from lianxin.web.demo_flag import is_demo
from lianxin.web.desk.cards import kind_of
from lianxin.web.nav import READERS
from lianxin.web.posts import reading
from lianxin.web.words import say, speak

MOST = 20_000  # rows of one sheet; what is longer is narrowed first
COLUMNS = ("number", "state", "category", "place", "text", "filed", "due", "outcome")
# A cell that begins so is a formula to some spreadsheet; the wide signs to those of East Asia.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@access(*READERS)
@require_safe
def register_sheet(request: HttpRequest, kind: str) -> HttpResponse:
    """The rows of the register as the reader has narrowed it, as CSV or XLSX. That they were taken
    out of the house is written down before they leave."""
    if kind not in TYPES:
        raise Http404
    read, now = reading(request, READERS), timezone.now()
    narrow = Narrow.of({k: v for k, v in request.GET.items() if k != "after"}, "id")
    shown = rows(narrow.take(all_of(read.grant), read.grant), now, limit=MOST, whole=True)
    table = [*heading(more=len(shown) > MOST), *map(cells, shown[:MOST])]
    looked(
        request.who, SHEET, n=len(shown[:MOST]), path=read.path, now=now,  # type: ignore[attr-defined]
        about=conditions(narrow),
    )  # fmt: skip
    name = f"lianxin-{timezone.localdate():%Y%m%d}.{kind}"
    return HttpResponse(
        {"csv": as_csv, "xlsx": as_xlsx}[kind](table),
        content_type=TYPES[kind],
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "private, no-store",
        },
    )


def conditions(narrow: Narrow) -> str:
    """By what the rows were chosen; of words only that there were some.

    >>> conditions(Narrow.of({"q": "张三", "category": "01", "late": ""}, "id"))
    'q category=01 late'
    """
    asked = {name: getattr(narrow, name) for name in FACTS}
    told = [name if value is True else f"{name}={value}" for name, value in asked.items()
            if value or (value is False and name == "open")]  # fmt: skip
    return " ".join([*(["q"] if narrow.q else []), *told])


def heading(more: bool = False) -> Iterator[list[str]]:
    """Above the rows: that this is a demo, that there are further rows, what the columns are."""
    if is_demo():
        yield [say("shell.demo")]
    if more:
        yield [say("lists.sheet.more", n=MOST)]
    yield [say(f"lists.column.{name}") for name in COLUMNS]


def cells(row: Row) -> list[str]:
    return [
        row.number, speak(row.words), kind_of(row), row.place, row.text, moment(row.filed),
        moment(row.due), outcome(row),
    ]  # fmt: skip


def outcome(row: Row) -> str:
    """The outcome in its page's own words."""
    field = row.page.fields.get("outcome") or book().fields["outcome"]
    known = dict((*field.of, *field.fixed))
    return speak(known[row.outcome]) if row.outcome in known else row.outcome or ""


def moment(at: datetime | None) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}" if at else ""


def as_csv(table: list[list[str]]) -> bytes:
    """With a mark for Excel; a cell that would be read as a formula begins with an apostrophe."""
    out = io.StringIO(newline="")
    for row in table:
        csv.writer(out).writerow([f"'{c}" if c.startswith(FORMULA) else c for c in row])
    return out.getvalue().encode("utf-8-sig")


def as_xlsx(table: list[list[str]]) -> bytes:
    out = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    with xlsxwriter.Workbook(out, options) as book:
        sheet = book.add_worksheet()
        for n, row in enumerate(table):
            for m, cell in enumerate(row):
                sheet.write_string(n, m, cell)
        sheet.set_column(4, 4, 60)
    return out.getvalue()
