"""The real divisions a replay stands in: imported where missing, with grids drawn in them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from lianxin.core.place import path as paths
from lianxin.core.place.code import GridPattern, community_kind
from lianxin.registry.actions import Stamp
from lianxin.registry.actions.pour import next_key, pour
from lianxin.registry.imports import import_divisions
from lianxin.registry.imports.division_file import DivisionFile, parents_of, read_divisions
from lianxin.registry.models import Area
from lianxin.trouble import Trouble

SINCE = date(2017, 1, 1)
COUNTY = paths.LEVELS["county"]
QUARTERS = {"community": 3, "village": 0}  # quarters of a community; a village has grids alone
GRIDS = {"community": 2, "village": 2}  # grids of a quarter, or of a village
DENSITY = {"community": 6, "village": 1}  # how many more people write from there


def ready(code: str, folder: Path, stamp: Stamp) -> list[Area]:
    """The grids of a county, each as often as people write from it; made where there are none.

    Raises Trouble where the county is neither in the registry nor in the files of `folder`.
    """
    if len(code) != COUNTY or not code.isdigit():
        raise Trouble(f"--area 要六位县级代码，不是 {code}", f"--area wants six digits, not {code}")
    if not communities(code):
        bring(code, folder, stamp)
    draw_grids(code, stamp)
    grids = Area.objects.live().under(code).filter(kind="grid").order_by("path")
    return [grid for grid in grids for _ in range(DENSITY[kind_of(grid.path[:12])])]


def communities(code: str) -> list[Area]:
    return list(Area.objects.live().under(code).filter(kind="community").order_by("path"))


def bring(code: str, folder: Path, stamp: Stamp) -> None:
    """Import the county with all above and below it from the smallest file that holds it."""
    for path in sorted(folder.glob("villages*"), key=lambda p: p.stat().st_size):
        file = read_divisions(path, "villages")
        inside = frozenset(row[1] for row in file.rows if row[1].startswith(code))
        if inside:
            levels = [*parents_of(path, file.above(inside)), file.above(inside)]
            return take(levels, stamp)
    raise Trouble(
        f"{folder} 里没有 {code} 的村（社区）；请把区划文件放在留言文件旁边的 divisions 文件夹。",
        f"no communities of {code} in {folder}; put the divisions in a folder beside the messages.",
    )


def take(levels: list[DivisionFile], stamp: Stamp) -> None:
    outcome = import_divisions(levels, stamp, SINCE, good_rows=True)
    if outcome.batch is None:
        first = next(iter(outcome.errors), None)
        raise Trouble(f"区划没有导入：{first}", f"the divisions were not imported: {first}")


def draw_grids(code: str, stamp: Stamp) -> None:
    """Quarters and grids by a plain rule under every community that has no grid yet."""
    live = Area.objects.live().under(code)
    drawn = {path[:12] for path in live.filter(kind="grid").values_list("path", flat=True)}
    rows = [row for c in communities(code) if c.path not in drawn for row in grids_of(c)]
    first = next_key(Area)
    if rows:
        pour(
            stamp, Area, ("id", "kind_id", "path", "grid_code", "name", "since"),
            ((first + n, *row, SINCE) for n, row in enumerate(rows)),
        )  # fmt: skip


def grids_of(community: Area) -> Iterator[tuple[str, str, str | None, str]]:
    """(kind, path, grid code, name) of all that is drawn under a community."""
    kind, pattern, n = kind_of(community.path), GridPattern(), 0
    for quarter in range(1, QUARTERS[kind] + 1):
        yield "quarter", paths.build(community.path, quarter), None, f"{quarter}号小区"
    for quarter in range(1, QUARTERS[kind] + 1) or [0]:
        for grid in range(1, GRIDS[kind] + 1):
            n += 1
            code = pattern.make(community=community.path, seq=n)
            yield "grid", paths.build(community.path, quarter, grid), code, f"第{n}网格"


def kind_of(path: str) -> str:
    return community_kind(path) or "village"
