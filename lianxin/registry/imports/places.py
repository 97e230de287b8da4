"""Finds the area a cell means, by code or by name, and what was probably meant if there is none."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable

from django.db.models import Q, QuerySet

from lianxin.core.place import path as paths
from lianxin.registry.imports.outcome import Problem
from lianxin.registry.models import Area

# Registers write the committee's name, people the community's.
OFFICIAL = (
    *("", "社区", "村", "居委会", "社区居委会", "居民委员会", "社区居民委员会"),
    *("村委会", "村民委员会"),
)
_ENDING = re.compile(
    r"(社区|村)?(居民委员会|居委会|村民委员会|村委会)$|(社区|村|街道|镇|乡|小区|网格)$"
)
NEAR = 3
POOL = 3000  # names compared when nothing contains the word
SUGGESTED = 100  # different wrong words of a sheet for which it is asked what was meant


class Places:
    """Look-ups within one import; `within` bounds names, which many towns share, and, unless it is
    not `strict`, what may be found by a code."""

    def __init__(self, within: str = "", strict: bool = True) -> None:
        self.within, self.strict = within, strict
        self.last = within  # the county of the last area found: where a slip is looked for first
        self.meant: dict[str, str] = {}

    def find(self, text: str, name: str, under: str = "", kinds: tuple[str, ...] = ()) -> Area:
        """The one live area meant. Problems: unknown_code, unknown_name, ambiguous_name,
        area_ended, elsewhere (a code of no place within)."""
        try:
            found = self._live(text, name, under, kinds)
        except Problem as problem:
            if problem.code.startswith("unknown") and (ended := self._ended(text)):
                told = {"name": ended.name, "until": ended.until}
                raise Problem("area_ended", name, **told) from problem
            raise
        if self.strict and not found.path.startswith(self.within):
            raise Problem("elsewhere", name, name=found.name)
        self.last = paths.county(found.path) or found.path
        return found

    def _live(self, text: str, name: str, under: str, kinds: tuple[str, ...]) -> Area:
        if is_code(text):
            return self._by_code(text, name)
        return self._by_name(text, name, under or self.within, kinds)

    def _ended(self, text: str) -> Area | None:
        """The last that was called so, or had this code, and is no more."""
        gone = Area.objects.filter(until__isnull=False, path__startswith=self.within)
        gone = gone.filter(Q(name=text) | Q(code=text) | Q(path=text) | Q(grid_code=text))
        return gone.order_by("-until", "path").first()

    def _by_code(self, code: str, name: str) -> Area:
        short = paths.trim(code) if code.isdigit() and len(code) <= 12 else code
        exact = Q(path=code) | Q(code=code) | Q(grid_code=code)
        for condition in (exact, Q(path=short) | Q(code=short)):
            found = Area.objects.live().filter(condition).order_by("path").first()
            if found:
                return found
        near = self._asked(code, lambda: self.near_code(code))
        raise Problem("unknown_code", name, code=code, near=near)

    def _by_name(self, text: str, name: str, under: str, kinds: tuple[str, ...]) -> Area:
        here = scope(under, kinds)
        found = list(here.filter(name=text).order_by("path")[: NEAR + 1])
        if not found:
            variants = [text + ending for ending in OFFICIAL]
            found = list(here.filter(name__in=variants).order_by("path")[: NEAR + 1])
        if len(found) == 1:
            return found[0]
        if found:
            raise Problem("ambiguous_name", name, name=text, among=shown(found))
        near = self._asked(f"{under} {text}", lambda: self.near_name(text, under, kinds))
        raise Problem("unknown_name", name, name=text, near=near)

    def _asked(self, words: str, ask: Callable[[], str]) -> str:
        """Once for each wrong word; a sheet of nothing but these would else be read for hours."""
        if words not in self.meant:
            if len(self.meant) >= SUGGESTED:
                return ""
            self.meant[words] = ask()
        return self.meant[words]

    def near_code(self, code: str) -> str:
        """Areas whose code begins the same and differs least."""
        for end in range(len(code) - 1, 1, -1):
            pool = list(scope(code[:end], ()).order_by("path")[:POOL])
            if pool:
                near = difflib.get_close_matches(code, [a.path for a in pool], NEAR, 0.75)
                return shown([a for a in pool if a.path in near])
        return ""

    def near_name(self, text: str, under: str, kinds: tuple[str, ...]) -> str:
        """Areas that contain the word people say, or are spelt alike, nearby first."""
        stem = _ENDING.sub("", text) or text
        for prefix in dict.fromkeys((under or self.last, under)):
            here = scope(prefix, kinds).order_by("path")
            pool = list(here.filter(name__contains=stem)[:POOL]) if len(stem) > 1 else []
            if not pool and prefix:
                pool = list(here[:POOL])
            near = difflib.get_close_matches(text, [a.name for a in pool], NEAR, 0.5)
            if near:
                return shown([a for a in pool if a.name in near][:NEAR])
        return ""


def shown(areas: list[Area]) -> str:
    """Names with their codes, as a report says them."""
    return "、".join(f"{a.name} {a.path}" for a in areas[:NEAR])


def scope(under: str, kinds: tuple[str, ...]) -> QuerySet[Area]:
    found = Area.objects.live().filter(path__startswith=under)
    return found.filter(kind__in=kinds) if kinds else found


def is_code(text: str) -> bool:
    return bool(re.fullmatch(r"[A-Z]?[0-9]{2,18}", text))
