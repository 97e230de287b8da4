"""What a division code must look like, and how an official grid code is made of it.

Structure after GB/T 2260 (six digits) and GB/T 10114 (three for the township), and three more
for the community. Which codes exist changes every year and is never frozen here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

WIDTHS = (2, 4, 6, 9, 12)
_SECOND_DIGITS = ("12345", "123", "1234567", "123456", "01234", "12345", "1", "12")
PROVINCES = frozenset(f"{n}{d}" for n, digits in enumerate(_SECOND_DIGITS, 1) for d in digits)
#         from  to   kind
TOWNSHIP = (
    (1, 99, "street"),
    (100, 199, "town"),
    (200, 399, "township"),
    (400, 999, "special"),
)
COMMUNITY = (
    (1, 199, "community"),
    (200, 999, "village"),
)


class CodeError(ValueError):
    """A code that cannot be one. `why` is the stable name of the problem (places.toml)."""

    def __init__(self, code: str, why: str) -> None:
        super().__init__(f"{code!r}: {why}")
        self.code, self.why = code, why


def _segment(table: tuple[tuple[int, int, str], ...], digits: str) -> str | None:
    number = int(digits)
    return next((kind for low, high, kind in table if low <= number <= high), None)


def problem(code: str) -> str | None:
    """The name of what is wrong with the structure of a division code, or None.

    >>> problem("522601001001"), problem("522601001000"), problem("992601")
    (None, None, 'province')
    >>> problem("52260100"), problem("522601000001"), problem("520001"), problem("5226０1")
    ('length', 'township', 'gap', 'digits')
    """
    if not (code.isascii() and code.isdigit()):
        return "digits"
    if len(code) not in WIDTHS:
        return "length"
    if code[:2] not in PROVINCES:
        return "province"
    if code[2:4] == "00" and code[4:].strip("0"):
        return "gap"  # a county of zeros is none: some prefectures have streets and no counties
    if code[9:].strip("0") and not _segment(TOWNSHIP, code[6:9]):
        return "township"
    return None


def check(code: str) -> str:
    """The code itself if its structure is right; raises CodeError."""
    why = problem(code)
    if why:
        raise CodeError(code, why)
    return code


def township_kind(code: str) -> str | None:
    """street, town, township or special, read from digits 7–9; None above the townships.

    >>> township_kind("522601001"), township_kind("522601100203"), township_kind("522601")
    ('street', 'town', None)
    """
    return _segment(TOWNSHIP, check(code)[6:9]) if len(code) >= 9 else None


def community_kind(code: str) -> str | None:
    """community (from 001) or village (from 200), read from digits 10–12.

    >>> community_kind("522601001001"), community_kind("522601100203")
    ('community', 'village')
    """
    return _segment(COMMUNITY, check(code)[9:12]) if len(code) == 12 else None


_PART = re.compile(r"\{([a-z_]+):(\d+)\}")


@dataclass(frozen=True)
class GridPattern:
    """The shape of official grid codes in one city: named parts of fixed width, and literals.

    >>> g = GridPattern()
    >>> g.width, g.make(community="522601001001", seq=7)
    (15, '522601001001007')
    >>> g.parse("522601001001007")
    {'community': '522601001001', 'seq': '007'}
    >>> GridPattern("{community:12}{kind:1}{seq:3}").make(community="3" * 12, kind=2, seq=14)
    '3333333333332014'
    """

    pattern: str = "{community:12}{seq:3}"

    def __post_init__(self) -> None:
        names = [name for name, _ in self.parts]
        if not names or len(set(names)) != len(names):
            raise ValueError(f"{self.pattern!r}: wants parts like {{community:12}}, each once")
        if re.search(r"[{}]", _PART.sub("", self.pattern)):
            raise ValueError(f"{self.pattern!r}: a brace that is no part of {{name:width}}")

    @cached_property
    def parts(self) -> list[tuple[str, int]]:
        """Name and width of each part, in order."""
        return [(name, int(width)) for name, width in _PART.findall(self.pattern)]

    @cached_property
    def width(self) -> int:
        """Digits of a whole code."""
        return len(_PART.sub(lambda m: "0" * int(m[2]), self.pattern))

    @cached_property
    def _read(self) -> re.Pattern[str]:
        places = iter(_PART.split(self.pattern))
        text = re.escape(next(places))
        for name, width, literal in zip(places, places, places, strict=True):
            text += f"(?P<{name}>[0-9]{{{width}}}){re.escape(literal)}"
        return re.compile(text)

    def make(self, **parts: str | int) -> str:
        """A code from its parts; numbers are filled up with zeros. Raises CodeError."""
        wanted = dict(self.parts)
        if parts.keys() != wanted.keys():
            raise CodeError(str(parts), f"wants {', '.join(wanted)}")

        def put(found: re.Match[str]) -> str:
            text = str(parts[found[1]]).zfill(int(found[2]))
            if len(text) != int(found[2]) or not (text.isascii() and text.isdigit()):
                raise CodeError(text, "grid")
            return text

        return _PART.sub(put, self.pattern)

    def parse(self, code: str) -> dict[str, str]:
        """The parts of a code; raises CodeError where it does not fit the pattern."""
        found = self._read.fullmatch(code)
        if not found:
            raise CodeError(code, "grid")
        return found.groupdict()
