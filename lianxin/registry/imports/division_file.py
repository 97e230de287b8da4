"""Reads a table of divisions: one code and one name a line, the level told by the other columns."""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lianxin.registry.sheets.finding import Odd
from lianxin.registry.sheets.workbook import decode

# The files as they are called, top down; the kind of area; the column that only it has.
LEVELS = (
    ("provinces", "province", "code"),
    ("cities", "prefecture", "provincecode"),
    ("areas", "county", "citycode"),
    ("streets", "street", "areacode"),
    ("villages", "community", "streetcode"),
)
KIND_OF = {name: kind for name, kind, _ in LEVELS}
MAX_BYTES = 200 * 2**20


@dataclass(frozen=True)
class DivisionFile:
    """One level. `rows` are line number (from 1, the header's), code, name."""

    name: str
    kind: str
    rows: list[tuple[int, str, str]]
    data: bytes

    def above(self, codes: frozenset[str]) -> DivisionFile:
        """The same file with only those rows."""
        kept = [row for row in self.rows if row[1] in codes]
        return DivisionFile(self.name, self.kind, kept, self.data)


def read_divisions(path: Path, level: str = "") -> DivisionFile:
    """`level`: villages, streets, areas, cities, provinces, or "" to tell by the header.

    Raises Odd: not_a_table, too_large, encoding, no_header.
    """
    data = path.read_bytes()
    lines = csv.reader(io.StringIO(decode(_unpacked(data)), newline=""))
    header = [cell.strip().lower().replace("_", "") for cell in next(lines, [])]
    if not {"code", "name"} <= set(header):
        raise Odd("no_header", wanted="code,name")
    kind = KIND_OF[level] if level else _kind(header)
    return DivisionFile(path.name, kind, list(_rows(lines, header)), data)


def parents_of(path: Path, file: DivisionFile) -> list[DivisionFile]:
    """The levels above, from files beside this one, top down; only what this file stands in.

    `villages_x.csv` prefers `streets_x.csv`. Raises FileNotFoundError naming what is missing.
    """
    kinds = [kind for _, kind, _ in LEVELS]
    own = LEVELS[kinds.index(file.kind)][0]
    found = []
    for name, kind, _ in LEVELS[: kinds.index(file.kind)]:
        beside = _beside(path, own, name)
        digits = {"province": 2, "prefecture": 4, "county": 6, "street": 9}[kind]
        needed = frozenset(code[:digits] for _, code, _ in file.rows)
        found.append(read_divisions(beside, name).above(needed))
    return found


def _beside(path: Path, own: str, name: str) -> Path:
    alike = path.name.replace(own, name).removesuffix(".gz")
    for candidate in (alike, f"{alike}.gz", f"{name}.csv", f"{name}.csv.gz"):
        if own in path.name or candidate.startswith(name):
            beside = path.with_name(candidate)
            if beside.exists() and beside != path:
                return beside
    raise FileNotFoundError(f"{name}.csv")


def _unpacked(data: bytes) -> bytes:
    if not data.startswith(b"\x1f\x8b"):
        return data
    try:
        with gzip.open(io.BytesIO(data)) as packed:
            plain = packed.read(MAX_BYTES + 1)
    except (OSError, EOFError, zlib.error) as broken:
        raise Odd("not_a_table", why=str(broken)) from broken
    if len(plain) > MAX_BYTES:
        raise Odd("too_heavy", most_mb=MAX_BYTES // 2**20)
    return plain


def _kind(header: list[str]) -> str:
    return next(kind for _, kind, mark in reversed(LEVELS) if mark in header)


def _rows(lines: Iterator[list[str]], header: list[str]) -> Iterator[tuple[int, str, str]]:
    code, name = header.index("code"), header.index("name")
    for number, line in enumerate(lines, start=2):
        if any(line):
            yield number, _cell(line, code), _cell(line, name)


def _cell(line: list[str], column: int) -> str:
    return line[column].strip() if column < len(line) else ""
