"""The page of one reserve: the plan line by line, a study that ends, what became of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone
from team_town import last_year, stamp, with_teams
from town import COMMUNITY, COUNTY, DAY, Town, settled
from web_town import as_, see

from lianxin.growth.actions.reserves import close_line, plan
from lianxin.growth.models import Fact, Rearing, Reserve
from lianxin.growth.queries.teams import Asked, count, everything
from lianxin.orders.models import Order
from lianxin.registry.models import Entry, Officer, Organisation, Post
from lianxin.registry.refusal import NotPossible


@pytest.fixture
def town(request: pytest.FixtureRequest) -> Iterator[Town]:
    with settled(request) as town:
        yield with_teams(town)


def row_of(town: Town, name: str = "w2") -> Reserve:
    return Reserve.objects.get(person=town.people[name])


def address(town: Town, name: str = "w2") -> str:
    return f"/reserves/{row_of(town, name).pk}"


def today(ago: int = 0) -> str:
    return f"{timezone.localdate() - timedelta(days=ago):%Y-%m-%d}"


def send(town: Town, by: str, whose: str = "w2", **given: Any) -> tuple[int, str]:
    answer = as_(town, by).post(address(town, whose), given, follow=True)
    return answer.status_code, answer.content.decode()


def add(town: Town, by: str, kind: str, name: str, on: str = "") -> tuple[int, str]:
    return send(town, by, do="add", kind=kind, name=name, on=on or today())


def studying(town: Town) -> int:
    here = timezone.localdate()
    return count("studying", Asked(everything, here, here.year), COUNTY)


@pytest.mark.parametrize(
    ("name", "status", "writes"),
    [
        ("desk", 200, True), ("street_desk", 200, True), ("leader", 200, False),
        ("supervisor", 200, False), ("auditor", 200, False), ("w2", 200, False),
        ("w3", 404, False), ("worker", 404, False), ("stranger", 404, False),
        ("clerk", 404, False), ("m1", 404, False), ("resident", 404, False),
    ],
)  # fmt: skip
def test_who_reads_it_and_who_writes(town: Town, name: str, status: int, writes: bool) -> None:
    answer = as_(town, name).get(address(town))
    assert answer.status_code == status
    assert ('value="add"' in answer.content.decode()) == writes
    assert (add(town, name, "task", "走访")[0] == 200) == writes
    assert Rearing.objects.filter(kind="task").exists() == writes


def test_the_roll_of_reserves_opens_each(town: Town) -> None:
    assert f'href="{address(town)}"' in see(town, "desk", "/rolls/reserves")
    assert f'href="{address(town)}"' in see(town, "desk", "/rolls/studying")
    page = see(town, "desk", address(town), "en")
    assert "Reserve secretary for" in page and "Chosen openly" in page and "Study" in page


def test_the_plan_grows_and_a_new_mentor_ends_the_one_before(town: Town) -> None:
    for kind, name in (("mentor", "韩梅"), ("task", "牵头楼院议事"), ("mentor", "江波")):
        code, html = add(town, "desk", kind, name)
        assert code == 200 and "计划里添上了" in html
    lines = Rearing.objects.filter(reserve=row_of(town)).order_by("pk")
    lasts = [line.name for line in lines if line.until is None]
    assert lasts == ["清湖社区治理学院", "牵头楼院议事", "江波"]
    assert Entry.objects.filter(model="growth.rearing", verb="plan").count() == 4
    html = see(town, "w2", address(town))
    assert html.index("江波") < html.index("韩梅"), "what lasts comes first"


def test_a_study_that_was_finished_counts_no_more(town: Town) -> None:
    assert studying(town) == 1
    line = row_of(town).plan.get()
    assert send(town, "desk", do="close", line=str(line.pk))[0] == 200
    assert studying(town) == 0
    code, html = send(town, "desk", do="close", line=str(line.pk))
    assert code == 422 and "已于" in html
    assert send(town, "desk", do="close", line="999999")[0] == 404
    other = plan(stamp(), row_of(town, "w3"), "study", "云岭成人教育学院", date(2025, 9, 1))
    assert send(town, "desk", do="close", line=str(other.pk))[0] == 404, "of another reserve"
    for code, day in (("not_after", date(2025, 8, 1)), ("day_to_come", date(2199, 1, 1))):
        with pytest.raises(NotPossible, match=code):
            close_line(stamp(), other, day)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"name": ""}, "请写内容"), ({"name": "长" * 121}, "请写内容"), ({"kind": ""}, "请选一项"),
        ({"kind": "holiday"}, "请选一项"), ({"on": "2020-13-01"}, "请写日期"),
        ({"on": "2020-01-01"}, "早于起始日"), ({"on": "9999-01-01"}, "太远"),
        ({"kind": "study", "name": "清湖社区治理学院"}, "已经有"),
        ({"name": "a\0b", "kind": "x"}, "请选一项"),
    ],
)  # fmt: skip
def test_a_line_that_cannot_be_says_why(town: Town, given: dict[str, str], said: str) -> None:
    before = list(Rearing.objects.values())
    whole = {"do": "add", "kind": "task", "name": "走访", "on": today()} | given
    code, html = send(town, "desk", **whole)
    assert code == 422 and said in html
    assert list(Rearing.objects.values()) == before


def test_nobody_writes_their_own(town: Town) -> None:
    Post.objects.create(
        person=town.people["w2"], role="desk", area=town.areas[COMMUNITY], since=DAY
    )
    html = see(town, "w2", address(town))
    assert 'value="add"' not in html and 'value="settle"' not in html
    assert add(town, "w2", "mentor", "自己")[0] == 404
    assert send(town, "desk", do="nothing")[0] == 404
    assert send(town, "desk", do="begin")[0] == 404


def test_the_classes_since_are_told_with_their_hours(town: Town) -> None:
    last_year(town)
    html = see(town, "leader", address(town))
    assert "网格服务专题班" in html and "累计 6 学时" in html
    Reserve.objects.filter(person=town.people["w2"]).update(since=timezone.localdate())
    assert "网格服务专题班" not in see(town, "leader", address(town)), "before they were kept"


# ── what became of them ──────────────────────────────────────────────────────────────────────────


def became(town: Town, by: str, kind: str, on: str = "") -> tuple[int, str]:
    return send(town, by, do="settle", kind=kind, on=on or today())


def test_the_secretary_is_made_from_above_the_community(town: Town) -> None:
    assert 'value="secretary"' not in see(town, "desk", address(town))
    code, html = became(town, "desk", "secretary")
    assert code == 422 and "请选一项" in html
    assert row_of(town).until is None
    assert became(town, "street_desk", "secretary")[0] == 200
    row = row_of(town)
    assert (row.ended, row.until) == ("secretary", timezone.localdate())
    assert Post.objects.filter(person=row.person, role="secretary", area=row.area).count() == 1
    posts = Fact.objects.filter(person=row.person, kind="post").order_by("pk")
    assert [fact.name for fact in posts] == ["worker", "head"]
    assert not row.plan.filter(until=None).exists() and studying(town) == 0
    html = see(town, "desk", address(town))
    assert "任书记" in html and 'value="add"' not in html


def test_who_holds_the_post_already_gets_no_second_one(town: Town) -> None:
    row = row_of(town)
    Post.objects.create(person=row.person, role="secretary", area=row.area, since=DAY)
    assert became(town, "street_desk", "secretary")[0] == 200
    assert Post.objects.filter(person=row.person, role="secretary").count() == 1


def test_deputy_begins_a_post_once_and_they_stay(town: Town) -> None:
    assert 'value="deputy"' not in see(town, "desk", address(town)), "careers are kept above it"
    assert became(town, "desk", "deputy")[0] == 422
    assert became(town, "street_desk", "deputy")[0] == 200
    assert row_of(town).until is None
    code, html = became(town, "street_desk", "deputy")
    assert code == 422 and "现在就是副职" in html
    posts = Fact.objects.filter(person=town.people["w2"], kind="post").order_by("pk")
    assert [fact.name for fact in posts] == ["worker", "deputy"]


def test_who_has_no_career_is_offered_no_post_of_it(town: Town) -> None:
    Fact.objects.filter(person=town.people["w2"]).delete()
    assert 'value="deputy"' not in see(town, "street_desk", address(town))
    assert became(town, "street_desk", "deputy")[0] == 422


@pytest.mark.parametrize("how", ["withdrew", "moved", "released"])
def test_who_leaves_is_kept_no_more(town: Town, how: str) -> None:
    code, html = became(town, "desk", how, "2199-01-01")
    assert code == 422 and "还没有到" in html
    assert became(town, "desk", how)[0] == 200
    assert (row_of(town).ended, row_of(town).until) == (how, timezone.localdate())
    assert add(town, "desk", "task", "走访")[0] == 422, "who is kept no more has no plan"


def test_an_open_case_leads_on_there(town: Town) -> None:
    number = town.file().number
    case = Order.objects.get(number=number)
    Reserve.objects.filter(pk=row_of(town).pk).update(order=UUID(case.pk.hex))
    html = see(town, "desk", address(town))
    assert number in html and "去向在那件事项里办" in html and 'value="settle"' not in html
    assert became(town, "desk", "moved")[0] == 404
    assert number not in see(town, "w2", address(town)), "who may not open it is not told of it"
    Order.objects.filter(pk=case.pk).update(open=False)
    assert re.search('value="settle"', see(town, "desk", address(town)))


@pytest.mark.parametrize("how", ["elected", "appointed"])
def test_who_is_secretary_already_and_still_a_reserve_is_said(town: Town, how: str) -> None:
    row = row_of(town)
    assert "已经是本社区书记" not in see(town, "desk", address(town))
    assert "还没有出库的" not in see(town, "leader", "/people")
    if how == "elected":
        top = Organisation.objects.create(
            kind="community", name="社区党组织", area=row.area, number="1号", since=DAY
        )
        Officer.objects.create(
            organisation=top, person=row.person, office="secretary", since=DAY,
            term=date(2199, 1, 1),
        )  # fmt: skip
    else:
        Post.objects.create(person=row.person, role="secretary", area=row.area, since=DAY)
    assert "已经是本社区书记" in see(town, "desk", address(town))
    page = see(town, "leader", "/people")
    assert "还没有出库的" in page and f'href="{address(town)}"' in page
    assert f'href="{address(town)}"' in see(town, "leader", "/rolls/risen")
    assert became(town, "street_desk", "secretary")[0] == 200
    assert "还没有出库的" not in see(town, "leader", "/people")
