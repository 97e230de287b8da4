"""A page in use may say more; what stood in it stays word for word, but for its words."""

import pytest

from lianxin.core.flow.growth import changed

PAGE = """
name = { zh = "甲", en = "A" }
since = 2017-01-01
kind = "case"
[parties]
unit = { zh = "单位", en = "Unit", holds = "unit" }
[states]
filed = { zh = "待办", en = "To do", turn = "desk", within = "2 working hours" }
[limits]
all = { zh = "总", en = "All", over = ["filed"], within = "3 days" }
[steps]
file = { zh = "立", en = "F", to = "filed", by = "all", asks = ["text", "photo?"], casts = "filer" }
end  = { zh = "结", en = "E", from = ["filed"], to = "done", by = "desk", then = ["notify filer"] }
"""


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("甲", "乙"),
        ('"text", "photo?"', '"text?", "photo?"'),
        ('"photo?"', '"photo?", "place?"'),
        ('"text", "photo?"', '"text", "place?", "photo?"'),
        ('casts = "filer"', 'casts = ["filer", "unit"]'),
        ('then = ["notify filer"]', 'then = ["notify filer", "notify unit"]'),
        ("[limits]", 'held = { zh = "放", en = "Held" }\n[limits]'),
        ("[states]", 'other = { zh = "他", en = "Other", holds = "unit" }\n[states]'),
        ("[steps]", '[fields]\nx = { type = "text" }\n[steps]\nmore = { from = ["filed"] }'),
    ],
)  # fmt: skip
def test_more_is_growth(old: str, new: str) -> None:
    assert old in PAGE
    assert changed(PAGE, PAGE.replace(old, new)) == []


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("2017-01-01", "2018-01-01", "since"),
        ('kind = "case"', 'kind = "case"\nwall = "desk"', "wall"),
        ('"photo?"', '"photo?", "place"', "steps.file.asks"),
        ('"photo?"', '"photo"', "steps.file.asks"),
        (', "photo?"', "", "steps.file.asks"),
        ('"text", "photo?"', '"photo?", "text"', "steps.file.asks"),
        ('by = "all"', 'by = ["all", "desk"]', "steps.file.by"),
        ('from = ["filed"]', 'from = ["filed", "held"]', "steps.end.from"),
        ('then = ["notify filer"]', "then = []", "steps.end.then"),
        ('to = "done"', 'to = "done", at_most = "2"', "steps.end.at_most"),
        ("2 working hours", "3 working hours", "states.filed.within"),
        ("3 days", "4 days", "limits"),
        ("[steps]", 'more = { over = ["filed"], within = "1 day" }\n[steps]', "limits"),
        ('holds = "unit"', 'holds = "person"', "parties.unit.holds"),
        ("end  =", "over =", "steps.end"),
    ],
)
def test_anything_else_is_a_change(old: str, new: str, place: str) -> None:
    assert old in PAGE
    assert changed(PAGE, PAGE.replace(old, new)) == [place]
