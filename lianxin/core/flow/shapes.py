"""Compares raw TOML with the tables of keys and lets through only what is well shaped."""

from __future__ import annotations

import re
import tomllib
from datetime import date, datetime
from typing import Any

from lianxin.core.flow.keys import PAGE, PAGE_NEEDS, TABLES, WORDS, Keys, Kind
from lianxin.core.flow.page import Words
from lianxin.core.flow.problems import Report, hint, sentences

Row = dict[str, Any]


def toml(text: str, report: Report) -> Row:
    """The TOML of a text; a syntax error goes to the report with its line, and gives nothing."""
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # TOMLDecodeError, or a number beyond reason
        what, _, place = str(error).partition(" (at ")
        line = place.split(",")[0].removeprefix("line ")
        number = int(line) if line.isdigit() else len(text.splitlines()) or 1
        report.at(number, "TOML", "syntax", why=what)
        return {}


def clean_page(raw: Row, report: Report) -> tuple[Row, dict[str, dict[str, Row]]]:
    """The keys at the top of a page, and its tables; problems of shape go to the report."""
    top = clean(raw, PAGE, PAGE_NEEDS, "", report)
    tables = {name: clean_table(name, top.pop(name, {}), report) for name in TABLES if name in PAGE}
    return top, tables


def clean_table(name: str, rows: Row, report: Report) -> dict[str, Row]:
    """One table of a page: a row for each part."""
    keys, needs = TABLES[name]
    whole: dict[str, Row] = {}
    for part, row in rows.items():
        at = f"{name}.{part}"
        if not isinstance(row, dict):
            report.bad(at, "not_a_table", name=part)
        elif not re.fullmatch(r"[a-z][a-z0-9_]*", part):
            report.bad(at, "bad_name", name=part)
        else:
            whole[part] = clean(row, keys, needs, at, report)
    return whole


def clean(raw: Row, keys: Keys, needs: tuple[str, ...], at: str, report: Report) -> Row:
    """The keys of one part that are known and of the right kind; lists become tuples."""
    good: Row = {}
    for key, value in raw.items():
        path = f"{at}.{key}" if at else key
        if key not in keys:
            report.bad(path, "unknown_key", hint(key, keys), name=key)
        elif _kind(path, keys[key], value, report):
            good[key] = _tuple(value) if keys[key] in ("names", "from") else value
    for key in needs:
        if key not in raw:
            report.bad(at or key, "words_missing" if key in WORDS else "missing_key", name=key)
    if "en" in good and any("一" <= sign <= "鿿" for sign in good["en"]):
        report.bad(f"{at}.en", "words_swapped", text=good["en"])
    return good


def _tuple(value: Any) -> Any:
    if value == "open":
        return "open"
    return (value,) if isinstance(value, str) else tuple(value)


def _kind(path: str, kind: Kind, value: Any, report: Report) -> bool:
    if isinstance(kind, tuple):
        if value in kind:
            return True
        report.bad(path, "not_one_of", hint(str(value), kind), value=value)
        return False
    if kind in ("words", "choices"):
        return _words(path, kind, value, report)
    if fits(kind, value):
        return True
    report.bad(path, "wrong_kind", sentences()[f"kind_{kind}"], value=value)
    return False


def _words(path: str, kind: str, value: Any, report: Report) -> bool:
    if not isinstance(value, dict) or not value:
        report.bad(path, "wrong_kind", sentences()[f"kind_{kind}"], value=value)
        return False
    before = len(report)
    for key, row in value.items() if kind == "choices" else [("", value)]:
        at = f"{path}.{key}" if key else path
        if isinstance(row, dict):
            clean(row, WORDS, ("zh", "en"), at, report)
        else:
            report.bad(at, "wrong_kind", sentences()["kind_words"], value=row)
    return len(report) == before


def fits(kind: str, value: Any) -> bool:
    """Whether a value is of a kind named in the tables of keys."""
    match kind:
        case "text":
            return isinstance(value, str) and bool(value.strip())
        case "names" | "from":
            many = [value] if isinstance(value, str) else value
            return isinstance(many, list) and bool(many) and all(fits("text", x) for x in many)
        case "yes":
            return isinstance(value, bool)
        case "whole":
            return isinstance(value, int) and not isinstance(value, bool)
        case "number":
            return isinstance(value, int | float) and not isinstance(value, bool)
        case "date":
            return isinstance(value, date) and not isinstance(value, datetime)
        case "map":
            return isinstance(value, dict) and all(fits("text", x) for x in value.values())
        case "to":
            return fits("text", value) or (
                isinstance(value, dict) and bool(value) and all(map(_is_map, value.values()))
            )
        case _:
            return isinstance(value, dict)


def _is_map(value: Any) -> bool:
    return bool(value) and fits("map", value)


def words(row: Row) -> Words:
    """The two words of a cleaned part; empty where a problem was noted."""
    return Words(row.get("zh", ""), row.get("en", ""))
