"""What the table reader cannot tell from an empty cell: formulas never calculated, and errors.

Read by pattern, not by an XML parser: nothing in a file from outside gets expanded.
"""

from __future__ import annotations

import html
import io
import re
import zipfile

from lianxin.registry.sheets.finding import Odd

MAX_BYTES = 300 * 2**20  # of all parts together, unpacked
_SHEET = re.compile(r"<(?:\w+:)?sheet\b[^>]*>")
_RELATION = re.compile(r"<Relationship\b[^>]*>")
_CELL = re.compile(r"<c\b([^>]*[^/>])>(.*?)</c>", re.S)
_FORMULA = re.compile(r"<f\b[^>]*?(?:/>|>(.*?)</f>)", re.S)
_SHOWN = re.compile(r"<v>[^<]|<t\b[^>]*>[^<]")


def check_size(data: bytes) -> None:
    """Refuses (Odd: too_large) a small file that unpacks into a huge one."""
    if not zipfile.is_zipfile(io.BytesIO(data)):
        return
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        size = sum(part.file_size for part in parts.infolist())
    if size > MAX_BYTES:
        raise Odd("too_large", rows=f"{size // 2**20} MB", columns="")


def blind_cells(data: bytes) -> dict[str, dict[str, str]]:
    """Sheet name → cell name → its formula or error, for XLSX; nothing for other kinds of file."""
    if not zipfile.is_zipfile(io.BytesIO(data)):
        return {}
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        names = set(parts.namelist())
        if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= names:
            return {}
        where = _parts_of_sheets(
            _text(parts, "xl/workbook.xml"), _text(parts, "xl/_rels/workbook.xml.rels")
        )
        return {sheet: _blind(_text(parts, part)) for sheet, part in where.items() if part in names}


def _parts_of_sheets(book: str, relations: str) -> dict[str, str]:
    targets = {
        _attribute(tag, "Id"): _attribute(tag, "Target") for tag in _RELATION.findall(relations)
    }
    found = {}
    for tag in _SHEET.findall(book):
        target = targets.get(_attribute(tag, "r:id"), "")
        found[_attribute(tag, "name")] = (
            target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        )
    return found


def _blind(sheet: str) -> dict[str, str]:
    found = {}
    for attributes, inside in _CELL.findall(sheet):
        error = _attribute(attributes, "t") == "e"
        formula = _FORMULA.search(inside)
        if error or (formula and not _SHOWN.search(inside)):
            shown = formula[1] if formula and formula[1] else re.sub("<[^>]+>", "", inside)
            found[_attribute(attributes, "r")] = "=" * bool(formula) + html.unescape(shown)
    return found


def _attribute(tag: str, name: str) -> str:
    found = re.search(rf'(?:^|\s){re.escape(name)}="([^"]*)"', tag)
    return html.unescape(found[1]) if found else ""


def _text(parts: zipfile.ZipFile, name: str) -> str:
    return parts.read(name).decode("utf-8", "replace")
