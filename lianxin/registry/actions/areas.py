"""Areas open, change their name, merge and close, each from a day on; nothing is overwritten."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction

from lianxin.core.place import path as paths
from lianxin.registry.actions.closing import see_to
from lianxin.registry.actions.stamp import Stamp
from lianxin.registry.models import Area
from lianxin.registry.refusal import NotPossible

CODE_DIGITS = 12  # an official code names a community at most


@transaction.atomic
def open_area(
    stamp: Stamp,
    kind: str,
    path: str,
    name: str,
    since: date,
    code: str | None = None,
    grid_code: str | None = None,
) -> Area:
    """A new area. Refuses: bad_path, wrong_kind, no_name, no_parent, path_taken."""
    _check(kind, path, name)
    _parent_of(path)
    return _opened(stamp, kind, path, name, since, code, grid_code)


@transaction.atomic
def open_top(stamp: Stamp, path: str, name: str, since: date) -> Area:
    """The topmost area of a house that has none yet: nothing stands above it.

    Refuses: bad_path, no_name, not_first.
    """
    if Area.objects.exists():
        raise NotPossible("not_first")
    try:
        kind = paths.level(paths.check(path))
    except paths.PathError as wrong:
        raise NotPossible("bad_path", path=path) from wrong
    _check(kind, path, name)
    code = path if kind in paths.LEVELS and len(path) <= CODE_DIGITS else None
    return _opened(stamp, kind, path, name, since, code, None)


def _opened(
    stamp: Stamp, kind: str, path: str, name: str, since: date, code: str | None,
    grid_code: str | None,
) -> Area:  # fmt: skip
    area = Area(
        kind_id=kind,
        path=path,
        name=name.strip(),
        since=since,
        code=code or None,
        grid_code=grid_code or None,
    )
    try:
        with transaction.atomic():
            area.save()
    except IntegrityError as taken:
        raise NotPossible("path_taken", path=path, code=code or "", name=name) from taken
    stamp.made("open", area)
    return area


@transaction.atomic
def rename_area(stamp: Stamp, area: Area, name: str) -> bool:
    """The same area under a new name; the log keeps the old one. False: it was called so."""
    if not name.strip():
        raise NotPossible("no_name")
    return stamp.change("rename", _locked(area), name=name.strip())


@transaction.atomic
def set_grid_code(stamp: Stamp, area: Area, grid_code: str) -> bool:
    """The official code of a grid. Refuses: grid_code_taken. False: it had this one."""
    try:
        with transaction.atomic():
            return stamp.change("set_code", _locked(area), grid_code=grid_code or None)
    except IntegrityError as taken:
        raise NotPossible("grid_code_taken", code=grid_code) from taken


@transaction.atomic
def set_office(stamp: Stamp, area: Area, phone: str) -> bool:
    """The number of an area's office, as it is to be rung. False: it had this one."""
    return stamp.change("set_office", _locked(area), phone=phone)


@transaction.atomic
def close_area(stamp: Stamp, area: Area, on: date, into: Area | None = None) -> None:
    """From `on` the area is no more; what stands there ends with it, goes over to `into`, or bars
    (actions/closing.py). Refuses: closed, not_after, not_empty, area_in_use."""
    row = _locked(area)
    if row.until is not None:
        raise NotPossible("closed", name=row.name, until=row.until)
    if on < row.since:
        raise NotPossible("not_after", on=on, since=row.since)
    inside = Area.objects.live().under(row.path).exclude(pk=row.pk).count()
    if inside:
        raise NotPossible("not_empty", name=row.name, n=inside)
    see_to(stamp, row, on, into)
    stamp.change("merge" if into else "close", row, until=on, successor=into)


@transaction.atomic
def merge_area(stamp: Stamp, area: Area, into: Area, on: date) -> None:
    """The area goes on as `into`. Refuses what closing refuses, and: same, closed (the other)."""
    target = _locked(into)
    if target.pk == area.pk:
        raise NotPossible("same", name=area.name)
    if target.until is not None:
        raise NotPossible("closed", name=target.name, until=target.until)
    close_area(stamp, area, on, into=target)


def _check(kind: str, path: str, name: str) -> None:
    if not name.strip():
        raise NotPossible("no_name")
    try:
        level = paths.level(paths.check(path))
    except paths.PathError as wrong:
        raise NotPossible("bad_path", path=path) from wrong
    if level != kind:
        raise NotPossible("wrong_kind", path=path, kind=kind, level=level)


def _parent_of(path: str) -> None:
    above = paths.parent(path)
    if above is None and paths.second(path):
        above = paths.county(path)
    if above and not Area.objects.live().filter(path=above).exists():
        raise NotPossible("no_parent", path=path, parent=above)


def _locked(area: Area) -> Area:
    return Area.objects.select_for_update().get(pk=area.pk)
