"""Opens a file and gives its sheets as rows of values, merged cells filled with what they show."""

from __future__ import annotations

import csv
import io
import zipfile
import zlib
from dataclasses import dataclass, field
from typing import Any

from lianxin.registry.sheets.apart import read_apart
from lianxin.registry.sheets.calamine import read_book
from lianxin.registry.sheets.finding import Finding, Odd
from lianxin.registry.sheets.zipped import (
    MAX_BYTES,
    MAX_CELLS,
    MAX_ROWS,
    blind_cells,
    check_extent,
    heavy,
    packed,
    unpacked,
)

Value = Any  # str, float, int, bool, date, datetime, time, timedelta; "" = nothing there
UTF16 = (b"\xff\xfe", b"\xfe\xff")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # how files of the old Office begin
SEALED = "EncryptedPackage".encode("utf-16-le")  # within them, an XLSX behind a password
BROKEN = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError)


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
    """All visible sheets. Raises Odd: not_a_table, locked, too_large, too_heavy, encoding.

    An XLSX is measured first and read here; older kinds cannot be measured, and are read where
    they can do no harm.
    """
    if len(data) > MAX_BYTES:
        raise heavy()
    if file_name.lower().endswith((".csv", ".txt", ".tsv")):
        return [Sheet("", read_csv(data), merges=False)], []
    try:
        parts = unpacked(data)
    except BROKEN as broken:
        raise Odd("not_a_table", why=str(broken)) from broken
    if data.startswith(OLE) and SEALED in data:
        raise Odd("locked")
    if parts is None:
        found, blind = read_apart(data), {}
    else:
        check_extent(parts)
        found, blind = read_book(packed(parts)), blind_cells(parts)
    sheets = [Sheet(name, rows, True, blind.get(name, {})) for name, rows in found.sheets]
    return sheets, [Finding("hidden_sheet", name, level="note") for name in found.hidden]


def read_csv(data: bytes) -> list[list[Value]]:
    """Rows of text, split at whichever of comma, tab, semicolon the first lines use most."""
    text = decode(data)
    head = text[:4096]
    separator = max(",\t;，", key=head.count)
    rows: list[list[Value]] = []
    cells = 0
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
            rows.append([*row])
            cells += len(row)
            if len(rows) > MAX_ROWS or cells > MAX_CELLS:
                raise Odd("too_large", rows=len(rows), columns=max(map(len, rows)))
    except csv.Error as wrong:
        raise Odd("not_a_table", why=str(wrong)) from wrong
    return rows


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
