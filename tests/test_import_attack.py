"""Sheets that mean harm: small files that unpack into gigabytes, cells at the end of the world."""

from __future__ import annotations

import io
import re
import resource
import struct
import zipfile
import zlib
from itertools import pairwise

import openpyxl
import pytest

from lianxin.core.flow.page import Words
from lianxin.registry.sheets import apart
from lianxin.registry.sheets.columns import Column
from lianxin.registry.sheets.table import Table, read_table
from lianxin.registry.sheets.zipped import MAX_BYTES, MAX_CELLS

COLUMNS = (Column("name", Words("姓名", "Name"), required=True),)
SHEET = "xl/worksheets/sheet1.xml"
MB = 2**20
ROOM = 500 * MB  # what reading anything may take beside what was there


def parts() -> dict[str, bytes]:
    book = openpyxl.Workbook()
    for row in (["姓名", "电话"], ["李雪", "1"], ["王强", "2"]):
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    with zipfile.ZipFile(file) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def pack(found: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in found.items():
            archive.writestr(name, data)
    return file.getvalue()


def with_rows(rows: str, before: str = "", after: str = "") -> bytes:
    """A good sheet with these rows behind its own, and words before and behind its data."""
    found = parts()
    sheet = found[SHEET].decode().replace("</sheetData>", f"{rows}</sheetData>{after}")
    return pack(found | {SHEET: (before + sheet).encode()})


def cell(place: str, more: str = "") -> str:
    row = re.sub("[A-Z]", "", place)
    return f'<row r="{row}"><c{more} r="{place}" t="inlineStr"><is><t>x</t></is></c></row>'


def zeros(many: int) -> bytes:
    """So many spaces, packed as tightly as they can be, without ever having them all."""
    squeeze = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = b" " * MB
    return b"".join(squeeze.compress(block) for _ in range(many // MB)) + squeeze.flush()


def lying(many: int, says: int) -> bytes:
    """An XLSX whose sheet unpacks into `many` bytes and says that it has `says`."""
    found = parts()
    good = pack({name: data for name, data in found.items() if name != SHEET})
    name, body = SHEET.encode(), zeros(many)
    crc = zlib.crc32(b" " * min(says, MB))  # right where it matters: for the short lie
    central = good.index(b"PK\x01\x02")
    end = good.rindex(b"PK\x05\x06")
    head = struct.pack("<HHHHHIIIHH", 20, 0, 8, 0, 33, crc, len(body), says, len(name), 0)
    local = b"PK\x03\x04" + head + name + body
    entry = b"PK\x01\x02" + struct.pack("<H", 20) + head + struct.pack(
        "<HHHII", 0, 0, 0, 0, central
    )  # fmt: skip
    entries = good[central:end] + entry + name
    count = len(found)
    tail = struct.pack("<HHHHIIH", 0, 0, count, count, len(entries), central + len(local), 0)
    return good[:central] + local + entries + b"PK\x05\x06" + tail


def claiming(size: str) -> bytes:
    found = parts()
    sheet = re.sub(rb'ref="[^"]*"', f'ref="{size}"'.encode(), found[SHEET], count=1)
    assert size.encode() in sheet
    return pack(found | {SHEET: sheet})


def entities() -> str:
    names = "abcdefghij"
    lines = [f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in pairwise(names)]
    return f'<!DOCTYPE x [<!ENTITY a "{"x" * 10}">{"".join(lines)}]>'


def compound(name: str) -> bytes:
    """An OLE file of one empty stream: what Office makes of a workbook with a password."""
    free, end = 0xFFFFFFFF, 0xFFFFFFFE

    def entry(called: str, kind: int, child: int) -> bytes:
        text = called.encode("utf-16-le")
        return (text.ljust(64, b"\0") + struct.pack("<HBBIII", len(text) + 2, kind, 1, free, free,
                child) + bytes(36) + struct.pack("<IQ", end, 0))  # fmt: skip

    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack(
        "<HHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, end, 0, end, 0
    )  # fmt: skip
    head += struct.pack("<109I", 0, *[free] * 108)
    table = struct.pack("<128I", 0xFFFFFFFD, end, *[free] * 126)
    rows = entry("Root Entry", 5, 1) + entry(name, 2, free) + bytes(256)
    return head + table + rows


def locked_part() -> bytes:
    """A zip whose parts are encrypted, by the flag in their headers."""
    data = bytearray(pack(parts()))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        for found in re.finditer(re.escape(mark), bytes(data)):
            data[found.start() + at] |= 1
    return bytes(data)


def tall(merges: int) -> bytes:
    """A column of 190,000 cells, merged from top to bottom again and again."""
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in range(4, 190_001))
    merged = '<mergeCell ref="A1:A190000"/>' * merges
    return with_rows(rows, after=f"<mergeCells>{merged}</mergeCells>")


HIDING = """ a=">" b=' r="A1"'"""
STRAY = '<mergeCells><mergeCell ref="XFC1:XFD9"/></mergeCells>'
NOWHERE = "<row/>" * 150_000 + "<row>" + "<c/>" * 400 + "<c><v>1</v></c></row>"
PREFIXED = cell("XFD1048576").replace("<c", "<x:c").replace("/c>", "/x:c>")
CLIMBING = {"../../evil.xml": b"<x/>", "/etc/evil.xml": b"<x/>"}
ENDLESS = {f"xl/{n}.xml": b"" for n in range(3_000)}
ATTACKS = {
    "three gigabytes of nothing": (lambda: lying(64 * MB, 0xB0000000), "too_heavy"),
    "a quarter of a gigabyte that says it is ten bytes": (lambda: lying(256 * MB, 10), ""),
    "one cell of a quarter of a gigabyte": (
        lambda: pack(parts() | {SHEET: b"<c>" + b"a" * 256 * MB}), "too_heavy"),
    "a cell in the last corner": (lambda: with_rows(cell("XFD1048576")), "too_large"),
    "a cell beyond the last corner": (lambda: with_rows(cell("ZZZZZZZ99999999999")), "too_large"),
    "a hundred million cells": (lambda: with_rows(cell("SF190000")), "too_large"),
    "a corner hidden by quotes": (lambda: with_rows(cell("XFD1048576", HIDING)), "too_large"),
    "a corner behind another name": (lambda: with_rows(PREFIXED), "too_large"),
    "rows and cells that do not say where": (lambda: with_rows(NOWHERE), "too_large"),
    "a sheet that claims all there is": (lambda: claiming("A1:XFD1048576"), ""),
    "entities in entities": (lambda: with_rows("", entities()), "not_a_table"),
    "a merge beyond the table": (lambda: with_rows("", after=STRAY), ""),
    "merges over merges": (lambda: tall(1_000), "too_large"),
    "names that climb out of the folder": (lambda: pack(parts() | CLIMBING), ""),
    "parts without end": (lambda: pack(parts() | ENDLESS), "too_heavy"),
    "encrypted parts": (locked_part, "locked"),
    "a workbook with a password": (lambda: compound("EncryptedPackage"), "locked"),
    "an OLE file of something else": (lambda: compound("WordDocument"), "not_a_table"),
}  # fmt: skip


@pytest.mark.parametrize("name", ATTACKS)
def test_it_is_said_in_a_sentence_and_takes_no_memory(name: str) -> None:
    make, code = ATTACKS[name]
    data = make()
    with roof():
        table = read_table(data, "名单.xlsx", COLUMNS)
    assert [f.code for f in table.errors] == ([code] if code else said(table)), table.findings


def said(table: Table) -> list[str]:
    """Harmless ones are read for what they are: a good table, or none."""
    good = [row.values["name"] for row in table.rows[:2]] == ["李雪", "王强"]
    return [] if good else ["not_a_table"]


class roof:
    """No more memory than there is now and `ROOM`: what wants more gets a MemoryError."""

    def __enter__(self) -> None:
        self.was = resource.getrlimit(resource.RLIMIT_AS)
        with open("/proc/self/statm") as pages:
            now = int(pages.read().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (now + ROOM, self.was[1]))

    def __exit__(self, *_: object) -> None:
        resource.setrlimit(resource.RLIMIT_AS, self.was)


def ods(repeat: str) -> bytes:
    """A table of LibreOffice whose last cell stands far away, by repetition."""
    space = 'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"' \
        ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"' \
        ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'  # fmt: skip

    def shown(text: str) -> str:
        return ('<table:table-cell office:value-type="string"><text:p>'
                f"{text}</text:p></table:table-cell>")  # fmt: skip

    rows = "".join(
        f"<table:table-row>{shown(t)}</table:table-row>" for t in ("姓名", "李雪", "王强")
    )
    content = (f"<office:document-content {space}><office:body><office:spreadsheet>"
               f'<table:table table:name="x">{rows}{repeat}</table:table>'
               "</office:spreadsheet></office:body></office:document-content>")  # fmt: skip
    kind = b"application/vnd.oasis.opendocument.spreadsheet"
    return pack({
        "mimetype": kind, "META-INF/manifest.xml": b"<manifest/>", "content.xml": content.encode(),
    })  # fmt: skip


def test_a_table_of_libreoffice_is_read_apart() -> None:
    table = read_table(ods(""), "名单.ods", COLUMNS)
    assert [row.values["name"] for row in table.rows] == ["李雪", "王强"]


def test_an_old_kind_of_file_that_wants_the_whole_memory_does_not_get_it() -> None:
    cells = ('<table:table-row table:number-rows-repeated="190000"><table:table-cell'
             ' table:number-columns-repeated="490" office:value-type="string"><text:p>x</text:p>'
             "</table:table-cell></table:table-row>")  # fmt: skip
    table = read_table(ods(cells), "名单.ods", COLUMNS)
    assert [f.code for f in table.errors] == ["too_heavy"]


def test_a_file_that_is_never_read_to_its_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "AT_MOST_S", 0.001)
    assert [f.code for f in read_table(ods(""), "x.ods", COLUMNS).errors] == ["too_heavy"]


@pytest.mark.parametrize("name", ["名单.xls", "名单.xlsx", "名单"])
def test_the_name_of_a_file_does_not_matter(name: str) -> None:
    assert len(read_table(pack(parts()), name, COLUMNS).rows) == 2


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ("姓名\n李雪".encode("utf-16-le"), "encoding"),
        (pack({"x": b""}), "encoding"),
        (b"," * (MAX_CELLS + 1), "too_large"),
        ("姓名\n".encode() + b"\n" * 200_001, "too_large"),
        (b'"' + b"x" * 200_000, "not_a_table"),
        (b" " * (MAX_BYTES + 1), "too_heavy"),
    ],
    ids=["UTF-16 without a mark", "a zip", "commas", "lines", "one long word", "too many bytes"],
)
def test_a_csv_that_is_none(data: bytes, code: str) -> None:
    assert [f.code for f in read_table(data, "x.csv", COLUMNS).errors] == [code]
