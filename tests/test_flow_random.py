"""However a page is broken, the loader answers with a page or with problems; it never falls."""

import tomllib

from flow_files import house
from hypothesis import given
from hypothesis import strategies as st

from lianxin.core.flow.book import read_book
from lianxin.core.flow.draw import mermaid, table
from lianxin.core.flow.problems import Problem
from lianxin.core.flow.read import read_page
from lianxin.core.flow.read_shared import read_shared

SHARED, _ = read_shared(*(house()[f"{name}.toml"] for name in ("roles", "fields", "notes")))
FLOWS = sorted(name for name in house() if "/" in name)
WORDS = [
    "unit",
    "filer",
    "struck",
    "clock",
    "open",
    "back",
    "1",
    "true",
    "[]",
    "{}",
    '"x"',
    "2 days",
]


def answered(name: str, text: str) -> None:
    page, problems = read_page(name.split("/")[1], text, name, SHARED)
    assert (page is None) is bool(problems)
    rows = len(text.splitlines())
    for problem in problems:
        assert isinstance(problem, Problem) and 1 <= problem.line <= max(rows, 1)
        assert str(problem) and problem.say("zh")
    if page:
        for lang in ("zh", "en"):
            assert mermaid(page, lang, SHARED.roles) and table(page, lang, SHARED.roles)


@given(st.sampled_from(FLOWS), st.data())
def test_lines_may_go(name: str, data: st.DataObject) -> None:
    rows = house()[name].splitlines()
    gone = data.draw(st.sets(st.integers(0, len(rows) - 1), min_size=1, max_size=6))
    answered(name, "\n".join(row for n, row in enumerate(rows) if n not in gone))


@given(st.sampled_from(FLOWS), st.data())
def test_keys_may_go_or_hold_anything(name: str, data: st.DataObject) -> None:
    """One value anywhere in the page is taken out, or is replaced by one of another kind."""
    rows = house()[name].splitlines()
    at = data.draw(st.integers(0, len(rows) - 1))
    parts = rows[at].split(", ")
    part = data.draw(st.integers(0, len(parts) - 1))
    key, equals, _ = parts[part].partition(" = ")
    value = data.draw(st.sampled_from(WORDS))
    parts[part] = (
        f"{key}{equals}{data.draw(st.sampled_from(['', value, chr(34) + value + chr(34)]))}"
    )
    rows[at] = ", ".join(parts)
    answered(name, "\n".join(rows))


@given(st.sampled_from(FLOWS), st.data())
def test_names_may_be_exchanged(name: str, data: st.DataObject) -> None:
    """Any quoted text may turn into any other one of the page."""
    pieces = house()[name].split('"')
    one, other = (data.draw(st.integers(0, len(pieces) // 2 - 1)) * 2 + 1 for _ in range(2))
    pieces[one] = pieces[other]
    answered(name, '"'.join(pieces))


@given(st.text(max_size=200))
def test_any_text_is_answered(text: str) -> None:
    answered("flows/any/2017-01-01.toml", text)
    for problem in read_book([], text, text, text).problems:
        assert str(problem)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["zh", "en", "to", "by", "from", "over"]), inner, max_size=3
        )
    ),
    max_leaves=8,
)


@given(st.sampled_from(sorted(tomllib.loads(house()[FLOWS[0]]))), VALUES)
def test_any_value_of_a_top_key_is_answered(key: str, value: object) -> None:
    answered("flows/any/2017-01-01.toml", f"{key} = {written(value)}\n")


def written(value: object) -> str:
    """A value as TOML."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {written(x)}" for key, x in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(written, value)) + "]"
    if isinstance(value, bool) or value is None:
        return str(bool(value)).lower()
    return str(value) if isinstance(value, int) else "'" + str(value).replace("'", "") + "'"
