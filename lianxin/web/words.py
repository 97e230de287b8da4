"""Every word a reader sees is a row with two languages; here the right one is found and filled in.

Rows stand in `lianxin/words/<file>.toml`, one a line: `title = { zh = "…", en = "…" }`. The first
part of a key names the file: `file.title`. `{fact}` is filled in; `{n:hour|hours}` picks the
English singular or plural. A deployment may lay its own `words/` folder over ours (LIANXIN_PARAMS).
"""

from __future__ import annotations

import logging
import string
import tomllib
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from lianxin.core.flow.page import Words

log = logging.getLogger("lianxin.words")
FOLDER = Path(__file__).resolve().parent.parent / "words"


class Tongue(string.Formatter):
    """Fills facts into a sentence, and bends English words by number.

    >>> Tongue().format("{n} {n:order|orders}", n=1), Tongue().format("{n} {n:order|orders}", n=3)
    ('1 order', '3 orders')
    """

    def format_field(self, value: Any, spec: str) -> str:
        if "|" in spec:
            one, many = spec.split("|")
            return one if value == 1 else many
        return str(super().format_field(value, spec))


class Escaped(Tongue):
    """The same into HTML: what comes from people can never become markup."""

    def format_field(self, value: Any, spec: str) -> str:
        filled = value if not spec else super().format_field(value, spec)
        return filled if "|" in spec else str(conditional_escape(filled))


def tongue(lang: str | None = None) -> str:
    """`zh` or `en`: as asked, else as the request speaks, else Chinese."""
    return "en" if (lang or get_language() or "zh").startswith("en") else "zh"


def speak(words: Words, lang: str | None = None, **facts: Any) -> str:
    """One row in one language as plain text. Facts that are rows themselves are spoken too."""
    lang = tongue(lang)
    return Tongue().vformat(getattr(words, lang), (), _spoken(facts, lang))


def say(key: str, lang: str | None = None, **facts: Any) -> str:
    """The text of `key` as plain text. A missing key raises KeyError where WORDS_STRICT is set
    (tests, DEBUG); elsewhere the key is shown and the log says so: a page beats an error page."""
    try:
        return speak(rows()[key], lang, **facts)
    except KeyError as missing:
        return _missing(key, missing)


def say_html(key: str, lang: str | None = None, **facts: Any) -> SafeString:
    """`say` for templates: the text and every fact that is not yet markup are escaped."""
    lang = tongue(lang)
    try:
        if any(type(fact) is not int for fact in facts.values()):
            return _filled(key, lang, facts)
        return _counted(key, lang, tuple(facts.items()))
    except KeyError as missing:
        return conditional_escape(_missing(key, missing))


@lru_cache(maxsize=5000)
def _counted(key: str, lang: str, facts: tuple[tuple[str, int], ...]) -> SafeString:
    """Texts without facts, or with figures alone, are the same for everybody. Others are not kept:
    `mark_safe("x")` equals "x", and one would be given out for the other."""
    return _filled(key, lang, dict(facts))


def _filled(key: str, lang: str, facts: Mapping[str, Any]) -> SafeString:
    text = conditional_escape(getattr(rows()[key], lang))
    return mark_safe(Escaped().vformat(text, (), _spoken(facts, lang)))


@lru_cache(maxsize=1)
def rows() -> dict[str, Words]:
    """All texts by key, ours first and a deployment's own over them."""
    own = getattr(settings, "PARAMS", None)
    folders = [FOLDER, *([Path(own) / "words"] if own else [])]
    return {
        key: words
        for folder in folders
        for path in sorted(folder.glob("*.toml"))
        for key, words in _rows_of(path.name, tomllib.loads(path.read_text("utf-8")), path.stem)
    }


def _rows_of(file: str, table: Mapping[str, Any], stem: str) -> Iterator[tuple[str, Words]]:
    for name, value in table.items():
        key = f"{stem}.{name}"
        row = isinstance(value, dict) and any(isinstance(v, str) for v in value.values())
        if row and value.keys() == {"zh", "en"} and all(value.values()):
            yield key, Words(**value)
        elif isinstance(value, dict) and not row:
            yield from _rows_of(file, value, key)
        else:
            raise ValueError(f'{file}: {key} wants both languages: {{ zh = "…", en = "…" }}')


def _spoken(facts: Mapping[str, Any], lang: str) -> dict[str, Any]:
    return {k: getattr(v, lang) if isinstance(v, Words) else v for k, v in facts.items()}


def _missing(key: str, why: KeyError) -> str:
    if settings.DEBUG or getattr(settings, "WORDS_STRICT", False):
        raise KeyError(f"lianxin/words has no {why} for {key}") from why
    log.error("no words: %s (%s)", key, why)
    return key
