"""Ready sentences: which stand under a text, and putting one in with and without a script."""

from collections.abc import Iterator
from datetime import date

import pytest
from town import Town, settled
from web_town import as_, hidden, see

from lianxin.core.category import BadCategories, read_categories
from lianxin.orders import actions, replies
from lianxin.orders.book import book, categories, texts
from lianxin.orders.models import Event
from lianxin.orders.replies import fitting

DAY = date(2026, 9, 30)


@pytest.fixture
def town(request: pytest.FixtureRequest) -> Iterator[Town]:
    with settled(request) as town:
        yield town


def handling(town: Town, category: str = "0101") -> str:
    number = town.file().number
    given = {"unit": str(town.unit.pk), "category": category}
    actions.step(number, "dispatch", town["desk"], given)
    actions.step(number, "keep", town["clerk"], {})
    return number


def names(*asked: str | None) -> list[str]:
    return [r.name.zh for r in fitting("five-orders", *asked, DAY)]


def test_the_nearest_category_stands_first_and_others_do_not_stand_there() -> None:
    assert names("handle", "kept", "0101")[0] == "灯已修好"
    assert names("handle", "kept", "0502")[0] == "已当面劝说"
    assert "灯已修好" not in names("handle", "kept", "0502")
    assert names("handle", "kept", None) == ["已办好", "先应急"]
    assert names("grab", "accepted", "0101") == []


def test_some_fit_a_state_only() -> None:
    assert names("comment", "filed", None)[0] == "已收到"
    assert "已收到" not in names("comment", "done", None)


def test_a_row_holds_while_it_is_in_force(monkeypatch: pytest.MonkeyPatch) -> None:
    row = {"steps": ["handle"], "since": date(2026, 1, 1), "until": date(2026, 6, 30),
           "name": {"zh": "a", "en": "a"}, "text": {"zh": "b", "en": "b"}}  # fmt: skip
    one = replies.read(1, row)
    monkeypatch.setattr(replies, "replies", lambda: (one,))
    for day, there in ((date(2025, 12, 31), 0), (date(2026, 6, 30), 1), (date(2026, 7, 1), 0)):
        assert len(fitting("five-orders", "handle", "kept", "", day)) == there


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"stps": ["x"]}, "row 3 has no key stps"), ({"steps": ["handel"]}, "a step that no page"),
        ({"states": ["keptt"]}, "a state that no page has"), 
        ({"flow": "six-orders"}, "a step that"),
    ],
)  # fmt: skip
def test_a_wrong_row_is_told_at_the_start(change: dict, wrong: str) -> None:
    row = {"steps": ["handle"], "name": {"zh": "a", "en": "a"}, "text": {"zh": "b", "en": "b"}}
    with pytest.raises(ValueError, match=wrong):
        replies.read(3, row | change)


@pytest.mark.django_db
def test_chips_and_a_list_stand_under_the_text(town: Town) -> None:
    number = handling(town)
    form = see(town, "clerk", f"/orders/{number}/handle")
    assert 'data-say="已到现场更换灯具' in form
    assert '<option value="1">灯已修好</option>' in form
    assert 'name="_use" value="text"' in form
    assert 'data-say="We came' in see(town, "clerk", f"/orders/{number}/handle", "en")
    assert "data-say" not in see(town, "clerk", f"/orders/{number}/ask_park")


@pytest.mark.django_db
def test_without_a_script_a_sentence_goes_behind_what_stands_there(town: Town) -> None:
    number, clerk = handling(town), as_(town, "clerk")
    page = clerk.get(f"/orders/{number}/handle").content.decode()
    sent = {**hidden(page), "text": "上午去的。", "outcome": "solved", "_reply_text": "1"}
    answer = clerk.post(f"/orders/{number}/handle", {**sent, "_use": "text"})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "上午去的。\n已到现场更换灯具" in page
    assert 'class="errors"' not in page
    assert Event.objects.filter(verb="handle").count() == 0
    for wrong in (
        {"_reply_text": "999"},
        {"_reply_text": "x"},
        {"_use": "outcome"},
        {"_use": "_key"},
    ):
        answer = clerk.post(f"/orders/{number}/handle", {**sent, "_use": "text"} | wrong)
        assert answer.status_code == 200
        assert "已到现场" not in answer.content.decode().split("data-replies")[0]
    answer = clerk.post(f"/orders/{number}/handle", {**sent, "_go": "1"})
    assert answer.status_code == 302


@pytest.mark.django_db
def test_facts_are_filled_in(town: Town) -> None:
    number = town.file().number
    town.grid.name = "滨江第三网格"
    town.grid.save()
    assert "滨江第三网格的这件事" in see(town, "desk", f"/orders/{number}/declare")


# --- what to ask


@pytest.mark.django_db
def test_a_clerk_sees_what_to_ask(town: Town) -> None:
    page = see(town, "desk", "/new/file_for")
    assert "灯杆上有没有编号" in page
    assert page.count("只有您家，还是整栋都这样") == 4, "for the group and for each of it"
    assert "Is there a number on the post" in see(town, "worker", "/new/file_for", "en")


def test_questions_are_for_categories_that_there_are() -> None:
    name = "categories/2017-01-01.toml"
    text = texts(name)[name].replace('"0101" = [{ zh = "哪一盏', '"0199" = [{ zh = "哪一盏')
    with pytest.raises(BadCategories, match="asks for 0199, which is no category"):
        read_categories([("2017-01-01.toml", text)])
    assert categories().on(DAY).categories["0101"].asks
    assert book().pages
