"""A desk keeps the number at its community's doors: each change an entry, the last one undone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from filing import html
from notice_town import with_accounts
from town import COMMUNITY, COUNTY, GRID, STREET, Town, settled
from web_town import as_, see

from lianxin.registry.actions import Stamp, set_office
from lianxin.registry.models import Entry
from lianxin.registry.queries import office

PAGE = f"/account/office/{COMMUNITY}"
NUMBER = "0855-123 4567"


@pytest.fixture
def town(request: pytest.FixtureRequest) -> Iterator[Town]:
    with settled(request) as town:
        with_accounts(town)
        yield town


def keep(town: Town, phone: str, name: str = "desk", **more: str) -> Any:
    return as_(town, name).post(PAGE, {"phone": phone, **more})


def number(town: Town) -> str:
    town.areas[COMMUNITY].refresh_from_db()
    return town.areas[COMMUNITY].phone


def test_the_desk_sets_the_number_that_the_signs_name(town: Town) -> None:
    assert f'href="{PAGE}"' in see(town, "desk", "/account")
    assert keep(town, NUMBER).status_code == 302
    assert office(GRID, timezone.localdate()).phone == NUMBER
    entry = Entry.objects.get(model="registry.area", verb="set_office")
    assert (entry.who, entry.after) == (town.people["desk"], {"phone": NUMBER})
    assert NUMBER in see(town, "desk", "/account")


def test_it_is_put_back_with_one_press_while_it_is_the_last_word(town: Town) -> None:
    keep(town, NUMBER)
    keep(town, "0855-999 9999")
    page = see(town, "desk", PAGE)
    assert f"{NUMBER} → 0855-999 9999" in page and page.count('value="back"') == 1
    first, last = Entry.objects.filter(verb="set_office").order_by("pk")
    assert keep(town, "", do="back", entry=str(first.pk)).status_code == 302
    assert number(town) == "0855-999 9999", "not the last word any more"
    keep(town, "", do="back", entry=str(last.pk))
    assert number(town) == NUMBER
    keep(town, "", do="back", entry=str(last.pk))
    assert number(town) == NUMBER, "pressed twice, it is done once"
    assert Entry.objects.filter(verb="set_office").count() == 3, "nothing is rubbed out"


def test_a_blank_takes_it_away_and_the_page_says_who_answers_then(town: Town) -> None:
    assert "牌子上就没有电话" in see(town, "desk", PAGE)
    set_office(Stamp(None, timezone.now()), town.areas[STREET], "0855-111 1111")
    assert "0855-111 1111" in see(town, "desk", PAGE)
    keep(town, NUMBER)
    keep(town, "")
    assert number(town) == ""
    assert office(GRID, timezone.localdate()).path == STREET


def test_what_a_sheet_has_set_stands_in_the_history(town: Town) -> None:
    set_office(Stamp(None, timezone.now()), town.areas[COMMUNITY], NUMBER)
    assert "导入的表或命令行" in see(town, "desk", PAGE)
    assert "a sheet or the terminal" in see(town, "desk", PAGE, language="en")


@pytest.mark.parametrize("phone", ["<script>", "call us", "1", "1" * 25, "0855-123\n4567x"])
def test_what_is_no_number_is_said_on_the_page(town: Town, phone: str) -> None:
    answer = keep(town, phone)
    assert answer.status_code == 422 and 'role="alert"' in html(answer)
    assert number(town) == ""


@pytest.mark.parametrize("entry", ["", "x", "-1", "9" * 30, "1"])
def test_an_entry_that_is_none_changes_nothing(town: Town, entry: str) -> None:
    keep(town, NUMBER)
    assert keep(town, "", do="back", entry=entry).status_code == 302
    assert number(town) == NUMBER


@pytest.mark.parametrize(
    ("name", "status"), [("street_desk", 404), ("stranger", 404), ("worker", 403), ("clerk", 403)]
)
def test_and_nobody_else(town: Town, name: str, status: int) -> None:
    assert keep(town, NUMBER, name).status_code == status
    assert as_(town, name).get(PAGE).status_code == status
    assert number(town) == ""


def test_strangers_are_asked_who_they_are(town: Town) -> None:
    assert Client().post(PAGE, {"phone": NUMBER})["Location"].startswith("/login")
    assert as_(town, "desk").get(f"/account/office/{COUNTY}").status_code == 404
