"""Reserved posts: who may apply by the rule of the day, and that no more are filled than exist."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone
from town import COMMUNITY, COUNTY, STREET, Town, settled

from lianxin.core.step.refused import Refused
from lianxin.growth.models import Fact, Particulars, ReservedPost
from lianxin.growth.queries.eligible import judged, workers_under
from lianxin.orders import actions, clockwork
from lianxin.orders.models import Order
from lianxin.orders.refusal import sentence

pytestmark = pytest.mark.django_db
YEAR = timezone.localdate().year


@pytest.fixture
def town(request: pytest.FixtureRequest) -> Iterator[Town]:
    with settled(request) as town:
        for n in (1, 2):
            ReservedPost.objects.create(
                year=YEAR, kind="civil", area=town.areas[STREET], name="街道办事员", n=n
            )
        yield town


def head(town: Town, name: str, born: str = "1990-01-01", **results: str) -> None:
    """Somebody who may apply for either kind, unless a result says otherwise."""
    person = town.people[name]
    told = {YEAR - 3: "competent", YEAR - 2: "excellent", YEAR - 1: "competent"}
    told |= {YEAR - int(ago.lstrip("_")): result for ago, result in results.items()}
    Fact.objects.create(
        person=person, kind="worked", area=town.areas[COMMUNITY], since=date(2015, 3, 1)
    )
    Fact.objects.create(person=person, kind="post", name="head", since=date(2015, 3, 1))
    for year, result in told.items():
        Fact.objects.create(
            person=person, kind="result", name=result, n=year, since=date(year, 12, 31)
        )
    row = Particulars(person=person)
    row.born = born
    row.save()


def answers(town: Town, name: str, kind: str = "civil") -> dict[str, bool | None]:
    found = judged(kind, [town.people[name].pk], timezone.localdate())[0]
    return {a.what: a.holds for a in found.answers}


def notice(town: Town, places: int = 1, **more: Any) -> str:
    asked = {
        "of_kind": "civil", "year": YEAR, "places": places, "text": "定向招录",
        "date": (timezone.now() + timedelta(days=1)).isoformat(), **more,
    }  # fmt: skip
    return actions.file(
        "selection", "notice", town["street_desk"], asked, area=town.areas[STREET]
    ).number


def test_each_condition_is_answered_and_says_why(town: Town) -> None:
    head(town, "worker")
    assert answers(town, "worker") == {"post": True, "service": True, "age": True, "results": True}
    head(town, "m1", _1="failed")
    assert answers(town, "m1")["results"] is False
    Particulars.objects.filter(person=town.people["worker"]).delete()
    assert answers(town, "worker")["age"] is None
    nobody = judged("civil", [town.people["m2"].pk], timezone.localdate())[0]
    assert not nobody.may and nobody.wrong is not None
    assert workers_under(COUNTY, timezone.localdate()) == [
        town.people["m1"].pk, town.people["worker"].pk
    ]  # fmt: skip


def test_who_may_not_apply_is_told_what_is_missing_and_nothing_is_kept(town: Town) -> None:
    head(town, "worker", born="1970-01-01", _1="failed")
    number = notice(town)
    with pytest.raises(Refused) as no:
        actions.step(number, "apply", town["worker"], {})
    assert no.value.code == "not_eligible"
    assert "年龄、年度考核结果" in sentence(no.value)
    assert "Age, Results of the years" in sentence(no.value, "en")
    assert Order.objects.count() == 1
    with pytest.raises(Refused) as no:
        actions.step(number, "apply", town["m3"], {})
    assert "履历" in sentence(no.value)


def test_no_more_is_noticed_than_the_register_has(town: Town) -> None:
    with pytest.raises(Refused, match="no_reserved_post"):
        notice(town, places=3)
    with pytest.raises(Refused, match="no_reserved_post"):
        notice(town, of_kind="institution")
    with pytest.raises(Refused, match="no_reserved_post"):
        notice(town, year=YEAR - 1)
    notice(town, places=2)


def test_from_the_notice_to_a_post_that_is_taken(town: Town) -> None:
    head(town, "worker")
    head(town, "m1")
    number = notice(town)
    for name in ("worker", "m1"):
        actions.step(number, "apply", town[name], {})
    now = timezone.now() + timedelta(days=2)
    clockwork.sweep(now)
    parent = Order.objects.get(number=number)
    assert parent.state == "exam"
    for child in Order.objects.filter(parent=parent).order_by("pk"):
        for reviewer in ("r1", "r2"):
            actions.step(child.number, "vet", town[reviewer], {}, now=now)
        actions.step(child.number, "mark", town["street_desk"], {"number": 80}, now=now)
    first, second = Order.objects.filter(parent=parent).order_by("pk")
    worker = str(town.people["worker"].pk)
    actions.step(first.number, "choose", town["street_desk"], {"chosen": worker}, now=now)
    actions.step(second.number, "pass_over", town["street_desk"], {}, now=now)
    actions.step(number, "show", town["street_desk"], {}, now=now)
    assert not ReservedPost.objects.exclude(person=None).exists(), "it is shown first"
    clockwork.sweep(now + timedelta(days=30))
    taken = ReservedPost.objects.exclude(person=None)
    assert [(p.person, p.n) for p in taken] == [(town.people["worker"], 1)]
    assert Order.objects.get(number=number).state == "filled"
