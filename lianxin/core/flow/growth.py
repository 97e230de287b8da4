"""What a page that is in use may become: more, and never otherwise.

Orders finish on the rules they began with. A new step, a field, a party, one more optional question
or word, a question that need not be answered any more: these take nothing from them, so a page may
grow by them while orders run under it. Whatever else stands there stays: limits most of all, since
a new one would begin to run on old orders.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from typing import Any

GROWING = ("parties", "fields", "states", "children", "steps")  # tables that may gain rows
MORE = ("asks", "casts", "then")  # keys of a step that may gain entries
WORDS = ("zh", "en")


def changed(old: str, new: str) -> list[str]:
    """What the newer text of a page takes away from the older or says otherwise, as places in it.

    >>> old = '[steps]\\nfile = { to = "filed", asks = ["text"] }'
    >>> changed(old, old.replace('"text"', '"text", "photo?"') + '\\nvisit = { asks = "text" }')
    []
    >>> changed(old, old.replace('"text"', '"text", "photo"'))
    ['steps.file.asks']
    """
    was, now = tomllib.loads(old), tomllib.loads(new)
    return [place for name in {**was, **now} for place in _differs(name, was, now)]


def _differs(name: str, was: dict[str, Any], now: dict[str, Any]) -> Iterator[str]:
    before, after = was.get(name), now.get(name)
    if name not in GROWING or not isinstance(after, dict):
        if _plain(before) != _plain(after):
            yield name
        return
    for part, row in (before or {}).items():
        if part not in after:
            yield f"{name}.{part}"
            continue
        for key in sorted({**row, **after[part]}):
            if not _stays(name, key, row.get(key), after[part].get(key)):
                yield f"{name}.{part}.{key}"


def _stays(table: str, key: str, before: Any, after: Any) -> bool:
    if key in WORDS or _plain(before) == _plain(after):
        return True
    if table != "steps" or key not in MORE:
        return False
    old, new = _many(before), _many(after)
    if key == "asks":
        new = _as_before(old, new)
    more = [entry for entry in new if entry not in old]
    kept = [entry for entry in new if entry in old] == old
    return kept and (key != "asks" or all(entry.endswith("?") for entry in more))


def _as_before(old: list[Any], new: list[Any]) -> list[Any]:
    """The questions, one that need not be answered any more as it stood: nobody loses by that."""
    plain = {entry.removesuffix("?") for entry in old if entry not in new}
    asked = [(entry, entry.removesuffix("?")) for entry in new]
    return [bare if bare in plain and bare in old else entry for entry, bare in asked]


def _many(value: Any) -> list[Any]:
    return [] if value is None else value if isinstance(value, list) else [value]


def _plain(value: Any) -> Any:
    """Without its words, which may be bettered at any time."""
    if isinstance(value, dict):
        return {key: _plain(x) for key, x in value.items() if key not in WORDS}
    return [_plain(x) for x in value] if isinstance(value, list) else value
