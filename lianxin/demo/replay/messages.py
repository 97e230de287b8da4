"""A file of messages as residents wrote them, and what simple rules read off their words."""

from __future__ import annotations

import csv
import hashlib
import re
import tomllib
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from functools import cache, cached_property
from pathlib import Path
from zoneinfo import ZoneInfo

from lianxin.trouble import Trouble

COLUMNS = {"id", "title", "time", "text"}
SIGNS = re.compile(r"[\W_]+")
# A name that ends like a compound, school or road, without the districts in front of it.
NAMED = re.compile(
    r"[\u4e00-\u9fff]*?[市区县镇]?([^\W\dA-Za-z市区县街道的在位于关]{2,5}"
    r"(?:小区|新城|花园|公馆|家园|广场|嘉园|花苑|河苑|国际|公寓|山庄|雅苑|华庭|名城|中学|小学|医院|路))"
)


@dataclass(frozen=True)
class Message:
    """`spot` is the place its title names, if it names one."""

    id: str
    title: str
    text: str
    at: datetime
    spot: str | None

    @cached_property
    def words(self) -> str:
        return f"{self.title}\n{self.text}"

    @cached_property
    def key(self) -> str:
        """The message's own name, which lets it be filed once: two files may share a number."""
        return f"{self.id} {hashlib.sha256(letters(self.words).encode()).hexdigest()[:24]}"

    @cached_property
    def category(self) -> str:
        return first_fit("rows", "category", self.title) or first_fit(
            "rows", "category", self.text
        ) or "99"  # fmt: skip

    @cached_property
    def matter(self) -> str:
        return first_fit("matters", "matter", self.title) or "help"


def read_messages(path: Path, zone: ZoneInfo) -> list[Message]:
    """All messages of a CSV with the columns id, title, time and text, oldest first.

    Raises Trouble naming the line that cannot be read.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            table = csv.DictReader(lines)
            if missing := COLUMNS - set(table.fieldnames or ()):
                raise _unreadable(path, 1, f"{', '.join(sorted(missing))}?")
            found = [_message(path, n, row, zone) for n, row in enumerate(table, 2)]
    except OSError as absent:
        raise Trouble(f"打不开 {path}：{absent.strerror}", f"{path} cannot be opened") from absent
    return sorted(found, key=lambda m: (m.at, m.id))


def moment(text: str, zone: ZoneInfo) -> datetime:
    """A time as people write it: `2019/2/28 11:25:05`, `2019-02-28 11:25`, `2019年2月28日`.

    >>> moment("2019/2/8 9:05", ZoneInfo("Asia/Shanghai")).isoformat()
    '2019-02-08T09:05:00+08:00'
    """
    parts = [int(p) for p in re.findall(r"\d+", text)]
    if not 3 <= len(parts) <= 6:
        raise ValueError(text)
    return datetime(parts[0], parts[1], parts[2], *parts[3:], tzinfo=zone)


def letters(text: str) -> str:
    """What a text says apart from spaces and signs, which may be tidied when it is filed."""
    return SIGNS.sub("", unicodedata.normalize("NFC", text))


def _message(path: Path, line: int, row: dict[str, str], zone: ZoneInfo) -> Message:
    try:
        at = moment(row["time"] or "", zone)
    except ValueError:
        raise _unreadable(path, line, f"time = {row['time']!r}") from None
    if not letters(f"{row['title']}{row['text']}"):
        raise _unreadable(path, line, "title, text = ''")
    named = NAMED.search(row["title"])
    return Message(row["id"], row["title"], row["text"], at, named[1] if named else None)


def _unreadable(path: Path, line: int, what: str) -> Trouble:
    where = f"{path.name}:{line}"
    return Trouble(f"{where} 读不懂（{what}）", f"{where} cannot be read ({what})")


def first_fit(table: str, name: str, text: str) -> str | None:
    rows = _table()[table]
    return next((row[name] for row in rows if any(word in text for word in row["words"])), None)


@cache
def _table() -> dict[str, list[dict[str, str]]]:
    return tomllib.loads(Path(__file__).with_name("categories.toml").read_text("utf-8"))
