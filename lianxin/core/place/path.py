"""Every area has a path of fixed-width digits, and what holds what is a prefix.

Digits: 2 province, 4 prefecture, 6 county, 9 street, 12 community, 15 quarter, 18 grid. A segment
`000` says that this level is missing there. Parks and zones stand on a second path: a letter, the
six digits of the county, and three digits for each step down.
"""

from __future__ import annotations

from lianxin.core.place.code import CodeError

LEVELS = {
    "province": 2,
    "prefecture": 4,
    "county": 6,
    "street": 9,
    "community": 12,
    "quarter": 15,
    "grid": 18,
}
LETTERS = {"P": "park", "Z": "zone"}
MISSING = "000"
_LEVEL_OF = {digits: level for level, digits in LEVELS.items()}


class PathError(ValueError):
    """The text is not a path; the message says which part is wrong."""


def second(path: str) -> bool:
    """Whether the path is one of a park or a zone.

    >>> second("P370113001"), second("370113")
    (True, False)
    """
    return path[:1].isalpha()


def check(path: str) -> str:
    """The path itself, if it is one; raises PathError.

    >>> check("522601001001000004")
    '522601001001000004'
    >>> check("522601001001000")
    Traceback (most recent call last):
    lianxin.core.place.path.PathError: 522601001001000: ends in a missing level
    """
    digits = path[1:] if second(path) else path
    if not (digits.isascii() and digits.isdigit()):
        raise PathError(f"{path!r}: digits only, after at most one letter")
    if second(path):
        if path[0] not in LETTERS or len(digits) < 9 or len(digits) % 3:
            raise PathError(f"{path}: {'/'.join(LETTERS)}, six digits of the county, then threes")
    elif len(digits) not in _LEVEL_OF:
        raise PathError(f"{path}: {len(digits)} digits, not one of {sorted(_LEVEL_OF)}")
    if _ends_missing(path):
        raise PathError(f"{path}: ends in a missing level")
    return path


def level(path: str) -> str:
    """The kind of area a path names.

    >>> level("522601"), level("522601001001000004"), level("P370113001")
    ('county', 'grid', 'park')
    """
    if second(path):
        return LETTERS[path[0]]
    return _LEVEL_OF[len(path)]


def ancestors(path: str) -> list[str]:
    """The paths above, outermost first; missing levels are left out.

    >>> ancestors("522601001001000004")
    ['52', '5226', '522601', '522601001', '522601001001']
    >>> ancestors("P370113001002"), ancestors("441900003")
    (['P370113001'], ['44', '4419'])
    """
    ends = range(10, len(path), 3) if second(path) else LEVELS.values()
    above = [path[:end] for end in ends if end < len(path)]
    return [p for p in above if not _ends_missing(p)]


def parent(path: str) -> str | None:
    """The nearest area above that exists, or None at the top.

    >>> parent("522601001001000004"), parent("52")
    ('522601001001', None)
    """
    above = ancestors(path)
    return above[-1] if above else None


def contains(prefix: str, path: str) -> bool:
    """Whether the area `path` is `prefix` or lies in it; the empty prefix holds everything.

    >>> contains("5226", "522601001"), contains("522601", "522602"), contains("", "52")
    (True, False, True)
    """
    return path.startswith(prefix)


def cut(path: str, to: str) -> str | None:
    """The prefix at a level, for roll-ups; None where the path is shorter or a park's.

    >>> cut("522601001001000004", "county"), cut("5226", "county")
    ('522601', None)
    """
    end = LEVELS[to]
    return None if second(path) or len(path) < end else path[:end]


def county(path: str) -> str | None:
    """The county a path lies in, for both kinds of path; None above the counties.

    >>> county("P370113001"), county("522601001"), county("52")
    ('370113', '522601', None)
    """
    digits = path[1:] if second(path) else path
    return digits[:6] if len(digits) >= 6 else None


def span(prefix: str) -> tuple[str, str]:
    """Half-open bounds for one index scan under the C collation: low <= path < high.

    >>> span("522601"), span("5229")
    (('522601', '522602'), ('5229', '522:'))
    """
    if not prefix:
        return "", "\x7f"
    return prefix, prefix[:-1] + chr(ord(prefix[-1]) + 1)


def build(code: str, quarter: int = 0, grid: int = 0) -> str:
    """A path from a division code, a quarter's number and a grid's number (0: none).

    Zeros that fill up an official code of twelve digits are taken off first.

    >>> build("522601000000"), build("522601001001", 3), build("522601001001", 0, 4)
    ('522601', '522601001001003', '522601001001000004')
    """
    path = trim(code)
    if not quarter and not grid:
        return check(path)
    if len(path) != LEVELS["community"]:
        raise PathError(f"{code}: quarters and grids stand under a community of twelve digits")
    path += _three(quarter)
    return check(path + _three(grid) if grid else path)


def trim(code: str) -> str:
    """An official code without the zeros that stand for lower levels.

    >>> trim("520000"), trim("522600000000"), trim("522601001000")
    ('52', '5226', '522601001')
    """
    if not (code.isascii() and code.isdigit()) or len(code) > 12:
        raise CodeError(code, "digits")
    while len(code) > 6 and code.endswith(MISSING):
        code = code[:-3]
    while len(code) in (4, 6) and code.endswith("00"):
        code = code[:-2]
    return code


def park(county: str, number: int, *parts: int, letter: str = "P") -> str:
    """A path of the second kind: a park (P) or zone (Z) of a county, and what lies in it.

    >>> park("370113", 1), park("370113", 1, 2), park("522601", 1, letter="Z")
    ('P370113001', 'P370113001002', 'Z522601001')
    """
    return check(letter + county + "".join(_three(n) for n in (number, *parts)))


def _ends_missing(path: str) -> bool:
    """Whether the last level is one of zeros; a prefecture without counties has `00` for them."""
    return path.endswith(MISSING if len(path) > 6 else "00")


def _three(number: int) -> str:
    if not 0 <= number <= 999:
        raise PathError(f"{number}: a segment has three digits")
    return f"{number:03d}"
