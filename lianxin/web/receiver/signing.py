"""Who answers for a unit without account: a name of one line that does no harm, and a phone."""

from __future__ import annotations

import unicodedata

WHO, TEL = "_who", "_tel"  # no field of a page begins with a line
LONGEST = {WHO: 40, TEL: 30}
SIGNS = ("Cc", "Cf", "Cs", "Co", "Cn")
LETTERS = frozenset("\u200c\u200d")  # joiners that letters of some scripts need


def one_line(text: str) -> str:
    """A name as it may stand in a sentence: no line breaks, and no signs that turn the writing of
    whatever stands beside it.

    >>> one_line("  张\\u202e师傅\\n "), one_line("𠮷田"), one_line("نور")
    ('张师傅', '𠮷田', 'نور')
    """
    plain = " ".join(unicodedata.normalize("NFC", text).split())
    return "".join(c for c in plain if c in LETTERS or unicodedata.category(c) not in SIGNS).strip()
