"""The places that a large sheet names, found once for all its rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from django.db.models import Q

from lianxin.core.place import path as paths
from lianxin.registry.imports.outcome import Problem
from lianxin.registry.imports.places import OFFICIAL, SUGGESTED, Places, is_code, scope, shown
from lianxin.registry.models import Area

PART = 10_000  # values of one statement


class ManyPlaces(Places):
    """As Places finds them, with few statements; one that has ended is called by name."""

    def __init__(self, within: str, kinds: tuple[str, ...] = ()) -> None:
        super().__init__(within)
        self.kinds = kinds
        self.found: dict[str, list[Area]] = {}
        self.ended: dict[str, Area] = {}
        self.guesses = 0

    def look(self, said: Iterable[str]) -> None:
        """Everything that is named, by code or by name; what has ended only where nothing lives."""
        words = sorted({text for text in said if text})
        names, codes = [w for w in words if not is_code(w)], [w for w in words if is_code(w)]
        self._by_names(names)
        self._by_codes(codes)
        gone = [w for w in words if w not in self.found]
        for part in of_parts(gone):
            told = Q(name__in=part) | Q(path__in=part) | Q(code__in=part) | Q(grid_code__in=part)
            for area in Area.objects.filter(told, until__isnull=False).order_by("until"):
                for word in (area.name, area.path, area.code, area.grid_code):
                    self.ended[str(word)] = area

    def find(self, text: str, name: str, under: str = "", kinds: tuple[str, ...] = ()) -> Area:
        """Problems: unknown_code, unknown_name, ambiguous_name, elsewhere, refused.closed."""
        found = self.found.get(text, [])
        if len(found) == 1 and not found[0].path.startswith(self.within):
            raise Problem("elsewhere", name, name=found[0].name)
        if len(found) == 1:
            self.last = paths.county(found[0].path) or found[0].path
            return found[0]
        if found:
            raise Problem("ambiguous_name", name, name=text, among=shown(found))
        if text in self.ended:
            area = self.ended[text]
            raise Problem("refused.closed", name, name=area.name, until=area.until)
        raise self._unknown(text, name)

    def _unknown(self, text: str, name: str) -> Problem:
        self.guesses += 1
        near = self.guesses <= SUGGESTED
        if is_code(text):
            return Problem("unknown_code", name, code=text, near=near and self.near_code(text))
        meant = self.near_name(text, self.within, self.kinds) if near else ""
        return Problem("unknown_name", name, name=text, near=meant)

    def _by_names(self, names: Sequence[str]) -> None:
        """The name as it is written wins over the ways in which registers write it."""
        variants = {name + ending: name for ending in reversed(OFFICIAL) for name in names}
        official: dict[str, list[Area]] = {}
        for part in of_parts([*variants]):
            for area in scope(self.within, self.kinds).filter(name__in=part).order_by("path"):
                official.setdefault(area.name, []).append(area)
        for name in names:
            exact = official.get(name)
            among = [a for end in OFFICIAL for a in official.get(name + end, [])]
            if exact or among:
                self.found[name] = exact or sorted(among, key=lambda a: a.path)

    def _by_codes(self, codes: Sequence[str]) -> None:
        short = {code: paths.trim(code) if code.isdigit() and len(code) <= 12 else code
                 for code in codes}  # fmt: skip
        known: dict[str, Area] = {}
        for part in of_parts(sorted({*codes, *short.values()})):
            asked = Q(path__in=part) | Q(code__in=part) | Q(grid_code__in=part)
            for area in Area.objects.live().filter(asked).order_by("-path"):
                known |= {w: area for w in (area.grid_code, area.code, area.path) if w}
        for code in codes:
            if found := known.get(code) or known.get(short[code]):
                self.found[code] = [found]


def of_parts(values: Sequence[str]) -> Iterator[Sequence[str]]:
    return (values[at : at + PART] for at in range(0, len(values), PART))
