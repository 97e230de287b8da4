"""Takes a row of an areas sheet: one area, or a grid with its quarter and community."""

from __future__ import annotations

import tomllib
from datetime import date
from typing import Literal

from lianxin.core.flow.page import Words
from lianxin.core.place import code as codes
from lianxin.core.place import path as paths
from lianxin.registry import actions
from lianxin.registry.actions import Stamp
from lianxin.registry.imports.numbering import next_path
from lianxin.registry.imports.outcome import Problem
from lianxin.registry.imports.places import Places
from lianxin.registry.models import Area, AreaKind
from lianxin.registry.sheets.finding import Finding
from lianxin.registry.sheets.table import Row
from lianxin.registry.tables import text_of

Verdict = Literal["made", "changed", "same"]
NAME = Words("名称", "Name")
ALSO = {
    "street": "街道 乡镇 镇 乡 镇街 township town",
    "community": "社区 村 行政村 居委会 村居 village",
    "quarter": "小区 居民小区 院落",
    "grid": "网格 基础网格",
    "county": "县 区 县区 县市区 市辖区",
    "prefecture": "市 州 地市 市州 地级市",
    "province": "省 自治区 直辖市",
    "park": "园区 开发区",
    "zone": "片区",
}


class TakeAreas:
    def __init__(self, stamp: Stamp, within: str, since: date) -> None:
        self.stamp, self.since = stamp, since
        self.places = Places(within)
        self.notes: list[Finding] = []
        self.seen: dict[str, tuple[str, int]] = {}
        self.words = {k.code: Words(k.zh, k.en) for k in AreaKind.objects.all()}
        self.kinds = _kinds(self.words)
        self.pattern = codes.GridPattern(_grid_pattern())

    def take(self, row: Row) -> Verdict:
        """Problems beside those of Places: not_enough, kind_unknown, wrong_code, wrong_kind,
        grid_code_elsewhere, grid_code_differs, row_again."""
        if row.get("community") or row.get("community_code"):
            return self._nested(row)
        if row.get("code"):
            return self._coded(row)
        return self._named(row)

    # --- one row an area

    def _coded(self, row: Row) -> Verdict:
        code: str = row.get("code")
        self._name(row)
        path = self._path(code)
        self._once(path, row, "code")
        kind = self._kind(row) or paths.level(path)
        if kind != paths.level(path):
            raise Problem(
                "wrong_kind",
                "kind",
                kind=self.words[kind],
                path=path,
                level=self.words[paths.level(path)],
            )
        found = Area.objects.live().filter(path=path).first()
        official = code if code.isdigit() and len(code) <= 12 else None
        known = self._renamed(row, found) if found else self._opened(row, kind, path, official)
        return self._office(row, path, known)

    def _path(self, code: str) -> str:
        if Area.objects.live().filter(path=code).exists():
            return code
        try:
            if code.isdigit() and len(code) <= 12:
                wrong = codes.problem(code)
                if wrong:
                    raise Problem("wrong_code", "code", code=code, why=wrong)
                code = paths.trim(code)
            return paths.check(code)
        except paths.PathError as odd:
            raise Problem("wrong_code", "code", code=code, why="length") from odd

    def _named(self, row: Row) -> Verdict:
        name, kind = self._name(row), self._kind(row)
        if not kind or not row.get("parent"):
            raise Problem("not_enough", "name", name=name)
        parent = self.places.find(row.get("parent"), "parent")
        found = Area.objects.live().under(parent.path).filter(kind=kind, name=name).first()
        self._once(f"{parent.path}/{kind}/{name}", row, "name")
        if found:
            return self._office(row, found.path, "same")
        path = next_path(parent, kind)
        return self._office(row, path, self._opened(row, kind, path, None))

    # --- one row a grid, with what it stands in

    def _nested(self, row: Row) -> Verdict:
        where = "community_code" if row.get("community_code") else "community"
        community = self.places.find(row.get(where), where, kinds=("community",))
        quarter, grid = row.get("quarter"), row.get("grid") or row.get("grid_code")
        self._once(f"{community.path}/{quarter}/{grid}", row, "grid" if grid else "quarter")
        if not quarter and not grid:
            raise Problem("not_enough", where, name=community.name)
        verdict, holder = self._quarter(row, community, quarter)
        return self._grid(row, community, holder, verdict) if grid else verdict

    def _quarter(self, row: Row, community: Area, name: str) -> tuple[Verdict, Area]:
        if not name:
            return "same", community
        within = Area.objects.live().under(community.path).filter(kind="quarter")
        found = within.filter(name=name).first()
        if found:
            return "same", found
        path = next_path(community, "quarter")
        return "made", self._open(row, "quarter", path, name)

    def _grid(self, row: Row, community: Area, holder: Area, verdict: Verdict) -> Verdict:
        official = self._grid_code(row, community)
        grids = Area.objects.live().under(holder.path).filter(kind="grid")
        name = row.get("grid") or official
        if official and (found := grids.filter(grid_code=official).first()):
            renamed = actions.rename_area(self.stamp, found, name)
            return "changed" if renamed and verdict == "same" else verdict
        found = grids.filter(name=name).first()
        if found is None:
            self._open(row, "grid", next_path(holder, "grid", official), name, official)
            return "made"
        if official and found.grid_code:
            raise Problem(
                "grid_code_differs", "grid_code", name=name, code=official, known=found.grid_code
            )
        if official and actions.set_grid_code(self.stamp, found, official):
            return "changed" if verdict == "same" else verdict
        return verdict

    def _grid_code(self, row: Row, community: Area) -> str:
        code: str = row.get("grid_code")
        if not code:
            return ""
        try:
            parts = self.pattern.parse(code)
        except codes.CodeError as wrong:
            raise Problem(
                "wrong_grid_code", "grid_code", code=code, width=self.pattern.width
            ) from wrong
        if parts.get("community", community.path) != community.path:
            raise Problem(
                "grid_code_elsewhere",
                "grid_code",
                code=code,
                name=community.name,
                path=community.path,
            )
        return code

    # --- what both share

    def _name(self, row: Row) -> str:
        name: str = row.get("name")
        if not name:
            raise Problem("missing", "name", name=NAME)
        return name

    def _kind(self, row: Row) -> str:
        said = str(row.get("kind")).lower()
        if said and said not in self.kinds:
            among = "、".join(words.zh for words in self.words.values())
            raise Problem("kind_unknown", "kind", kind=said, among=among)
        return self.kinds.get(said, "")

    def _once(self, key: str, row: Row, name: str) -> None:
        here = (row.sheet, row.number)
        first = self.seen.setdefault(key, here)
        if first != here:
            where = first[1] if first[0] == row.sheet else "!".join(map(str, first))
            raise Problem("row_again", name, first=where)

    def _renamed(self, row: Row, found: Area) -> Verdict:
        old = found.name
        if not actions.rename_area(self.stamp, found, row.get("name")):
            return "same"
        self.notes.append(row.finding("renamed", "name", "note", was=old, read=row.get("name")))
        return "changed"

    def _opened(self, row: Row, kind: str, path: str, code: str | None) -> Verdict:
        since = row.get("since", self.since)
        actions.open_area(self.stamp, kind, path, row.get("name"), since, code)
        return "made"

    def _office(self, row: Row, path: str, verdict: Verdict) -> Verdict:
        """The number of its office; a blank cell takes none away."""
        phone = row.get("phone")
        if not phone:
            return verdict
        area = Area.objects.live().get(path=path)
        changed = actions.set_office(self.stamp, area, phone)
        return "changed" if changed and verdict == "same" else verdict

    def _open(self, row: Row, kind: str, path: str, name: str, grid_code: str = "") -> Area:
        since = row.get("since", self.since)
        return actions.open_area(self.stamp, kind, path, name, since, grid_code=grid_code or None)


def _grid_pattern() -> str:
    pattern: str = tomllib.loads(text_of("places.toml"))["grid_code"]["pattern"]
    return pattern


def _kinds(words: dict[str, Words]) -> dict[str, str]:
    """All that a kind is called → its code."""
    named = {code: [code, w.zh, w.en.lower()] for code, w in words.items()}
    called = {word: code for code, more in ALSO.items() for word in more.split()}
    return called | {word: code for code, more in named.items() for word in more}
