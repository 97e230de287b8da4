"""What is wrong with a page, where, and what would be right, in a sentence of both languages."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib.resources import files

from lianxin.core.flow.lines import Lines
from lianxin.core.flow.page import Words

_SHOWN = 12  # a list of names longer than this is cut


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault of one page. `code` is stable; `what` and `instead` are for people."""

    file: str
    line: int
    key: str
    code: str
    what: Words
    instead: Words

    def say(self, lang: str) -> str:
        """`file:line: key: what is wrong; what would be right`, in `zh` or `en`."""
        if lang == "zh":
            return f"{self.file}:{self.line}: {self.key}：{self.what.zh}；{self.instead.zh}"
        return str(self)

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.key}: {self.what.en}; {self.instead.en}"


class Report:
    """Gathers the problems of one text."""

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self.lines = Lines(text)
        self.problems: list[Problem] = []

    def bad(self, key: str, code: str, hint: Words | None = None, **facts: object) -> None:
        """Note a problem at a dotted key; `code` is a row of `sentences.toml`."""
        self.at(self.lines.of(key), key, code, hint, **facts)

    def at(
        self, line: int, key: str, code: str, hint: Words | None = None, **facts: object
    ) -> None:
        """The same where the line is known already."""
        words, hint = sentences()[code], hint or Words("", "")
        zh, _, zh_instead = words.zh.partition("；")
        en, _, en_instead = words.en.partition("; ")
        what = Words(zh.format(**facts), en.format(**facts))
        instead = Words(
            zh_instead.format(hint=hint.zh, **facts), en_instead.format(hint=hint.en, **facts)
        )
        self.problems.append(Problem(self.file, line, key, code, what, instead))

    def __len__(self) -> int:
        return len(self.problems)


@cache
def sentences(file: str = "sentences.toml") -> dict[str, Words]:
    """The loader's sentences by code; the part before the first `;` says what is wrong."""
    text = files("lianxin.core.flow").joinpath(file).read_text("utf-8")
    return {code: Words(row["zh"], row["en"]) for code, row in tomllib.loads(text).items()}


def hint(name: str, known: Iterable[str]) -> Words:
    """The nearest known name, else the known names.

    >>> hint("untt", ["unit", "filer"]).en
    "did you mean 'unit'?"
    >>> hint("x", ["unit", "filer"]).en
    'one of unit, filer'
    """
    names = list(dict.fromkeys(known))
    if near := get_close_matches(name, names, 1):
        return Words(f"是不是“{near[0]}”？", f"did you mean '{near[0]}'?")
    if not names:
        return Words("这一页没有可用的名字，请先写上", "this page has none yet, declare it first")
    more = "…" if len(names) > _SHOWN else ""
    shown = names[:_SHOWN]
    return Words(f"可用：{'、'.join(shown)}{more}", f"one of {', '.join(shown)}{more}")
