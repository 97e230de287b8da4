"""Lets the layers above say which rows of the registry they use without pointing at them.

Foreign keys are found by themselves. An app that only notes an id (an event its post) adds a
function in its `AppConfig.ready`.
"""

from __future__ import annotations

from collections.abc import Callable

from django.db.models import QuerySet

from lianxin.registry.models import BatchRow

# Model label and the batch's rows of it (their `key` is the id) → key → what uses it.
Uses = Callable[[str, "QuerySet[BatchRow]"], dict[int, str]]
_known: list[Uses] = []


def also(uses: Uses) -> None:
    """Asks this too before an import is undone."""
    if uses not in _known:
        _known.append(uses)


def used_in(model: str, made: QuerySet[BatchRow]) -> dict[int, str]:
    """Rows in use according to all who were added."""
    found: dict[int, str] = {}
    for uses in _known:
        found |= uses(model, made)
    return found
