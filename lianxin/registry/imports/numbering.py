"""Gives a new quarter, grid, park or zone the next free number under what it stands in."""

from __future__ import annotations

from django.db.models import Max
from django.db.models.functions import Length

from lianxin.core.flow.page import Words
from lianxin.core.place import path as paths
from lianxin.registry.imports.outcome import Problem
from lianxin.registry.models import Area, AreaKind

LAST = 999
STEP = 3
HOLDERS = {
    "quarter": ("community",),
    "grid": ("community", "quarter"),
    "park": ("county", "park"),
    "zone": ("county", "zone"),
}


def next_path(parent: Area, kind: str, official: str = "") -> str:
    """The path of a new area in `parent`. Numbers of closed areas are never given again.

    A grid takes the last digits of its official code where they are free.
    Problems: wrong_parent (a street holds no grid), full (999 are there).
    """
    if parent.kind_id not in HOLDERS.get(kind, ()):
        raise Problem("wrong_parent", "parent", parent=parent.name, kind=_words(kind))
    Area.objects.select_for_update().get(pk=parent.pk)  # two imports do not take one number
    prefix = _prefix(parent, kind)
    wished = prefix + official[-STEP:]
    free = official and not wished.endswith(paths.MISSING)
    if free and not Area.objects.filter(path=wished).exists():
        return wished
    siblings = Area.objects.annotate(digits=Length("path")).filter(
        path__startswith=prefix, digits=len(prefix) + STEP
    )
    last = siblings.aggregate(last=Max("path"))["last"]
    number = int(last[-STEP:]) + 1 if last else 1
    if number > LAST:
        raise Problem("full", "parent", parent=parent.name)
    return f"{prefix}{number:03d}"


def _words(kind: str) -> Words:
    row = AreaKind.objects.get(pk=kind)
    return Words(row.zh, row.en)


def _prefix(parent: Area, kind: str) -> str:
    if kind == "grid" and parent.kind_id == "community":
        return parent.path + paths.MISSING
    letters = {word: letter for letter, word in paths.LETTERS.items()}
    if kind in letters and parent.kind_id == "county":
        return letters[kind] + parent.path
    return parent.path
