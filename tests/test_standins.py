"""Somebody stands in for somebody else, from one day to another, and the story says for whom."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone
from town import COMMUNITY, GRID, Town, settled
from web_town import as_, see

from lianxin.orders import actions, world
from lianxin.orders.models import Event
from lianxin.registry.actions import Stamp, stand_in
from lianxin.registry.models import Entry, Person, Post
from lianxin.registry.refusal import NotPossible

TODAY = timezone.localdate()


@pytest.fixture
def town(request: pytest.FixtureRequest) -> Iterator[Town]:
    """With a second grid worker of the community, who can sign in."""
    with settled(request) as town:
        other = Person.objects.create(username="wang", name="王芳", password="!")
        Post.objects.create(
            person=other, role="grid_worker", area=town.areas[COMMUNITY], since=date(2020, 1, 1)
        )
        town.people["wang"] = other
        yield town


def post_of(town: Town, name: str) -> Post:
    return Post.objects.get(person=town.people[name], behalf_of=None)


def settle(
    town: Town, by: str = "worker", whose: str = "worker", who: str = "wang",
    since: Any = TODAY, last: Any = TODAY,
) -> Any:  # fmt: skip
    sent = {"who": str(town.people[who].pk), "since": str(since), "last": str(last)}
    answer = as_(town, by).post(f"/standins/{post_of(town, whose).pk}", sent)
    world.forget()
    return answer


def test_a_colleague_stands_in_and_the_story_says_for_whom(town: Town) -> None:
    assert settle(town, last=TODAY + timedelta(2)).status_code == 302
    page = see(town, "worker", "/standins")
    assert "王芳" in page and "正在代" in page
    assert "代班" in see(town, "wang", "/today")
    grant = next(g for g in town["wang"].grants if g.behalf)
    assert (grant.path, grant.behalf) == (GRID, str(town.people["worker"].pk))
    done = actions.file(
        "five-orders", "log", only(town["wang"], grant), {"text": "楼道灯换好了"}, area=town.grid
    )
    event = Event.objects.get(order__number=done.number, nth=1)
    assert (event.actor, event.behalf) == (
        str(town.people["wang"].pk), str(town.people["worker"].pk),
    )  # fmt: skip
    assert "（代 worker）" in see(town, "desk", f"/orders/{done.number}")


def only(who: Any, grant: Any) -> Any:
    return type(who)(who.id, (grant,))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_today_is_proposed(town: Town, language: str) -> None:
    page = see(town, "worker", f"/standins/{post_of(town, 'worker').pk}", language)
    assert page.count(f'value="{TODAY}"') == 2


def test_it_ends_with_its_last_day(town: Town) -> None:
    settle(town, last=TODAY + timedelta(1))
    row = Post.objects.get(behalf_of__isnull=False)
    assert row.until == TODAY + timedelta(2)
    assert Post.objects.on(TODAY + timedelta(1)).filter(pk=row.pk).exists()
    assert not Post.objects.on(TODAY + timedelta(2)).filter(pk=row.pk).exists()


def test_who_is_back_ends_it_at_once(town: Town) -> None:
    settle(town, last=TODAY + timedelta(9))
    row = Post.objects.get(behalf_of__isnull=False)
    as_(town, "worker").post(f"/standins/{row.pk}/end")
    world.forget()
    assert not [g for g in town["wang"].grants if g.behalf]
    assert Entry.objects.filter(model="registry.post", key=row.pk).count() == 2


def test_what_has_not_begun_is_cancelled(town: Town) -> None:
    settle(town, since=TODAY + timedelta(3), last=TODAY + timedelta(4))
    row = Post.objects.get(behalf_of__isnull=False)
    as_(town, "worker").post(f"/standins/{row.pk}/end")
    row.refresh_from_db()
    assert row.until == row.since


def test_the_desk_finds_somebody_for_who_is_ill(town: Town) -> None:
    assert "worker" in see(town, "desk", "/standins")
    assert settle(town, by="desk").status_code == 302
    assert [g for g in town["wang"].grants if g.behalf]


# --- refused


SPELLS = {
    "the same day": (TODAY, TODAY),
    "inside": (TODAY + timedelta(1), TODAY + timedelta(1)),
    "the last day": (TODAY + timedelta(2), TODAY + timedelta(5)),
}


@pytest.mark.parametrize(("since", "last"), SPELLS.values(), ids=SPELLS)
def test_two_on_one_day_are_refused(town: Town, since: date, last: date) -> None:
    settle(town, last=TODAY + timedelta(2))
    answer = settle(town, who="desk", since=since, last=last)
    assert answer.status_code == 422
    assert "已经有人代这个岗位" in answer.content.decode()
    assert Post.objects.filter(behalf_of__isnull=False).count() == 1
    assert settle(town, who="desk", since=TODAY + timedelta(3), last=TODAY + timedelta(3)).url


def test_the_database_itself_refuses_two(town: Town) -> None:
    stamp = Stamp(None, timezone.now())
    post = post_of(town, "worker")
    stand_in(stamp, post, town.people["wang"], TODAY, TODAY + timedelta(2))
    with pytest.raises(NotPossible, match="two_stand_ins"):
        stand_in(stamp, post, town.people["desk"], TODAY + timedelta(1), TODAY + timedelta(3))


@pytest.mark.parametrize(
    ("since", "last", "words"),
    [
        (TODAY - timedelta(1), TODAY, "过去的日子"),
        (TODAY, TODAY - timedelta(1), "比第一天还早"),
        (TODAY, TODAY + timedelta(400), "最多代一年"),
        ("9999-06-01", "9999-12-31", "一年以内"),
        ("", TODAY, "请填从哪天起"),
        ("明天", TODAY, "请填从哪天起"),
        (TODAY, "9999-99-99", "请填到哪天止"),
    ],
)
def test_days_that_cannot_be(town: Town, since: Any, last: Any, words: str) -> None:
    answer = settle(town, since=since, last=last)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Post.objects.filter(behalf_of__isnull=False).exists()


@pytest.mark.parametrize("who", ["worker", "resident", "stranger"])
def test_nobody_but_a_colleague_can(town: Town, who: str) -> None:
    answer = settle(town, who=who)
    assert answer.status_code == 422
    assert "请选谁来代" in answer.content.decode()


def test_nobody_stands_in_for_a_stand_in(town: Town) -> None:
    settle(town)
    row = Post.objects.get(behalf_of__isnull=False)
    answer = as_(town, "wang").get(f"/standins/{row.pk}")
    assert answer.status_code == 404


@pytest.mark.parametrize("by", ["wang", "m1", "clerk", "leader", "stranger", "resident"])
def test_nobody_arranges_it_for_others(town: Town, by: str) -> None:
    assert settle(town, by=by).status_code == 404
    settle(town)
    row = Post.objects.get(behalf_of__isnull=False)
    assert as_(town, by).post(f"/standins/{row.pk}/end").status_code == 404
    assert Post.objects.get(pk=row.pk).until > TODAY


def test_a_page_from_before_does_not_lengthen_what_is_over(town: Town) -> None:
    post = post_of(town, "worker")
    old = Post.objects.create(
        person=town.people["wang"], role=post.role, area=post.area, behalf_of=post,
        since=TODAY - timedelta(30), until=TODAY - timedelta(20),
    )  # fmt: skip
    settle(town, who="desk", last=TODAY + timedelta(3))
    answer = as_(town, "worker").post(f"/standins/{old.pk}/end", follow=True)
    assert "已经结束了" in answer.content.decode()
    old.refresh_from_db()
    assert old.until == TODAY - timedelta(20)
    assert Post.objects.filter(person=town.people["desk"], behalf_of=post).on(TODAY).exists()
