"""The board's table as XLSX: its place, its days, when it was counted, what each column means."""

from __future__ import annotations

import io

import xlsxwriter
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe
from xlsxwriter.worksheet import Worksheet

from lianxin.orders.queries.board import COLUMNS, Line, table, whole
from lianxin.web import moments
from lianxin.web.access import access
from lianxin.web.board import cells
from lianxin.web.board.page import trail, within
from lianxin.web.board.period import period
from lianxin.web.demo_flag import is_demo
from lianxin.web.desk.sheets import TYPES
from lianxin.web.nav import BOARD
from lianxin.web.posts import reading
from lianxin.web.words import say


@access(*BOARD)
@require_safe
def board_sheet(request: HttpRequest) -> HttpResponse:
    """Counts of places alone: no row is a person's or an order's, so no look is written down."""
    read, now = reading(request, BOARD), timezone.now()
    path, today = within(request, read), timezone.localdate(now)
    days, places = period(request.GET, today), trail(read.path, path, today)
    lines = table(read.grant, path, days.span)
    name = places[-1].name if places else path
    head = [say("board.sheet.title", place=name), say("board.sheet.days", days=days.words),
            say("board.now", at=moments.moment(now)), say("board.unit")]  # fmt: skip
    head = [say("shell.demo"), *head] if is_demo() else head
    made = written(head, lines, whole(path, say("board.total"), lines))
    file = f"lianxin-board-{days.span.first:%Y%m%d}-{days.span.last:%Y%m%d}.xlsx"
    return HttpResponse(made, content_type=TYPES["xlsx"], headers={
        "Content-Disposition": f'attachment; filename="{file}"',
        "Cache-Control": "private, no-store",
    })  # fmt: skip


def written(head: list[str], lines: list[Line], total: Line) -> bytes:
    out = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    with xlsxwriter.Workbook(out, options) as book:
        page, bold = book.add_worksheet(), book.add_format({"bold": True})
        for n, text in enumerate(head):
            page.write_string(n, 0, text, bold if n == len(head) - 4 else None)
        top = len(head) + 1
        for n, name in enumerate(names()):
            page.write_string(top, n, name, bold)
        for n, line in enumerate([*lines, total], start=top + 1):
            fill(page, n, line, line is total)
        below = top + len(lines) + 3
        for n, (name, means) in enumerate(cells.meanings()):
            page.write_string(below + n, 0, f"{name}：{means}")
        page.set_column(0, 0, 24)
    return out.getvalue()


def names() -> list[str]:
    shares = [say(f"board.sheet.{column}") for column in cells.OF]
    return [say("board.place"), *(name for _, name in cells.heads()), *shares]


def fill(page: Worksheet, n: int, line: Line, total: bool) -> None:
    """Counts as numbers; a share as one too, empty where there is nothing to be a share of."""
    page.write_string(n, 0, line.name if total else cells.named(line))
    for m, column in enumerate(COLUMNS, start=1):
        page.write_number(n, m, line.counts[column])
    for m, (column, of) in enumerate(cells.OF.items(), start=1 + len(COLUMNS)):
        if base := line.counts[of]:
            page.write_number(n, m, round(line.counts[column] / base, 4))
