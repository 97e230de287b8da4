"""Drawn once for all who would see the same; what is one reader's own is put in afterwards.

Where that goes the drawing has a mark. Marks are chosen anew by each process, so that no text that
people write can hold one.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Mapping

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

TOKEN, HERE, NAME, KEY = (f"\ue000{secrets.token_hex(8)}{n}\ue001" for n in range(4))
MARKS = re.compile(f"({TOKEN}|{HERE}|{NAME}|{KEY})")
Own = Mapping[str, str | Callable[[], str]]


def cut(html: str) -> tuple[str, ...]:
    """A drawing in pieces, each mark a piece of its own."""
    return tuple(MARKS.split(html))


def filled(pieces: tuple[str, ...], own: Own) -> SafeString:
    """Put together for one reader. What is asked for (a callable) is asked anew at each mark."""
    return mark_safe("".join(said(own[p]) if p in own else p for p in pieces))


def said(value: str | Callable[[], str]) -> str:
    return conditional_escape(value() if callable(value) else value)
