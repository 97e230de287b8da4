"""A member checks in where they live, is confirmed, takes on tasks, moves and leaves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from town import COMMUNITY, COUNTY, QUARTER, Town, settled

from lianxin.registry import tasks
from lianxin.registry.actions import Stamp
from lianxin.registry.actions import check_ins as acts
from lianxin.registry.actions import unit_check_ins as units
from lianxin.registry.models import Area, CheckIn, Entry, Person, Post, Promise, Task, Unit
from lianxin.registry.queries import grants
from lianxin.registry.refusal import NotPossible


@pytest.fixture
def town(request: pytest.FixtureRequest) -> Iterator[Town]:
    with settled(request) as town:
        yield town


def by(town: Town, name: str) -> Stamp:
    return Stamp(town.people[name], timezone.now())


def waits(town: Town, name: str = "neighbour", place: str = COMMUNITY, unit: str = "U") -> CheckIn:
    return acts.check_in(by(town, name), town.people[name], town.units[unit], town.areas[place])


def confirmed(town: Town, name: str = "neighbour", **more: Any) -> CheckIn:
    row = waits(town, name, **more)
    acts.confirm(by(town, "clerk" if row.unit == town.unit else "other_clerk"), row)
    return CheckIn.objects.get(pk=row.pk)


def refused(code: str, act: Callable[..., Any], *given: Any) -> None:
    """Refused with this code, and not a row is other than before."""
    before = state()
    with pytest.raises(NotPossible) as no, transaction.atomic():
        act(*given)
    assert no.value.code == code
    assert state() == before


def state() -> list[Any]:
    models = (CheckIn, Task, Post, Promise, Entry, Person)
    return [list(model.objects.order_by("pk").values()) for model in models]


def roles(town: Town, name: str) -> set[tuple[str, str | None]]:
    held = grants(town.people[name], timezone.now())
    return {(grant.role, grant.unit) for grant in held}


def verbs(model: str) -> list[str]:
    return list(Entry.objects.filter(model=model).order_by("pk").values_list("verb", flat=True))


def test_confirmed_by_the_unit_one_is_its_member_until_one_leaves(town: Town) -> None:
    row = waits(town)
    neighbour = Person.objects.get(username="neighbour")
    assert (row.confirmed, neighbour.home) == (None, town.areas[COMMUNITY])
    assert roles(town, "neighbour") == set(), "not before the unit has said so"
    acts.confirm(by(town, "clerk"), row)
    row.refresh_from_db()
    assert (row.confirmed, row.confirmed_by) == (timezone.localdate(), town.people["clerk"])
    assert roles(town, "neighbour") == {("member", str(town.unit.pk))}
    acts.take_task(by(town, "neighbour"), row, "tutor")
    acts.leave(by(town, "neighbour"), row)
    assert roles(town, "neighbour") == set()
    assert not Task.objects.filter(until=None).exists()
    assert CheckIn.objects.get().until == timezone.localdate(), "what was stays on record"
    assert verbs("registry.checkin") == ["check_in", "confirm", "leave"]
    assert verbs("registry.task") == ["take", "drop"] and verbs("registry.post")[-1] == "end"
    assert waits(town).pk != row.pk, "one may come back"


def test_a_post_that_is_there_is_not_given_twice(town: Town) -> None:
    confirmed(town, "m1")
    assert Post.objects.filter(person=town.people["m1"], role="member").count() == 1


def test_a_home_that_is_known_more_exactly_stays(town: Town) -> None:
    Person.objects.filter(username="m1").update(home=town.grid)
    town.people["m1"].refresh_from_db()
    waits(town, "m1")
    assert Person.objects.get(username="m1").home == town.grid


def test_who_is_declined_reads_why_and_the_log_does_not(town: Town) -> None:
    row = waits(town)
    acts.decline(by(town, "clerk"), row, " 已经调走 ")
    row.refresh_from_db()
    assert (row.reason, row.until, row.confirmed) == ("已经调走", row.since, None)
    assert roles(town, "neighbour") == set()
    told = str(list(Entry.objects.filter(model="registry.checkin").values()))
    assert "decline" in told and "调走" not in told
    assert waits(town).until is None, "they may try again"


def test_to_another_place_the_unit_need_not_confirm_again(town: Town) -> None:
    row = confirmed(town)
    acts.take_task(by(town, "neighbour"), row, "clerk")
    moved = acts.move(by(town, "neighbour"), row, town.unit, town.areas[QUARTER])
    row.refresh_from_db()
    assert (row.until, moved.until) == (timezone.localdate(), None)
    assert (moved.confirmed, moved.confirmed_by) == (row.confirmed, row.confirmed_by)
    assert roles(town, "neighbour") == {("member", str(town.unit.pk))}
    assert not Task.objects.filter(until=None).exists(), "a task is one of a place"


def test_to_another_unit_that_one_has_to_confirm(town: Town) -> None:
    row = confirmed(town)
    moved = acts.move(by(town, "neighbour"), row, town.units["V"], town.areas[COMMUNITY])
    assert roles(town, "neighbour") == set() and moved.confirmed is None
    refused("not_own_unit", acts.confirm, by(town, "clerk"), moved)
    acts.confirm(by(town, "other_clerk"), moved)
    assert roles(town, "neighbour") == {("member", str(town.units["V"].pk))}
    assert CheckIn.objects.count() == 2


REFUSED: list[tuple[str, Callable[[Town], tuple[Any, ...]]]] = [
    ("checked_in_already", lambda t: (
        waits(t) and acts.check_in, by(t, "neighbour"), t.people["neighbour"], t.units["V"],
        t.areas[QUARTER])),
    ("too_wide", lambda t: (
        acts.check_in, by(t, "m1"), t.people["m1"], t.unit, t.areas[COUNTY])),
    ("not_own_unit", lambda t: (acts.confirm, by(t, "other_clerk"), waits(t))),
    ("not_own_unit", lambda t: (acts.confirm, by(t, "desk"), waits(t))),
    ("not_own_unit", lambda t: (acts.confirm, by(t, "neighbour"), waits(t))),
    ("own_check_in", lambda t: (acts.confirm, by(t, "clerk"), waits(t, "clerk"))),
    ("own_check_in", lambda t: (acts.decline, by(t, "clerk"), waits(t, "clerk"), "忙")),
    ("confirmed_already", lambda t: (acts.confirm, by(t, "clerk"), confirmed(t))),
    ("confirmed_already", lambda t: (acts.decline, by(t, "clerk"), confirmed(t), "晚了")),
    ("no_reason", lambda t: (acts.decline, by(t, "clerk"), waits(t), "  ")),
    ("too_much_text", lambda t: (acts.decline, by(t, "clerk"), waits(t), "因" * 201)),
    ("not_own_unit", lambda t: (acts.leave, by(t, "m1"), confirmed(t))),
    ("not_own_unit", lambda t: (acts.leave, by(t, "other_clerk"), confirmed(t))),
    ("same_place", lambda t: (
        acts.move, by(t, "neighbour"), confirmed(t), t.unit, t.areas[COMMUNITY])),
    ("no_task", lambda t: (acts.take_task, by(t, "neighbour"), confirmed(t), "king")),
    ("not_confirmed", lambda t: (acts.take_task, by(t, "neighbour"), waits(t), "tutor")),
    ("not_own_unit", lambda t: (acts.take_task, by(t, "m1"), confirmed(t), "tutor")),
]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "of"), REFUSED, ids=[f"{n}-{c}" for n, (c, _) in enumerate(REFUSED)]
)
def test_what_is_refused_says_so_and_changes_nothing(
    town: Town, code: str, of: Callable[[Town], tuple[Any, ...]]
) -> None:
    refused(code, *of(town))


def test_a_task_is_taken_on_once_and_given_up_once(town: Town) -> None:
    row = confirmed(town)
    me = by(town, "neighbour")
    task = acts.take_task(me, row, "mediator")
    refused("task_twice", acts.take_task, me, row, "mediator")
    acts.drop_task(me, task)
    refused("task_over", acts.drop_task, me, task)
    acts.take_task(me, row, "mediator")
    assert Task.objects.filter(check_in=row).count() == 2


def test_over_is_over(town: Town) -> None:
    row = confirmed(town)
    acts.leave(by(town, "neighbour"), row)
    for act, who, *more in (
        (acts.leave, "neighbour"), (acts.take_task, "neighbour", "tutor"),
        (acts.move, "neighbour", town.unit, town.areas[QUARTER]), (acts.decline, "clerk", "晚了"),
        (acts.confirm, "clerk"),
    ):  # fmt: skip
        refused("check_in_over", act, by(town, who), row, *more)


def test_places_and_units_that_have_ended(town: Town) -> None:
    day = timezone.localdate()
    Area.objects.filter(path=QUARTER).update(until=day)
    town.areas[QUARTER].refresh_from_db()
    refused("closed", acts.check_in, by(town, "m1"), town.people["m1"], town.unit,
            town.areas[QUARTER])  # fmt: skip
    row = waits(town)
    Unit.objects.filter(pk=town.unit.pk).update(until=day)
    refused("closed", acts.confirm, by(town, "clerk"), row)


def test_the_database_holds_one_check_in_too(town: Town) -> None:
    row = waits(town)
    twin = CheckIn(person=row.person, unit=row.unit, area=row.area, since=row.since)
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save()


def test_a_stand_in_of_the_clerk_confirms(town: Town) -> None:
    post = Post.objects.get(person=town.people["clerk"])
    day = timezone.localdate()
    Post.objects.create(
        person=town.people["m2"], role="clerk", unit=town.unit, since=day, behalf_of=post,
        until=day + timedelta(days=2),
    )  # fmt: skip
    acts.confirm(by(town, "m2"), waits(town))
    assert CheckIn.objects.get().confirmed_by == town.people["m2"]


def test_every_task_has_both_languages() -> None:
    assert {"clerk", "mediator", "tutor"} <= set(tasks.offered())
    assert all(tasks.task_words(kind).zh != tasks.task_words(kind).en for kind in tasks.offered())
    assert tasks.offered(["clerk"])[:1] != ("clerk",)


# --- a unit and a community


def test_a_unit_checks_in_and_both_sides_keep_their_lists(town: Town) -> None:
    clerk, desk = by(town, "clerk"), by(town, "desk")
    pair = units.check_in_unit(clerk, town.unit, town.areas[COMMUNITY])
    need = units.promise(desk, pair, "need", " 三栋的路灯要换 ")
    units.promise(clerk, pair, "resource", "会议室可以借")
    both = units.promise(desk, pair, "project", "共建维修队")
    units.end_promise(clerk, both, True)
    units.end_promise(desk, need, False)
    told = {p.kind: (p.text, p.until is None, p.done) for p in Promise.objects.all()}
    assert told == {
        "need": ("三栋的路灯要换", False, False), "resource": ("会议室可以借", True, False),
        "project": ("共建维修队", False, True),
    }  # fmt: skip
    refused("line_over", units.end_promise, desk, need, True)
    units.leave_community(clerk, pair)
    assert not Promise.objects.filter(until=None).exists()
    refused("pair_over", units.promise, desk, pair, "need", "又一件")
    assert verbs("registry.promise") == ["promise", "promise", "promise", "done", "end", "end"]


def test_who_may_write_to_which_list(town: Town) -> None:
    pair = units.check_in_unit(by(town, "clerk"), town.unit, town.areas[COMMUNITY])
    for name, kind in (
        ("clerk", "need"), ("desk", "resource"), ("other_clerk", "resource"), ("stranger", "need"),
        ("leader", "project"), ("desk", "wish"), ("m1", "project"),
    ):  # fmt: skip
        refused("not_your_list", units.promise, by(town, name), pair, kind, "一条")
    refused("no_text", units.promise, by(town, "desk"), pair, "need", " ")
    refused("too_much_text", units.promise, by(town, "desk"), pair, "need", "长" * 401)


def test_a_unit_checks_in_once_with_a_community_by_its_own_clerk(town: Town) -> None:
    here = town.areas[COMMUNITY]
    refused("not_own_unit", units.check_in_unit, by(town, "other_clerk"), town.unit, here)
    refused("not_own_unit", units.check_in_unit, by(town, "desk"), town.unit, here)
    refused("not_a_community", units.check_in_unit, by(town, "clerk"), town.unit,
            town.areas[QUARTER])  # fmt: skip
    pair = units.check_in_unit(by(town, "clerk"), town.unit, here)
    refused("unit_checked_in_already", units.check_in_unit, by(town, "clerk"), town.unit, here)
    refused("not_own_unit", units.leave_community, by(town, "other_clerk"), pair)
