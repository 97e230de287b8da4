"""Notices: who is told what, in which words, and never more than they may see."""

from collections.abc import Iterator

import pytest
from notice_town import NOON, TEXT, done, nobodys, press, say_all, told, ways
from town import Town, settled
from web_town import as_

from lianxin.core.step.who import Who
from lianxin.orders import actions
from lianxin.orders.book import book
from lianxin.orders.models import Event, Notice, Order
from lianxin.orders.notices.readers import readers
from lianxin.orders.notices.rules import rules, spoken


@pytest.fixture
def town(request: pytest.FixtureRequest) -> Iterator[Town]:
    with settled(request) as town:
        yield town


def test_a_unit_hears_what_is_asked_of_it_and_until_when(town):
    number = nobodys(town)
    press(town, number, "dispatch", "desk", unit=str(town.unit.pk))
    say_all(number)
    staff = Notice.objects.get(order__number=number, unit=town.unit)
    assert (staff.word, staff.role, staff.party) == ("notify unit", None, None)
    [said] = [t for t in told(number) if "（五单）" in t]
    assert said == f"{number}（五单）：派单。请在11月20日17:30前本单位办理或接单。"
    [said] = [t for t in told(number, "en") if "(Five orders)" in t]
    do = "Do it ourselves or Accept, open seats"
    assert said == f"{number} (Five orders): Dispatch. By 17:30 on 20 November: {do}."


def test_an_asker_without_account_is_told_by_the_phone_they_left(town):
    number = nobodys(town)
    done(town, number)
    say_all(number)
    asker = Notice.objects.filter(order__number=number, party="filer").last()
    assert (asker.person_id, asker.unit_id) == (None, None)
    assert told(number)[-1] == f"您的{number}说是办完了，请您评一评。"
    assert ("call", "queued", "") in ways(number)


def test_a_notice_speaks_of_the_order_as_it_is_when_it_is_read(town):
    number = nobodys(town)
    press(town, number, "dispatch", "desk", unit=str(town.unit.pk))
    say_all(number)
    press(town, number, "keep", "clerk")
    [said] = told(number)
    assert said == f"{number}（五单）：派单。后来又有变化，现在“本单位办理”。"


def test_whom_it_is_against_is_told_nothing(town):
    """Neither by a word to its party, nor as the unit that it is sent to by mistake."""
    given = {"text": TEXT, "against": [str(town.units["V"].pk)]}
    number = actions.file("five-orders", "file", Who(""), given, area=town.grid, now=NOON).number
    row = Order.objects.get(number=number)
    page = book().exact(row.flow, row.since)
    event = Event.objects.get(order=row, nth=1)
    assert list(readers(row, page, "against", event)) == []


def test_who_has_left_by_the_time_the_job_runs_is_the_one_who_was_meant(town):
    """A job that comes late speaks to the unit of its event, and that unit sees it no longer."""
    number = nobodys(town)
    press(town, number, "dispatch", "desk", unit=str(town.unit.pk))
    press(town, number, "return", "clerk", reason="不归我们")
    press(town, number, "dispatch", "desk", unit=str(town.units["V"].pk))
    say_all(number)
    found = Notice.objects.filter(order__number=number, word="notify unit").order_by("nth")
    assert [n.unit_id for n in found] == [town.unit.pk, town.units["V"].pk]


def test_who_asked_for_the_same_hears_that_it_moves_and_nothing_of_the_other(town):
    """Merged into another's order: the askers of both are told, each with their own number."""
    theirs, mine = nobodys(town, "井盖响"), nobodys(town, "井盖坏了", phone="13900000009")
    press(town, mine, "merge", "desk", into=theirs)
    say_all(mine)
    assert told(mine) == [f"您的{mine}与另一件合在一起办了。"]
    done(town, theirs)
    say_all(theirs)
    assert told(mine)[-1] == f"与您的{mine}合办的那件事有了进展。"
    assert all(theirs not in said for said in told(mine))
    assert {n.word for n in Notice.objects.filter(order__number=mine)} == {
        "notify filer", "follow notify filer",
    }  # fmt: skip


def test_a_merge_that_was_taken_back_leads_no_news_any_more(town):
    theirs, mine = nobodys(town, "井盖响"), nobodys(town, "井盖坏了")
    press(town, mine, "merge", "desk", into=theirs)
    actions.undo(mine, town["desk"], now=NOON)
    done(town, theirs)
    say_all(theirs)
    assert not Notice.objects.filter(order__number=mine).exists()


def test_each_state_of_the_five_orders_has_words_for_its_asker():
    flow = rules().flows["five-orders"]
    page = book().pages["five-orders"]
    states = page[max(page)].states
    assert set(states) <= set(flow)
    assert set(flow) <= set(states) | set(page[max(page)].steps)


LINK = "https://lianxin.example.org/o/" + "x" * 16


def test_a_message_to_an_asker_is_one_message():
    longest = [
        (key, len(words.zh.format(number="LX-000123", state="本单位办理") + LINK))
        for rows in (rules().flows["five-orders"], rules().words["asker"])
        for key, words in rows.items()
    ]
    assert [row for row in longest if row[1] > 70] == []


@pytest.mark.parametrize(
    ("row", "why"),
    [({"zh": "{phone}", "en": "x"}, "phone"), ({"zh": "x", "en": "{text}"}, "text")],
)
def test_a_table_that_tells_what_may_not_be_told_stops_the_start(row, why):
    with pytest.raises(ValueError, match=why):
        spoken({"x": row})


def test_who_gave_up_a_seat_hears_that_it_was_taken_over(town):
    number = nobodys(town)
    press(town, number, "dispatch", "desk", unit=str(town.unit.pk))
    press(town, number, "accept", "clerk", seats=3)
    for name in ("m1", "m2", "m3"):
        press(town, number, "grab", name)
    for name in ("m1", "m2"):
        press(town, number, "offer", name)
    press(town, number, "take_over", "m4", leaving=[town["m1"].id])
    say_all(number)
    heard = Notice.objects.filter(order__number=number, word="notify leaving")
    assert [n.person.username for n in heard] == ["m1"], "m2 still offers theirs"
    page = as_(town, "m1").get("/notices").content.decode()
    assert number in page and "接替" in page
