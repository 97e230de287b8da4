"""A request's first words as the title of its page."""

from __future__ import annotations

import re
from itertools import accumulate

TITLE = 40  # halves of a Chinese character: so much of the request stands as the page's title


def headline(words: str) -> str:
    """The first sentence, or as much of it as a title holds.

    >>> headline("路灯坏了好几天，晚上看不见路。请来看看。"), headline("灯" * 40)[-2:]
    ('路灯坏了好几天，晚上看不见路', '灯…')
    """
    first = re.split(r"[。！？!?；;\n]|\. ", words.strip(), maxsplit=1)[0]
    widths = accumulate(2 if ord(c) > 0x2E80 else 1 for c in first)
    fits = sum(width <= TITLE for width in widths)
    if fits >= len(first):
        return first
    cut = max(first.rfind(mark, 0, fits) for mark in "，,、 ")
    return f"{first[: cut if cut > fits // 2 else fits]}…"
