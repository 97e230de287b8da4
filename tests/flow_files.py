"""The pages of the house as texts, for tests that spoil one and read them all again."""

from functools import cache
from pathlib import Path

import lianxin
from lianxin.core.flow.book import Book, read_book

PARAMS = Path(lianxin.__file__).parent / "params"
SHARED = ("roles.toml", "fields.toml", "notes.toml")


@cache
def house() -> dict[str, str]:
    """Every text by its path below `params`."""
    paths = [*PARAMS.glob("flows/*/*.toml"), *(PARAMS / name for name in SHARED)]
    return {path.relative_to(PARAMS).as_posix(): path.read_text("utf-8") for path in paths}


def book() -> Book:
    return book_of(house())


def book_of(texts: dict[str, str]) -> Book:
    flows = [(name.split("/")[1], name, text) for name, text in texts.items() if "/" in name]
    return read_book(flows, *(texts[name] for name in SHARED))


def page_file(flow: str) -> str:
    return f"flows/{flow}/2017-01-01.toml"
