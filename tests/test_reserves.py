"""Reserve secretaries: kept once, reared by a plan, ended as what they became, never as deputy."""

from collections.abc import Iterator
from datetime import date

import pytest
from django.utils import timezone
from team_town import BARE, FAR, somebody, stamp, with_teams
from town import COMMUNITY, STREET, Town, settled

from lianxin.growth.actions.posts import reserve_post, take_post
from lianxin.growth.actions.reserves import became, end, keep, plan
from lianxin.growth.actions.workers import enrol, leave
from lianxin.growth.models import Fact, Rearing, Reserve, ReservedPost
from lianxin.registry.models import Area, Entry, Post
from lianxin.registry.refusal import NotPossible

SINCE = date(2024, 1, 5)


@pytest.fixture
def town(request: pytest.FixtureRequest) -> Iterator[Town]:
    with settled(request) as town:
        yield with_teams(town)


def no(code: str, press, *given, **more) -> None:
    before = Entry.objects.count()
    with pytest.raises(NotPossible) as refusal:
        press(stamp(), *given, **more)
    assert refusal.value.code == code
    assert Entry.objects.count() == before, "a refusal leaves no entry"


def reserve(town: Town, name: str = "w2") -> Reserve:
    return Reserve.objects.get(person=town.people[name])


def test_one_reserve_at_a_time(town: Town) -> None:
    here, bare = town.areas[COMMUNITY], town.areas[BARE]
    new = somebody(town, "new")
    row = keep(stamp(), new, bare, "put_forward", SINCE)
    assert Entry.objects.filter(model="growth.reserve", key=row.pk, verb="keep").count() == 1
    no("reserve_already", keep, new, here, "chosen", SINCE)
    no("reserve_already", keep, town.people["w2"], bare, "chosen", SINCE)
    end(stamp(), row, date(2025, 1, 1), "withdrew")
    keep(stamp(), new, here, "chosen", date(2025, 2, 1))
    assert new.reserves.count() == 2


def test_what_is_no_reserve(town: Town) -> None:
    new = somebody(town, "new")
    no("community_only", keep, new, town.areas[STREET], "chosen", SINCE)
    no("no_door", keep, new, town.areas[COMMUNITY], "voted", SINCE)
    Area.objects.filter(path=FAR).update(until=timezone.localdate())
    town.areas[FAR].refresh_from_db()
    no("closed", keep, new, town.areas[FAR], "chosen", SINCE)
    new.is_active = False
    new.save()
    no("shut", keep, new, town.areas[COMMUNITY], "chosen", SINCE)


def test_the_plan_ends_with_the_reserve(town: Town) -> None:
    row = reserve(town)
    line = plan(stamp(), row, "practice", "街道信访窗口", date(2025, 3, 1))
    no("no_rearing", plan, row, "holiday", "x", SINCE)
    no("no_name", plan, row, "task", "  ", SINCE)
    no("not_after", plan, row, "task", "走访", date(2023, 1, 1))
    no("not_after", plan, row, "task", "走访", SINCE, SINCE)
    end(stamp(), row, date(2026, 1, 1), "moved")
    line.refresh_from_db()
    assert line.until == date(2026, 1, 1)
    assert not Rearing.objects.filter(reserve=row, until=None).exists()
    no("reserve_over", plan, row, "task", "走访", date(2026, 2, 1))
    no("reserve_over", end, row, date(2026, 2, 1), "moved")


def test_becoming_secretary_ends_it_and_begins_a_post(town: Town) -> None:
    became(stamp(), reserve(town), "secretary", date(2026, 2, 1))
    row = reserve(town)
    assert (row.ended, row.until) == ("secretary", date(2026, 2, 1))
    held = Post.objects.get(person=town.people["w2"], role="secretary")
    assert (held.area.path, held.since) == (COMMUNITY, date(2026, 2, 1))
    posts = Fact.objects.filter(person=town.people["w2"], kind="post").order_by("since")
    assert [p.name for p in posts] == ["worker", "head"]


def test_becoming_deputy_does_not(town: Town) -> None:
    row = reserve(town)
    no("deputy_stays", end, row, date(2026, 2, 1), "deputy")
    no("no_end", end, row, date(2026, 2, 1), "promoted")
    no("no_office", became, row, "mayor", date(2026, 2, 1))
    became(stamp(), row, "deputy", date(2026, 2, 1))
    assert reserve(town).until is None
    posts = Fact.objects.filter(person=town.people["w2"], kind="post").order_by("since")
    assert [p.name for p in posts] == ["worker", "deputy"]
    no("not_after", end, row, date(2020, 1, 1), "moved")


def test_a_worker_works_in_one_place(town: Town) -> None:
    w2, here = town.people["w2"], town.areas[COMMUNITY]
    no("works_already", enrol, w2, town.areas[BARE], "worker", date(2025, 1, 1))
    no("no_such_post", enrol, somebody(town, "new"), here, "emperor", date(2025, 1, 1))
    spell = Fact.objects.get(person=w2, kind="worked")
    no("not_after", leave, spell, date(2019, 1, 1))
    leave(stamp(), spell, date(2025, 1, 1))
    no("work_over", leave, spell, date(2025, 2, 1))
    enrol(stamp(), w2, town.areas[BARE], "worker", date(2025, 3, 1))
    assert Fact.objects.filter(person=w2, kind="worked").count() == 2


def test_a_reserved_post_is_taken_once(town: Town) -> None:
    county, w2 = town.areas["522601"], town.people["w2"]
    post = reserve_post(stamp(), 2025, "civil", county, "乡镇机关")
    reserve_post(stamp(), 2025, "civil", county, "乡镇机关", 2)
    no("post_already", reserve_post, 2025, "civil", county, "乡镇机关", 2)
    no("no_post_kind", reserve_post, 2025, "army", county, "乡镇机关")
    no("bad_year", reserve_post, 25, "civil", county, "乡镇机关")
    no("before_its_year", take_post, post, w2, date(2024, 12, 31))
    no("day_to_come", take_post, post, w2, date(2199, 1, 1))
    take_post(stamp(), post, w2, date(2025, 10, 1))
    no("post_taken", take_post, post, town.people["w3"], date(2025, 10, 2))
    assert ReservedPost.objects.get(pk=post.pk).person == w2
