"""The bounds of codes sent to phones (params/phone_codes.toml), and which phones they go to."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import cache
from typing import Any

from lianxin.registry.tables import text_of

LONGEST = 40  # signs of a number as typed that are read
ABROAD = ("0086", "86")


def bound(name: str) -> int:
    return int(_rules(text_of("phone_codes.toml"))[name])


def message(what: str, lang: str, code: str) -> str:
    """What the phone is told, with its code."""
    row = _rules(text_of("phone_codes.toml"))["says"][what]
    return str(row[lang]).format(code=code, minutes=bound("minutes"))


def mobile(typed: str) -> str:
    """The digits of a phone that a message reaches, as one writes them here; "" for anything else.

    >>> [mobile(t) for t in ("138 0013 8000", "+86 138－0013－8000", "008613800138000")]
    ['13800138000', '13800138000', '13800138000']
    >>> [mobile(t) for t in ("１３８００１３８０００", "+44 7700 900123", "138001380001", "")]
    ['13800138000', '', '', '']
    """
    plain = unicodedata.normalize("NFKC", typed[:LONGEST])
    digits = "".join(c for c in plain if c in "0123456789")
    pattern = _rules(text_of("phone_codes.toml"))["phone"]
    for abroad in (*ABROAD, ""):
        rest = digits.removeprefix(abroad)
        if len(rest) + len(abroad) == len(digits) and re.fullmatch(pattern, rest):
            return rest
    return ""


@cache
def _rules(text: str) -> dict[str, Any]:
    """ValueError where a bound is none: a typing error must not open the tap."""
    rows = tomllib.loads(text)
    re.compile(rows["phone"])
    bounds = {name: n for name, n in rows.items() if name not in ("phone", "says")}
    if odd := [name for name, n in bounds.items() if not isinstance(n, int) or n < 1]:
        raise ValueError(f"phone_codes.toml: {', '.join(odd)} must be whole numbers, 1 at least")
    return rows
