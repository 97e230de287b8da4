"""An import is taken back whole: what was used since is named and stays, and the log tells all."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from lianxin.registry import actions
from lianxin.registry.imports import undo_batch
from lianxin.registry.models import Area, Batch, BatchRow, Entry, Person, PersonSkill, Post, Vetting
from lianxin.registry.refusal import NotPossible
from tests.dirty import GRIDS, PEOPLE, POSTS, STAMP, START, build_town, take

pytestmark = [pytest.mark.database, pytest.mark.django_db]


@pytest.fixture(autouse=True)
def town():
    build_town()


LATER = actions.Stamp(None, datetime(2025, 6, 3, 8, 0, tzinfo=UTC))
GRID_ROWS = (
    GRIDS,
    ["榕荫社区", "江景苑", "第一网格", None],
    ["榕荫社区", "江景苑", "第二网格", None],
    ["榕荫社区", "江畔里", "第三网格", None],
)


def names(**where) -> set[str]:
    return set(Area.objects.filter(**where).values_list("name", flat=True))


def test_nothing_used_since_goes_whole_and_the_log_stays():
    batch = take("areas", *GRID_ROWS).batch
    made, before = set(BatchRow.objects.values_list("key", flat=True)), Area.objects.count()
    entries = list(Entry.objects.order_by("pk").values())
    undone = undo_batch(batch, LATER)
    assert (undone.removed, undone.restored, undone.kept) == (5, 0, [])
    assert Area.objects.count() == before - 5
    assert list(Entry.objects.order_by("pk").values())[: len(entries)] == entries
    void = Entry.objects.filter(verb="void", model="registry.area")
    assert set(void.values_list("key", flat=True)) == made
    batch.refresh_from_db()
    assert batch.state == Batch.State.UNDONE
    with pytest.raises(NotPossible, match="undone_already"):
        undo_batch(batch, LATER)
    assert take("areas", *GRID_ROWS).made == 3, "the same file can be imported again"


def test_a_grid_somebody_works_in_stays_with_all_it_stands_in():
    batch = take("areas", *GRID_ROWS).batch
    grid = Area.objects.get(name="第一网格")
    lixue = actions.add_person(STAMP, "李雪", "lixue")
    post = actions.appoint(STAMP, lixue, "grid_worker", START, area=grid)
    undone = undo_batch(batch, LATER)
    assert {(k.name, k.why) for k in undone.kept} == {
        (f"第一网格 {grid.path}", "registry.post"),
        (f"江景苑 {grid.path[:15]}", "registry.area"),
    }
    assert (undone.removed, undone.left) == (3, 2)
    assert names(kind__in=["quarter", "grid"]) == {"第一网格", "江景苑"}
    batch.refresh_from_db()
    assert batch.state == Batch.State.PARTLY
    # Once the post is gone, undoing again takes the rest.
    Post.objects.filter(pk=post.pk).delete()
    assert undo_batch(batch, LATER).removed == 2
    assert names(kind__in=["quarter", "grid"]) == set()


def test_a_row_changed_by_hand_since_stays():
    batch = take("areas", *GRID_ROWS).batch
    actions.rename_area(LATER, Area.objects.get(name="第三网格"), "江畔网格")
    undone = undo_batch(batch, LATER)
    assert {k.why for k in undone.kept} == {"changed", "registry.area"}
    assert names(kind="grid") == {"江畔网格"}


def test_an_area_of_another_import_holds_what_it_stands_in():
    batch = take("areas", ["类别", "名称", "编码"], ["社区", "新社区", "522699001009"]).batch
    take("areas", GRIDS, ["新社区", None, "一网格", None])
    assert [k.name for k in undo_batch(batch, LATER).kept] == ["新社区 522699001009"]


def test_renames_go_back_unless_renamed_again():
    head = ["类别", "名称", "编码"]
    batch = take(
        "areas", head, ["社区", "榕荫", 522699001001], ["社区", "文体", 522699001002]
    ).batch
    actions.rename_area(LATER, Area.objects.get(name="文体"), "文体城")
    undone = undo_batch(batch, LATER)
    assert undone.restored == 1
    assert [(k.name, k.why) for k in undone.kept] == [("文体城 522699001002", "changed")]
    assert Area.objects.get(path="522699001001").name == "榕荫社区居民委员会"


def test_people_go_with_their_skills_and_changes_are_taken_back():
    old = actions.add_person(STAMP, "李雪", "lixue", "13800001234")
    batch = take(
        "people",
        PEOPLE,
        ["李雪梅", "lixue", "13800009999", "榕荫社区", None],
        ["王强", "wang", 13900005678, None, "水电"],
        ["赵敏", "zhao", None, None, None],
        ["孙立", "sun", None, None, None],
    ).batch
    Person.objects.filter(username="sun").update(last_login=LATER.at)
    actions.issue_token(LATER, Person.objects.get(username="zhao"))
    undone = undo_batch(batch, LATER)
    assert (undone.removed, undone.restored) == (1, 1)
    assert {(k.name, k.why) for k in undone.kept} == {
        ("zhao", "registry.token"), ("sun", "login")
    }  # fmt: skip
    old.refresh_from_db()
    assert (old.name, old.phone, old.home) == ("李雪", "13800001234", None)
    assert Person.objects.with_phone("13800001234").get() == old
    assert not PersonSkill.objects.exists()
    told = str(list(Entry.objects.filter(model="registry.person").values()))
    assert not any(word in told for word in ("李雪", "王强", "1380000"))


def test_posts_go_and_open_ended_ones_come_back():
    lixue = actions.add_person(STAMP, "李雪", "lixue")
    community = Area.objects.get(path="522699001001")
    held = actions.appoint(STAMP, lixue, "secretary", START, area=community)
    batch = take(
        "posts",
        POSTS,
        ["李雪", None, "书记", community.path, None, None, None, "2025-06-01"],
        ["李雪", None, "工作台", community.path, None, None, None, None],
    ).batch
    assert Post.objects.count() == 2
    undone = undo_batch(batch, LATER)
    assert (undone.removed, undone.restored) == (1, 1)
    held.refresh_from_db()
    assert held.until is None and Post.objects.get() == held


def test_a_stand_in_holds_the_post():
    people = [actions.add_person(STAMP, name, name) for name in ("lixue", "wang")]
    batch = take("posts", POSTS, [None, "lixue", "书记", "522699001001"]).batch
    post = Post.objects.get()
    actions.stand_in(LATER, post, people[1], date(2025, 6, 3), date(2025, 6, 3) + timedelta(9))
    assert [k.why for k in undo_batch(batch, LATER).kept] == ["registry.post"]


def test_a_row_touched_twice_by_one_import_goes_back_to_the_start():
    actions.add_person(STAMP, "李雪", "lixue", "13800001234")
    rows = (
        ["姓名", "用户名", "电话", "语言"],
        ["李雪", "lixue", None, "en"],
        ["李雪", None, "13800001234", "英文"],
    )
    done = take("people", *rows)
    assert (done.changed, done.same) == (1, 1)
    stamp = actions.Stamp(None, STAMP.at, done.batch)
    actions.change_person(stamp, Person.objects.get(), name="李雪梅")
    undo_batch(done.batch, LATER)
    person = Person.objects.get()
    assert (person.name, person.language) == ("李雪", "zh")


def test_who_was_vetted_by_a_sheet_is_so_no_more_and_who_was_before_still_is():
    known = actions.add_person(STAMP, "李雪", "lixue")
    was = actions.vet(LATER, known, START, date(2026, 1, 1))
    head = ["姓名", "用户名", "经审核至"]
    rows = (["李雪", "lixue", "2027-12-31"], ["王强", "wang", "2027-12-31"])
    batch = take("people", head, *rows).batch
    assert Vetting.objects.count() == 3
    undone = undo_batch(batch, LATER)
    assert undone.kept == [] and not Person.objects.filter(username="wang").exists()
    assert list(Vetting.objects.values_list("pk", "until")) == [(was.pk, date(2026, 1, 1))]
