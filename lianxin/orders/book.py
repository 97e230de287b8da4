"""What a deployment lives by, read once: flow pages, calendar, categories, refusals."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

from lianxin.core.category import Categories, read_categories
from lianxin.core.clock import Calendar, read_calendar
from lianxin.core.flow.book import Book, read_folders
from lianxin.trouble import Trouble

OURS = Path(__file__).parents[1] / "params"


def folders() -> list[Path]:
    """Our params, then the deployment's own, whose files replace ours of the same name."""
    return [OURS, *([settings.PARAMS] if settings.PARAMS else [])]


def texts(pattern: str) -> dict[str, str]:
    """Texts of the params files that match, by path below their folder; the last folder wins."""
    found: dict[str, Path] = {}
    for folder in folders():
        found |= {p.relative_to(folder).as_posix(): p for p in folder.glob(pattern)}
    return {name: path.read_text("utf-8") for name, path in sorted(found.items())}


@cache
def book() -> Book:
    """All flow pages. Raises Trouble with every sentence of the loader: half a book is no book."""
    read = read_folders(*folders())
    if read.problems:
        lines = "\n".join(str(p) for p in read.problems)
        raise Trouble(
            f"流程页有误，改好后再启动：\n{lines}", f"Flow pages are wrong; mend them:\n{lines}"
        )
    return read


@cache
def calendar() -> Calendar:
    years = {int(Path(name).stem): text for name, text in texts("calendars/*.toml").items()}
    return read_calendar(years, texts("clocks.toml")["clocks.toml"], settings.TIME_ZONE)


@cache
def categories() -> Categories:
    rows = texts("categories/*.toml").items()
    return read_categories((Path(name).name, text) for name, text in rows)


@cache
def refusals() -> dict[str, dict[str, Any]]:
    """Code → words and status of every way to say no."""
    return tomllib.loads(texts("refusals.toml")["refusals.toml"])
