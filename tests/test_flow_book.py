"""The pages of the house load, each in force from its day, with notes and a lasting meaning."""

from datetime import date
from pathlib import Path

import pytest
from flow_files import PARAMS, book, book_of, house, page_file

from lianxin.core.flow.book import Book, read_folders
from lianxin.core.flow.page import Page, Span

DAY = date(2017, 1, 1)
FILE = page_file("five-orders")
LATER = "flows/five-orders/2020-07-01.toml"


@pytest.fixture(scope="module")
def house_book() -> Book:
    return read_folders(PARAMS)


def five(text: str) -> Page:
    read = book_of(house() | {FILE: text})
    assert not read.problems
    return read.exact("five-orders", DAY)


def later(text: str) -> str:
    return text.replace("since = 2017-01-01", "since = 2020-07-01")


def test_all_pages_load_without_problems(house_book: Book) -> None:
    assert house_book.problems == ()
    assert len(house_book.flows) == 26


def test_a_page_is_read_as_it_is_written(house_book: Book) -> None:
    page = house_book.page("five-orders", DAY)
    assert page.limits["handling"].ladder[0].offset == Span(-4, "working hours")
    assert page.steps["unpark"].to is not None and page.steps["unpark"].to.back
    assert page.steps["grab"].seats == "seats" and page.steps["grab"].by == ("member of unit",)
    assert page.fields["text"].erasable and not page.fields["outcome"].erasable
    assert page.fields["solved"].choices == ("yes", "no")
    assert page.field("holder").type == "person" and page.field("holder").many
    assert house_book.page("application", DAY).steps["choose"].seats_of_parent


def test_a_page_is_in_force_from_its_day() -> None:
    read = book_of(house() | {LATER: later(house()[FILE])})
    assert read.problems == ()
    assert read.page("five-orders", date(2020, 6, 30)).since == DAY
    assert read.page("five-orders", date(2020, 7, 1)).since == date(2020, 7, 1)
    assert read.exact("five-orders", DAY).since == DAY
    with pytest.raises(KeyError, match="no page in force on 2016-12-31"):
        read.page("five-orders", date(2016, 12, 31))


def test_two_pages_of_one_day_are_refused() -> None:
    read = book_of(house() | {LATER: house()[FILE]})
    codes = {problem.code: problem for problem in read.problems}
    assert (codes["since_twice"].file, codes["since_twice"].line) == (LATER, 2)


def test_a_child_must_be_in_force_when_its_parent_is() -> None:
    texts = dict(house())
    approval = texts.pop(page_file("approval"))
    found = book_of(texts | {"flows/approval/2020-07-01.toml": later(approval)}).problems
    assert {problem.code for problem in found} == {"child_not_yet"}
    assert "on 2017-01-01 no page of 'approval' is in force" in str(found[0])


def test_a_later_page_of_a_child_must_still_fit_its_parents() -> None:
    text = later(house()[page_file("approval")]).replace("granted", "allowed")
    found = book_of(house() | {"flows/approval/2020-07-01.toml": text}).problems
    assert {problem.code for problem in found} == {"unknown_end"}


def test_a_later_folder_overlays_an_earlier_one(tmp_path: Path, house_book: Book) -> None:
    text = house()[FILE].replace('within = "4 working hours"', 'within = "9 working hours"')
    for name, content in {FILE: text, LATER: later(text)}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(content, "utf-8")
    read = read_folders(PARAMS, tmp_path)
    assert read.problems == () and len(read.pages["five-orders"]) == 2
    assert read.exact("five-orders", DAY).meaning != house_book.exact("five-orders", DAY).meaning


def test_notes_join_every_open_case_and_no_paper(house_book: Book) -> None:
    pages = [page for days in house_book.pages.values() for page in days.values()]
    for page in pages:
        flow = page.flow
        notes = page.steps.keys() & house_book.notes.keys()
        assert bool(notes) is (page.kind == "case"), flow
        for name in notes:
            assert page.steps[name].to is None
            ends = any(page.states[source].final for source in page.steps[name].sources)
            step = page.steps[name]  # words and faces can be taken out at any time
            assert ends is bool(step.erases or step.picture)


def test_a_page_keeps_its_own_step_of_a_notes_name(house_book: Book) -> None:
    assert house_book.page("five-orders", DAY).steps["urge"].by == ("supervisor", "filer")


def test_behind_a_wall_only_those_within_write(house_book: Book) -> None:
    mediation = house_book.page("mediation", DAY).steps["comment"]
    assert mediation.by == ("first", "second", "mediator", "desk")
    assert "against" not in house_book.page("five-orders", DAY).steps["comment"].by


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('zh = "派单"', 'zh = "派出"'),
        ('en = "Dispatch"', 'en = "Send out"'),
        ('name  = { zh = "五单"', 'name  = { zh = "五单制"'),
        ('zh = "未接通"', 'zh = "没接通"'),
        ("\n[states]", "\n# a remark\n[states]"),
    ],
)
def test_a_bettered_word_keeps_the_meaning(old: str, new: str) -> None:
    text = house()[FILE]
    assert old in text
    assert five(text.replace(old, new)).meaning == five(text).meaning


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('within = "4 working hours"', 'within = "5 working hours"'),
        ('by = "filer", asks = ["rating", "text?"]', 'by = "filer", asks = ["rating"]'),
        ("max = 50", "max = 60"),
        ('"0 days" = "tell supervisor"', '"1 day" = "tell supervisor"'),
        ('desk  = ["community"]', 'desk  = ["street"]'),
        ('en = "Refuse", from = ["filed"]', 'en = "Refuse", from = ["filed", "returned"]'),
    ],
)
def test_anything_else_changes_it(old: str, new: str) -> None:
    text = house()[FILE]
    assert old in text
    assert five(text.replace(old, new)).meaning != five(text).meaning


def test_a_shared_field_is_part_of_the_meaning_where_it_is_asked() -> None:
    fields = house()["fields.toml"]
    stricter = book_of(house() | {"fields.toml": fields.replace("max = 5,", "max = 10,")})
    better = book_of(house() | {"fields.toml": fields.replace('zh = "评分"', 'zh = "打分"')})
    was = book()
    for flow, same in (("breakthrough", False), ("call", True)):
        old = was.page(flow, DAY).meaning
        assert (stricter.page(flow, DAY).meaning == old) is same
        assert better.page(flow, DAY).meaning == old
