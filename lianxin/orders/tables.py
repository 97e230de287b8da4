"""Every table of `params/` read at the start: a mistake in one belongs there, not to an order."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable

from lianxin.orders.book import book, calendar, categories, texts
from lianxin.orders.notices.rules import rules as notices
from lianxin.orders.receivers import table as receivers
from lianxin.orders.replies import replies
from lianxin.trouble import Trouble

TABLES = (
    ("calendars", calendar), ("categories", categories), ("notices.toml", notices),
    ("receivers.toml", receivers), ("replies.toml", replies),
)  # fmt: skip


def read_all(*others: tuple[str, Callable[[], object]]) -> None:
    """Ours, and those of the rooms above. Raises Trouble, with file and line."""
    book()
    for name, text in texts("**/*.toml").items():
        try:
            tomllib.loads(text)
        except tomllib.TOMLDecodeError as wrong:
            raise unreadable(name, wrong) from wrong
    for name, read in (*TABLES, *others):
        try:
            read()
        except (ValueError, LookupError, TypeError) as wrong:
            raise unreadable(name, wrong) from wrong


def unreadable(name: str, wrong: Exception) -> Trouble:
    line = re.search(r"at line (\d+)", str(wrong))
    where = f"{name}:{line[1]}" if line else name
    return Trouble(
        f"{where} 读不懂，改好后再启动：{wrong}", f"{where} cannot be read; mend it: {wrong}"
    )
