"""The loops of people write into the registers as they move, and take back what is taken back."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from town import COMMUNITY, DAY, GRID, Town, settled

from lianxin.core.step.refused import Refused
from lianxin.growth.models import Fact, Rearing, Reserve
from lianxin.orders import actions, clockwork
from lianxin.orders.models import Order
from lianxin.registry.models import Batch, Entry, Post

pytestmark = pytest.mark.django_db
SECRETARY = ("secretary", COMMUNITY)


@pytest.fixture
def town(request: pytest.FixtureRequest) -> Iterator[Town]:
    with settled(request) as town:
        Post.objects.create(
            person=town.people["neighbour"], role="secretary", area=town.areas[COMMUNITY], since=DAY
        )
        yield town


def begin(
    town: Town, flow: str, door: str, by: str, now: datetime | None = None, **given: Any
) -> str:
    return actions.file(
        flow,
        door,
        town[by],
        given,
        area=town.areas[GRID if by == "worker" else COMMUNITY],
        now=now or timezone.now(),
    ).number


def step(
    town: Town, order: str, verb: str, by: str, now: datetime | None = None, **given: Any
) -> None:
    actions.step(order, verb, town[by], given, now=now or timezone.now())


def refused(code: str, *args: Any, **given: Any) -> None:
    with pytest.raises(Refused) as no:
        (step if args[1].startswith("LX") else begin)(*args, **given)
    assert no.value.code == code


def key(town: Town, name: str) -> str:
    return str(town.people[name].pk)


def employed(town: Town, name: str, since: date = DAY, post: str = "worker") -> None:
    person = town.people[name]
    Fact.objects.create(person=person, kind="worked", area=town.areas[COMMUNITY], since=since)
    Fact.objects.create(person=person, kind="post", name=post, since=since)


def facts(town: Town, name: str) -> list[tuple[Any, ...]]:
    rows = Fact.objects.filter(person=town.people[name]).order_by("pk")
    return list(rows.values_list("kind", "name", "n"))


# ── reserves ─────────────────────────────────────────────────────────────────────────────────────


def kept(town: Town, door: str = "recommend") -> str:
    by = "neighbour" if door == "recommend" else "desk"
    said = {"reason": "能干"} if door == "recommend" else {}
    number = begin(town, "reserve", door, by, candidate=key(town, "worker"), **said)
    for reviewer in ("r1", "r2"):
        step(town, number, "vet", reviewer)
    return number


@pytest.mark.parametrize(("door", "how"), [("recommend", "put_forward"), ("select", "chosen")])
def test_a_reserve_is_kept_from_the_second_pass(town: Town, door: str, how: str) -> None:
    number = begin(
        town, "reserve", door, "neighbour" if door == "recommend" else "desk",
        candidate=key(town, "worker"), **({"reason": "能干"} if door == "recommend" else {}),
    )  # fmt: skip
    step(town, number, "vet", "r1")
    assert not Reserve.objects.exists(), "one pass is not enough"
    step(town, number, "vet", "r2")
    row = Reserve.objects.get()
    assert (row.person, row.door, row.area.path, row.until) == (
        town.people["worker"], how, COMMUNITY, None
    )  # fmt: skip
    assert row.order == Order.objects.get(number=number).pk
    assert Entry.objects.filter(model="growth.reserve", key=row.pk, verb="add").count() == 1


def test_nobody_is_kept_twice(town: Town) -> None:
    number = begin(town, "reserve", "select", "desk", candidate=key(town, "worker"))
    kept(town)
    refused("kept_already", town, "reserve", "select", "desk", candidate=key(town, "worker"))
    with pytest.raises(Refused, match="kept_already"):
        step(town, number, "vet", "r1")


def test_the_plan_grows_with_the_steps(town: Town) -> None:
    number = kept(town)
    step(town, number, "pair", "desk", mentor=key(town, "leader"))
    step(town, number, "charge", "leader", task="牵头一次楼院议事")
    step(town, number, "practise", "desk", at_post="副书记助理")
    step(town, number, "enrol", "desk", school="清湖开放大学")
    step(town, number, "pair", "desk", mentor=key(town, "supervisor"))
    lines = list(Rearing.objects.order_by("pk").values_list("kind", "name", "until"))
    today = timezone.localdate()
    assert lines == [
        ("mentor", "leader", today), ("task", "牵头一次楼院议事", None),
        ("practice", "副书记助理", None), ("study", "清湖开放大学", None),
        ("mentor", "supervisor", None),
    ]  # fmt: skip


def test_becoming_deputy_does_not_end_it_and_becoming_secretary_does(town: Town) -> None:
    employed(town, "worker")
    number = kept(town)
    step(town, number, "pair", "desk", mentor=key(town, "leader"))
    step(town, number, "promote", "desk", text="任副书记")
    assert Reserve.objects.get().until is None
    assert facts(town, "worker")[-1] == ("post", "deputy", None)
    Order.objects.filter(number=number).update(state="ready")
    step(town, number, "appoint", "desk", text="任书记")
    row = Reserve.objects.get()
    assert (row.until, row.ended) == (timezone.localdate(), "secretary")
    assert facts(town, "worker")[-1] == ("post", "head", None)
    assert Post.objects.filter(
        person=town.people["worker"], role="secretary", area__path=COMMUNITY, until=None
    ).exists()


def test_who_is_dropped_is_kept_no_more(town: Town) -> None:
    number = kept(town)
    step(town, number, "drop", "desk", reason="调离")
    assert (Reserve.objects.get().ended, Reserve.objects.get().until) == (
        "released", timezone.localdate()
    )  # fmt: skip


def test_the_plan_ends_with_the_reserve_and_comes_back_with_it(town: Town) -> None:
    number = kept(town)
    step(town, number, "pair", "desk", mentor=key(town, "leader"))
    step(town, number, "drop", "desk", reason="调离")
    assert not Rearing.objects.filter(until=None).exists()
    actions.undo(number, town["desk"])
    assert Rearing.objects.get().until is None


def test_what_a_step_wrote_goes_with_the_step(town: Town) -> None:
    number = kept(town)
    step(town, number, "pair", "desk", mentor=key(town, "leader"))
    actions.undo(number, town["desk"])
    assert not Rearing.objects.exists()
    step(town, number, "drop", "desk", reason="调离")
    assert Reserve.objects.get().ended == "released"
    actions.undo(number, town["desk"])
    assert (Reserve.objects.get().ended, Reserve.objects.get().until) == ("", None)
    batches = Batch.objects.filter(what="step").order_by("pk")
    assert [batch.state for batch in batches] == ["done", "undone", "undone"]


def test_it_is_not_taken_back_over_what_somebody_did_since(town: Town) -> None:
    number = kept(town)
    step(town, number, "drop", "desk", reason="调离")
    Reserve.objects.update(ended="withdrew")
    with pytest.raises(Refused, match="undo_too_late"):
        actions.undo(number, town["desk"])
    assert Order.objects.get(number=number).state == "dropped"


# ── a year's work ────────────────────────────────────────────────────────────────────────────────


def test_a_year_is_told_proposed_approved_shown_and_known(town: Town) -> None:
    employed(town, "worker")
    year = timezone.localdate().year - 1
    now = timezone.now() - timedelta(days=40)
    number = begin(town, "assessment", "begin", "desk", now, worker=key(town, "worker"), year=year)
    step(town, number, "report", "worker", now, text="走访了三百户")
    step(town, number, "propose", "desk", now, result="excellent")
    refused("not_yours", town, number, "approve", "desk", now)
    for reviewer in ("r1", "r2"):
        step(town, number, "approve", reviewer, now)
    assert ("result", "excellent", year) not in facts(town, "worker"), "it is shown first"
    clockwork.sweep(timezone.now())
    assert Order.objects.get(number=number).state == "known"
    assert facts(town, "worker")[-1] == ("result", "excellent", year)
    refused(
        "assessed_already",
        town,
        "assessment",
        "begin",
        "desk",
        worker=key(town, "worker"),
        year=year,
    )


def test_an_objection_goes_back_to_the_community(town: Town) -> None:
    employed(town, "worker")
    year = timezone.localdate().year - 1
    number = begin(town, "assessment", "begin", "desk", worker=key(town, "worker"), year=year)
    step(town, number, "report", "worker", text="走访了三百户")
    step(town, number, "propose", "desk", result="basic")
    for reviewer in ("r1", "r2"):
        step(town, number, "approve", reviewer)
    step(town, number, "object", "worker", reason="有记录")
    assert Order.objects.get(number=number).state == "reported"
    step(town, number, "propose", "desk", result="competent")


def test_who_may_not_be_assessed(town: Town) -> None:
    year = timezone.localdate().year
    asked = {"worker": key(town, "worker"), "year": year - 1}
    refused("no_career", town, "assessment", "begin", "desk", **asked)
    employed(town, "worker")
    refused("year_not_over", town, "assessment", "begin", "desk", **{**asked, "year": year + 1})
    refused("not_yours", town, "assessment", "begin", "worker", **asked)


def test_nobody_proposes_their_own_result(town: Town) -> None:
    employed(town, "desk")
    year = timezone.localdate().year - 1
    number = begin(town, "assessment", "begin", "street_desk", worker=key(town, "desk"), year=year)
    step(town, number, "report", "desk", text="全年")
    refused("interested", town, number, "propose", "desk", result="excellent")


# ── certificates and duties ──────────────────────────────────────────────────────────────────────

PAPER = {"certificate": "social_worker", "serial": "SW-2024-000123", "from": "2024-11-01"}


def test_a_certificate_counts_once_it_was_compared(town: Town) -> None:
    employed(town, "worker")
    number = begin(
        town, "certificate", "hand_in", "worker", holder=key(town, "worker"), expiry="2027-11-01",
        **PAPER,
    )  # fmt: skip
    assert facts(town, "worker")[-1][0] == "post"
    step(town, number, "note", "desk")
    row = Fact.objects.get(kind="certificate")
    assert (row.name, row.number, row.since, row.until) == (
        "social_worker", "SW-2024-000123", date(2024, 11, 1), date(2027, 11, 1)
    )  # fmt: skip


def test_a_certificate_is_nobody_elses(town: Town) -> None:
    one = begin(town, "certificate", "hand_in", "worker", holder=key(town, "worker"), **PAPER)
    two = begin(town, "certificate", "hand_in", "desk", holder=key(town, "resident"), **PAPER)
    step(town, one, "note", "desk")
    refused("certificate_used", town, two, "note", "desk")
    refused(
        "certificate_used",
        town,
        "certificate",
        "hand_in",
        "desk",
        holder=key(town, "desk"),
        **PAPER,
    )
    turned = {**PAPER, "serial": "SW-2", "expiry": "2024-10-31"}
    refused(
        "dates_turned", town, "certificate", "hand_in", "desk", holder=key(town, "desk"), **turned
    )


def test_nobody_compares_their_own(town: Town) -> None:
    number = begin(town, "certificate", "hand_in", "desk", holder=key(town, "desk"), **PAPER)
    refused("interested", town, number, "note", "desk")


def test_a_duty_lasts_from_taken_on_to_ended(town: Town) -> None:
    number = begin(town, "duty", "give", "desk", worker=key(town, "worker"), duty="物业协调")
    assert not Fact.objects.filter(kind="duty").exists()
    step(town, number, "take_on", "worker")
    assert Fact.objects.get(kind="duty").name == "物业协调"
    step(town, number, "end", "desk", reason="换人")
    assert Fact.objects.get(kind="duty").until == timezone.localdate()


# ── hiring ───────────────────────────────────────────────────────────────────────────────────────


def test_who_was_chosen_begins_their_service(town: Town) -> None:
    now = timezone.now() - timedelta(days=30)
    closes = (now + timedelta(days=1)).isoformat()
    number = begin(
        town, "vacancy", "notice", "desk", now, post="worker", places=1, date=closes, text="招一名"
    )
    step(town, number, "apply", "resident", now)
    step(town, number, "apply", "m1", now)
    now += timedelta(days=2)
    clockwork.sweep(now)
    parent = Order.objects.get(number=number)
    for n, child in enumerate(Order.objects.filter(parent=parent).order_by("pk")):
        for reviewer in ("r1", "r2"):
            step(town, child.number, "vet", reviewer, now)
        step(town, child.number, "mark", "desk", now, number=90 - n)
        if n == 0:
            step(town, child.number, "choose", "desk", now, chosen=key(town, "resident"))
        else:
            step(town, child.number, "pass_over", "desk", now)
    step(town, number, "show", "desk", now)
    assert not Fact.objects.exists(), "it is shown first"
    clockwork.sweep(timezone.now())
    assert Order.objects.get(number=number).state == "hired"
    assert facts(town, "resident") == [("worked", "", None), ("post", "worker", None)]
    assert facts(town, "m1") == []
