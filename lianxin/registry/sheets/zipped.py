"""Takes an XLSX apart before the table reader sees it: how large it really is, where its cells
claim to stand, and what the reader cannot tell from an empty cell.

Read by pattern, not by an XML parser: nothing in a file from outside gets expanded.
"""

from __future__ import annotations

import html
import io
import re
import zipfile

from lianxin.registry.sheets.finding import Odd

MAX_BYTES = 100 * 2**20  # of all parts together, unpacked
MAX_PARTS = 2_000
MAX_ROWS = 200_000
MAX_COLUMNS = 500
MAX_CELLS = 4_000_000  # rows × columns: the table reader keeps room for each of them
READ_AT_ONCE = 2**20
ENCRYPTED = 1  # a bit of the flags of a zipped part
BOOK, RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
_SHEET = re.compile(r"<(?:\w+:)?sheet\b[^<>]*>")
_RELATION = re.compile(r"<Relationship\b[^<>]*>")
_PLACE = re.compile(rb"""<(?:\w+:)?(row|c)\b|\sr\s*=\s*["']\s*([A-Za-z]*)(\d*)""")
_END = re.compile(rb"</c>")
_OPEN = re.compile(rb"<c\b([^<>]*[^/<>])>")
_FORMULA = re.compile(r"<f\b[^<>]*?(?:/>|>([^<]*)</f>)")
_SHOWN = re.compile(r"<v>[^<]|<t\b[^<>]*>[^<]")

Parts = dict[str, bytes]


def unpacked(data: bytes) -> Parts | None:
    """The XML parts of an XLSX, or None if it is something else.

    What is counted is what really comes out: a part may claim to be small.
    Raises Odd: too_heavy, locked, not_a_table; and what zipfile raises for a broken file.
    """
    if not zipfile.is_zipfile(io.BytesIO(data)):
        return None
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        wanted = [p for p in archive.infolist() if p.filename.endswith((".xml", ".rels"))]
        if not {BOOK, RELATIONS} <= {p.filename for p in wanted}:
            return None
        if len(wanted) > MAX_PARTS or sum(p.file_size for p in wanted) > MAX_BYTES:
            raise heavy()
        if any(p.flag_bits & ENCRYPTED for p in wanted):
            raise Odd("locked")
        parts: Parts = {}
        for part in wanted:
            room = MAX_BYTES - sum(map(len, parts.values()))
            parts[part.filename] = _inflated(archive, part, room)
    if any(b"<!ENTITY" in part for part in parts.values()):
        raise Odd("not_a_table", why="entities")
    return parts


def heavy() -> Odd:
    return Odd("too_heavy", most_mb=MAX_BYTES // 2**20)


def _inflated(archive: zipfile.ZipFile, part: zipfile.ZipInfo, room: int) -> bytes:
    found = bytearray()
    with archive.open(part) as packed:
        while chunk := packed.read(READ_AT_ONCE):
            found += chunk
            if len(found) > room:
                raise heavy()
    return bytes(found)


def packed(parts: Parts) -> bytes:
    """A file of just these parts: the table reader sees what was counted, and nothing else."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return file.getvalue()


# ── where cells claim to stand ───────────────────────────────────────────────────────────────────


def check_extent(parts: Parts) -> None:
    """Two cells in opposite corners make a table of billions. Raises Odd: too_large."""
    for part in parts.values():
        rows, columns = _extent(part) if b"sheetData" in part else (0, 0)
        if rows > MAX_ROWS or columns > MAX_COLUMNS or rows * columns > MAX_CELLS:
            raise Odd("too_large", rows=rows, columns=columns)


def _extent(part: bytes) -> tuple[int, int]:
    """Rows and columns that the cells of a sheet need, at most. A cell without a place stands
    behind the one before it, so rows and cells are counted too. Whatever looks like a place counts
    as one: the quotes of a tag cannot hide it."""
    row = column = last_column = 0
    for tag, letters, digits in (found.groups(b"") for found in _PLACE.finditer(part)):
        if tag == b"row":
            row, column = row + 1, 0
        else:
            column = max(column + (tag == b"c"), _column(letters))
        row, last_column = max(row, _number(digits)), max(last_column, column)
    return row, last_column


def _number(digits: bytes) -> int:
    return int(digits[:12] or b"0")  # so many rows are too many in any case


def _column(letters: bytes) -> int:
    """
    >>> _column(b"A"), _column(b"ab")
    (1, 28)
    """
    found = 0
    for letter in letters[:7].upper():
        found = found * 26 + letter - 64
    return found


# ── cells that look empty ────────────────────────────────────────────────────────────────────────


def blind_cells(parts: Parts) -> dict[str, dict[str, str]]:
    """Sheet name → cell name → its formula or error: never calculated, or calculated wrongly."""
    where = _parts_of_sheets(_text(parts[BOOK]), _text(parts[RELATIONS]))
    return {sheet: _blind(parts[part]) for sheet, part in where.items() if part in parts}


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


def _blind(sheet: bytes) -> dict[str, str]:
    found = {}
    for piece in _END.split(sheet):
        if b"<f" not in piece and b'"e"' not in piece:
            continue
        opened = [*_OPEN.finditer(piece)][-1:]
        for cell in opened:
            attributes, inside = _text(cell[1]), _text(piece[cell.end() :])
            if shown := _unseen(attributes, inside):
                found[_attribute(attributes, "r")] = shown
    return found


def _unseen(attributes: str, inside: str) -> str:
    """What stands in a cell that shows nothing, or an error; "" for any other."""
    formula = _FORMULA.search(inside)
    if _attribute(attributes, "t") != "e" and (not formula or _SHOWN.search(inside)):
        return ""
    shown = formula[1] if formula and formula[1] else re.sub("<[^<>]+>", "", inside)
    return "=" * bool(formula) + html.unescape(shown)


def _attribute(tag: str, name: str) -> str:
    found = re.search(rf'(?:^|\s){re.escape(name)}="([^"]*)"', tag)
    return html.unescape(found[1]) if found else ""


def _text(part: bytes) -> str:
    return part.decode("utf-8", "replace")
