"""Says what an import found: as lines on a terminal, and as a sheet to send back to the office."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterable
from typing import Any

import xlsxwriter

from lianxin.core.flow.page import Words
from lianxin.registry.sheets.finding import Finding
from lianxin.web.words import rows, say

COLUMNS = ("where", "level", "what", "remedy")
WIDTHS = (24, 10, 60, 50)
LANGUAGES = ("zh", "en")


def what(finding: Finding, lang: str) -> str:
    """What is wrong there."""
    refused = finding.code.startswith("refused.")
    key = f"registry.{finding.code}" if refused else f"import.finding.{finding.code}"
    return _said(key, finding, lang)


def remedy(finding: Finding, lang: str) -> str:
    """What would be right, or "" where nothing need be done."""
    if finding.facts.get("near") and finding.code != "column_like":
        return _said("import.remedy.near", finding, lang)
    name = "refused" if finding.code.startswith("refused.") else finding.code
    key = f"import.remedy.{name}"
    return _said(key, finding, lang) if key in rows() else ""


def as_lines(findings: Iterable[Finding]) -> list[str]:
    """Two lines a finding, Chinese and English; nothing in them moves the terminal's cursor."""
    lines = []
    for finding in findings:
        where, mark = finding.where, "✗" if finding.level == "error" else "·"
        for lang in LANGUAGES:
            right = remedy(finding, lang)
            said = what(finding, lang) + (f" → {right}" if right else "")
            lines.append(f"{mark} {_padded(where, 22)} {visible(said)}")
            where, mark = "", " "
    return lines


def as_xlsx(findings: Iterable[Finding]) -> bytes:
    """One row a finding, both languages beside each other; text stays text."""
    file = io.BytesIO()
    plain = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    with xlsxwriter.Workbook(file, plain) as book:
        sheet = book.add_worksheet("核对 Report")
        heading = book.add_format({"bold": True, "bottom": 1})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        for column, (lang, name) in enumerate(_columns()):
            sheet.set_column(column, column, WIDTHS[COLUMNS.index(name)], wrapped)
            sheet.write_string(0, column, say(f"import.column.{name}", lang), heading)
        sheet.freeze_panes(1, 0)
        for number, finding in enumerate(findings, start=1):
            for column, (lang, name) in enumerate(_columns()):
                sheet.write_string(number, column, visible(_cell(finding, name, lang)))
    return file.getvalue()


def visible(text: str) -> str:
    """Control characters and turns of direction become a dot: what is read is what is there.

    >>> visible("a\\x1b[2Jb")
    'a·[2Jb'
    """
    return "".join("·" if unicodedata.category(c) in ("Cc", "Cf") else c for c in text)


def _columns() -> list[tuple[str, str]]:
    said_twice = [(lang, name) for name in ("what", "remedy") for lang in LANGUAGES]
    return [("zh", "where"), ("zh", "level"), *said_twice]


def _cell(finding: Finding, name: str, lang: str) -> str:
    if name == "where":
        return finding.where
    if name == "level":
        return " ".join(say(f"import.level.{finding.level}", tongue) for tongue in LANGUAGES)
    return what(finding, lang) if name == "what" else remedy(finding, lang)


def _said(key: str, finding: Finding, lang: str) -> str:
    facts: dict[str, Any] = {
        name: fact if isinstance(fact, Words | int) else str(fact)
        for name, fact in finding.facts.items()
    }
    if "why" in facts and f"import.why.{facts['why']}" in rows():
        facts["why"] = say(f"import.why.{facts['why']}", lang)
    return say(key, lang, **facts)


def _padded(text: str, width: int) -> str:
    """Filled up to so many columns; a Chinese character takes two."""
    taken = sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
    return text + " " * max(0, width - taken)
