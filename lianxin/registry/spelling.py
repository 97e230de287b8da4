"""The initials of a name as it may be read: 单雪梅 is found by sxm and by dxm."""

from __future__ import annotations

import os
import re
import tomllib
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache

from lianxin.registry.tables import text_of

MOST = 8  # ways to read one name that are kept
EACH = 2  # ways to read one character of it
LONGEST = 120  # letters of the column
PARTS = re.compile(r"[A-Za-z][A-Za-z']*|[\u3400-\u9fff\U00020000-\U000323af]")

Choices = tuple[str, ...]  # initials, the likeliest first


def spelt(name: str) -> str:
    """A space before each way to read it, the likeliest first, so that " sx" finds a beginning.

    >>> spelt("李梅"), spelt("Anna Müller"), spelt("·")
    (' lm', ' am', '')
    """
    found = [("", 0)]
    for choices in heard(plain(name)):
        longer = ((so + c, rank + n) for so, rank in found for n, c in enumerate(choices))
        found = sorted(longer, key=lambda one: one[1])[:MOST]
    said = ""
    for way in dict.fromkeys(way for way, _ in found if way):
        if len(said) + len(way) < LONGEST:
            said += f" {way}"
    return said


def begins(typed: str) -> str:
    """What `spelt` contains where a name begins with these initials; "" for what are none.

    >>> begins("SX"), begins("雪"), begins("s x")
    (' sx', '', '')
    """
    letters = unicodedata.normalize("NFKC", typed).lower()
    return f" {letters}" if letters.isascii() and letters.isalpha() else ""


def plain(name: str) -> str:
    """Without what hangs on letters."""
    apart = unicodedata.normalize("NFKD", name)
    return "".join(c for c in apart if unicodedata.category(c) != "Mn")


def heard(name: str) -> Iterator[Choices]:
    """The initials of each part in turn. A surname is read as its table says."""
    surname = next((s for s in (name[:2], name[:1]) if s in surnames()), "")
    if surname:
        yield surnames()[surname]
    for part in PARTS.findall(name[len(surname) :]):
        if choices := (part[0].lower(),) if part.isascii() else readings(part):
            yield choices


def surnames() -> dict[str, Choices]:
    return _surnames(text_of("surnames.toml"))


@cache
def _surnames(text: str) -> dict[str, Choices]:
    """["yu chi", "wei chi"] → ("yc", "wc")."""
    rows = tomllib.loads(text)["surnames"]
    said = {name: ["".join(word[0] for word in way.split()) for way in ways]
            for name, ways in rows.items()}  # fmt: skip
    return {name: tuple(dict.fromkeys(ways)) for name, ways in said.items()}


@lru_cache(maxsize=20_000)
def readings(character: str) -> Choices:
    """The first letters by which a character is read, none for one that nobody reads."""
    # Read when a name is first spelt, and without its 47,000 phrases: no page that only shows
    # names pays for it.
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "1")
    os.environ.setdefault("PYPINYIN_NO_DICT_COPY", "1")
    from pypinyin import Style, pinyin

    found = pinyin(character, style=Style.NORMAL, heteronym=True, errors="ignore")
    letters = [way[0].lower() for ways in found for way in ways if way[:1].isascii()]
    return tuple(dict.fromkeys(filter(str.isalpha, letters)))[:EACH]
