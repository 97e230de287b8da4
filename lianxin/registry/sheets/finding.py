"""A finding points at one cell and says what is wrong there, or what was put right in reading."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

Level = Literal["error", "note"]


@dataclass(frozen=True, slots=True)
class Finding:
    """`code` names rows of words/import.toml: `finding` (what) and `remedy` (what would be right).

    An error keeps its row out; a note says what the reader did with the cell. `row` counts from 1
    as the sheet does, 0 = the whole sheet; `cell` is like B7, or empty.
    """

    code: str
    sheet: str = ""
    row: int = 0
    cell: str = ""
    level: Level = "error"
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def where(self) -> str:
        """`Sheet1!B7`, or the row where there is no cell.

        >>> Finding("x", "名单", 7, "B7").where, Finding("x", "名单", 7).where
        ('名单!B7', '名单!7')
        """
        place = self.cell or (str(self.row) if self.row else "")
        return "!".join(part for part in (self.sheet, place) if part)


class Odd(ValueError):
    """A value that cannot be read: the code and facts of the finding it becomes."""

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code)
        self.code, self.facts = code, facts


def cell_name(row: int, column: int) -> str:
    """The name of a cell; row and column count from 0.

    >>> cell_name(6, 1), cell_name(0, 27)
    ('B7', 'AB1')
    """
    letters = ""
    number = column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row + 1}"
