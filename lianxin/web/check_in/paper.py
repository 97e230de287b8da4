"""How a letter of thanks looks on paper: one page of words, one table of names."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from lianxin.core.flow.page import Words
from lianxin.orders.book import categories
from lianxin.orders.thanked import Thanked
from lianxin.place import place
from lianxin.web.demo_flag import is_demo
from lianxin.web.moments import day
from lianxin.web.words import say, speak

SONG = "宋体"  # on every office computer; the Latin letters beside it keep their own
# What no paper may hold: a name typed with such a sign would keep all the others from theirs.
SIGNS = dict.fromkeys([*(n for n in range(32) if n not in (9, 10)), 0xFFFE, 0xFFFF])
WIDTHS = (Cm(3.2), Cm(2.4), Cm(10.4))


def as_docx(unit: str, year: int, rows: Sequence[Thanked], by: str, on: date) -> bytes:
    """`by`: the place that thanks, "" for the house itself."""
    paper = Document()
    normal = paper.styles["Normal"]
    normal.font.size = Pt(12)
    normal.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), SONG)
    title = say("check_in.letter.title", year=year)
    stamped(paper, title, on)
    if is_demo():
        paper.add_paragraph(say("shell.demo"))
    head = paper.add_heading(title, level=1)
    head.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for run in head.runs:
        run.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), SONG)
    paper.add_paragraph(say("check_in.letter.dear", unit=unit.translate(SIGNS)))
    hours = sum((row.hours for row in rows), Decimal(0))
    paper.add_paragraph(say("check_in.letter.lead", year=year, n=len(rows), hours=plain(hours)))
    table(paper, rows, on)
    paper.add_paragraph()
    for line in (by or place() or say("shell.site"), day(on, this_year=0)):
        paper.add_paragraph(line.translate(SIGNS)).alignment = WD_ALIGN_PARAGRAPH.RIGHT
    out = io.BytesIO()
    paper.save(out)
    return out.getvalue()


def table(paper: Any, rows: Sequence[Thanked], on: date) -> None:
    heads = [say(f"check_in.letter.{name}") for name in ("name", "hours", "did")]
    cells = [heads, *([row.name, plain(row.hours), did(row, on)] for row in rows)]
    grid = paper.add_table(rows=len(cells), cols=len(heads))
    grid.style = "Table Grid"
    for line, texts in zip(grid.rows, cells, strict=True):
        for cell, text, width in zip(line.cells, texts, WIDTHS, strict=True):
            cell.text, cell.width = text.translate(SIGNS), width
    for cell in grid.rows[0].cells:
        cell.paragraphs[0].runs[0].bold = True


def plain(hours: Decimal) -> str:
    """
    >>> plain(Decimal("7.0")), plain(Decimal("3.5"))
    ('7', '3.5')
    """
    return f"{float(hours):g}"


def did(row: Thanked, on: date) -> str:
    """路灯 2 次、助老 1 次: kinds of work and how often, never whose request it was."""
    told = (say("check_in.letter.times", what=speak(kind(c, on)), n=n) for c, n in row.did)
    return say("orders.story.list").join(told)


def kind(code: str, on: date) -> Words:
    known = categories().on(on).categories.get(code)
    other = Words(say("check_in.letter.other", "zh"), say("check_in.letter.other", "en"))
    return known.words if known else other


def stamped(paper: Any, title: str, on: date) -> None:
    """What the file says of itself: no name of whoever made it."""
    about = paper.core_properties
    about.title, about.author, about.last_modified_by = title, place(), ""
    about.created = about.modified = datetime(on.year, on.month, on.day)
