"""Finds the line on which a key of a page stands, since `tomllib` keeps none.

The grammar's own rule makes this possible: one part = one line, or one table of its own.
"""

from __future__ import annotations

import re

_HEADER = re.compile(r"\s*\[+([^\]]+)\]+")
_KEY = re.compile(r"\s*([\w.\"'-]+)\s*=")


class Lines:
    """Every dotted key of a text with the line it stands on.

    >>> Lines('[steps]\\nfile = { to = "filed" }\\n[steps.rate]\\nby = "filer"').of("steps.file.to")
    2
    >>> Lines('[steps]\\nfile = { to = "filed" }\\n[steps.rate]\\nby = "filer"').of("steps.rate.by")
    4
    """

    def __init__(self, text: str) -> None:
        self._at: dict[str, int] = {}
        table = ""
        for number, row in enumerate(text.splitlines(), 1):
            if header := _HEADER.match(row):
                table = _bare(header[1])
                self._at.setdefault(table, number)
            elif key := _KEY.match(row):
                name = _bare(key[1])
                self._at.setdefault(f"{table}.{name}" if table else name, number)

    def of(self, key: str) -> int:
        """The line of the key, else of the nearest part that holds it, else 1."""
        while key and key not in self._at:
            key = key.rpartition(".")[0]
        return self._at.get(key, 1)


def _bare(key: str) -> str:
    return re.sub(r"[\"'\s]", "", key)
