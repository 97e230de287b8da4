"""What is drawn once for many says nobody's own, and puts each reader's own in its place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone
from town import Town, settled
from web_town import as_

from lianxin.orders import actions
from lianxin.web import once
from lianxin.web.templatetags import thumb

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')
KEY = re.compile(r'name="_key" value="([\w-]+)"')


@pytest.fixture
def town(request: pytest.FixtureRequest) -> Iterator[Town]:
    with settled(request) as town:
        yield town


def test_marks_are_put_in_and_escaped() -> None:
    pieces = once.cut(f"<b>{once.NAME}</b>{once.KEY}{once.KEY}")
    keys = iter("ab")
    assert once.filled(pieces, {once.NAME: "<李>", once.KEY: lambda: next(keys)}) == (
        "<b>&lt;李&gt;</b>ab"
    )


def open_seat(town: Town, text: str) -> None:
    ago = timezone.now() - timedelta(hours=1)
    given = {"text": text, "category": "0101"}
    done = actions.file(
        "five-orders", "file", town["resident"], given, area=town.grid, now=ago
    )  # fmt: skip
    told = [("dispatch", "desk", {"unit": str(town.unit.pk)}), ("accept", "clerk", {"seats": 2})]
    for verb, name, answers in told:
        actions.step(done.number, verb, town[name], answers, now=ago)


def test_two_members_see_the_same_card_each_with_their_own_token(town: Town) -> None:
    open_seat(town, "路灯不亮")
    thumb.drawn.cache_clear()
    pages = [as_(town, name).get("/pool").content.decode() for name in ("m1", "m2", "m1")]
    assert all("路灯不亮" in page for page in pages)
    assert thumb.drawn.cache_info().hits >= 1, "the third is not drawn again"
    tokens = [set(TOKEN.findall(page)) for page in pages]
    assert not tokens[0] & tokens[1]
    keys = [key for page in pages for key in KEY.findall(page)]
    assert len(keys) == len(set(keys)) > 2
    assert not any("\ue000" in page for page in pages)


def test_words_of_people_hold_no_mark(town: Town) -> None:
    """The signs that marks begin with may be typed; they stay what they are."""
    open_seat(town, "灯\ue0000\ue001坏了")
    page = as_(town, "m1").get("/pool").content.decode()
    assert "灯\ue0000\ue001坏了" in page
