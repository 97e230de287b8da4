"""The grade that is shown never lags behind the facts, whoever wrote them and whoever took them
back: what stands is always what reckoning anew would give."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from careers_town import fact, hired, person, stamp
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from town import COMMUNITY, DAY, Town, settled

from lianxin.growth.actions import reckoned
from lianxin.growth.actions.careers import correct, void, write
from lianxin.growth.actions.reserves import became, keep
from lianxin.growth.actions.workers import enrol, leave
from lianxin.growth.models import Fact, Standing
from lianxin.growth.queries.careers import everybody, reckon
from lianxin.orders import actions as orders
from lianxin.registry.actions import Stamp, told
from lianxin.registry.actions.merging import merge, part
from lianxin.registry.imports import import_sheet, undo_batch
from lianxin.registry.models import Batch

ENTERED = date(2018, 3, 1)
HEAD = "用户名,类别,名称,编号,起始日期,工作地点\n"


@pytest.fixture
def town(request: pytest.FixtureRequest) -> Iterator[Town]:
    with settled(request) as town:
        yield town


def standings() -> list[tuple[Any, ...]]:
    rows = Standing.objects.order_by("person__username")
    return list(rows.values_list("person__username", "post", "grade", "pay", "next_on", "recorded"))


def up_to_date() -> list[tuple[Any, ...]]:
    """What stands now, which reckoning anew does not change."""
    shown = standings()
    reckon(everybody(), timezone.localdate())
    assert shown == standings()
    return shown


def grade(name: str = "worker") -> int | None:
    rows = {row[0]: row[2] for row in up_to_date()}
    return rows.get(name)


def case(town: Town, flow: str, door: str, by: str, **given: Any) -> str:
    area = town.grid if by == "worker" else town.areas[COMMUNITY]
    return orders.file(flow, door, town[by], given, area=area).number


# ── what one hand writes ─────────────────────────────────────────────────────────────────────────


def test_written_corrected_and_taken_out(town: Town) -> None:
    worker = hired(town)
    low = grade()
    (degree,) = write(stamp(), worker, fact("degree", ENTERED, name="doctor"))
    assert grade() > low
    correct(stamp(), degree, name="bachelor")
    middle = grade()
    void(stamp(), degree)
    assert low == grade() < middle


def test_a_worker_is_enrolled_and_leaves(town: Town) -> None:
    spell = enrol(stamp(), town.people["worker"], town.areas[COMMUNITY], "worker", ENTERED)
    assert grade() is not None
    leave(stamp(), spell, timezone.localdate())
    assert grade() is None, "who left stands nowhere"


def test_elected_from_the_reserves_they_stand_in_another_post(town: Town) -> None:
    worker = hired(town)
    row = keep(stamp(), worker, town.areas[COMMUNITY], "chosen", date(2024, 1, 5))
    became(stamp(), row, "deputy", timezone.localdate())
    assert up_to_date()[0][1] == "deputy"


# ── what loops write, and take back ──────────────────────────────────────────────────────────────


def test_a_certificate_from_a_case_counts_at_once_and_goes_with_its_step(town: Town) -> None:
    hired(town)
    before = grade()
    number = case(
        town, "certificate", "hand_in", "worker", holder=str(town.people["worker"].pk),
        certificate="social_worker", serial="SW-1", **{"from": "2020-11-01"},
    )  # fmt: skip
    orders.step(number, "note", town["desk"], {})
    assert grade() > before
    orders.undo(number, town["desk"])
    assert not Fact.objects.filter(kind="certificate").exists()
    assert grade() == before


def test_a_reserve_promoted_by_a_case_stands_as_deputy(town: Town) -> None:
    hired(town)
    number = case(town, "reserve", "select", "desk", candidate=str(town.people["worker"].pk))
    for reviewer in ("r1", "r2"):
        orders.step(number, "vet", town[reviewer], {})
    orders.step(number, "pair", town["desk"], {"mentor": str(town.people["leader"].pk)})
    orders.step(number, "promote", town["desk"], {"text": "任副书记"})
    assert up_to_date()[0][1] == "deputy"


# ── sheets ───────────────────────────────────────────────────────────────────────────────────────


def test_a_sheet_and_its_undo(town: Town) -> None:
    hired(town)
    before = grade()
    rows = (
        "worker,学历,博士,,2017-06-30,\n"
        f"w2,在岗,,,2020-01-01,{COMMUNITY}\nw2,岗位,专职工作者,,2020-01-01,\n"
    )
    person(town, "w2")
    done = import_sheet("careers", (HEAD + rows).encode(), "履历.csv", stamp())
    assert done.errors == [] and done.batch
    assert (grade("w2") is not None, grade() > before) == (True, True)
    assert undo_batch(done.batch, stamp()).left == 0
    assert (grade("w2"), grade()) == (None, before)


def test_workers_by_sheet_and_back(town: Town) -> None:
    head = "用户名,岗位,社区,入职日期,离职日期\n"
    rows = f"{head}worker,专职工作者,{COMMUNITY},2019-03-01,\n"
    done = import_sheet("workers", rows.encode(), "工作者.csv", stamp())
    assert done.errors == [] and grade() is not None
    gone = f"{head}worker,专职工作者,{COMMUNITY},2019-03-01,2024-03-01\n"
    left = import_sheet("workers", gone.encode(), "工作者.csv", stamp())
    assert grade() is None
    undo_batch(left.batch, stamp())
    assert grade() is not None
    undo_batch(done.batch, stamp())
    assert grade() is None


def test_a_check_changes_nothing(town: Town) -> None:
    hired(town)
    before = standings()
    rows = f"{HEAD}worker,学历,博士,,2017-06-30,\n".encode()
    assert import_sheet("careers", rows, "履历.csv", stamp(), check=True).made == 1
    assert standings() == before == up_to_date()


def test_a_sheet_is_reckoned_once_for_all_of_its_rows(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[set[int]] = []
    monkeypatch.setattr(reckoned, "reckon", lambda people, day: asked.append(set(people)))
    keys = {person(town, f"w{n}").pk for n in range(4)}
    rows = "".join(f"w{n},专职工作者,{COMMUNITY},2019-03-01,\n" for n in range(4))
    import_sheet(
        "workers", f"用户名,岗位,社区,入职日期,离职日期\n{rows}".encode(), "a.csv", stamp()
    )
    assert asked == [keys]


# ── two who are one ──────────────────────────────────────────────────────────────────────────────


def test_two_who_become_one_and_part_again(town: Town) -> None:
    one, two = person(town, "one"), person(town, "two")
    enrol(stamp(), one, town.areas[COMMUNITY], "worker", ENTERED)
    before = up_to_date()
    merge(stamp(), one, two)
    assert [row[0] for row in up_to_date()] == ["two"]
    one.refresh_from_db()
    part(stamp(), one)
    assert up_to_date() == before


# ── how it is told ───────────────────────────────────────────────────────────────────────────────


def test_what_is_half_written_when_it_stops_is_told_to_nobody(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[set[int]] = []
    monkeypatch.setattr(reckoned, "reckon", lambda people, day: asked.append(set(people)))
    worker = hired(town)
    asked.clear()
    with pytest.raises(RuntimeError), transaction.atomic(), told.together():
        stamp().made("write", Fact.objects.create(person=worker, kind="duty", name="x", since=DAY))
        raise RuntimeError
    assert asked == []
    with told.together():
        stamp().made("write", Fact.objects.create(person=worker, kind="duty", name="x", since=DAY))
        with told.together():
            stamp().made("add", Batch.objects.create(what="x", file_name="x", sha256="", at=NOW()))
        assert asked == []
    assert asked == [{worker.pk}]


def test_rows_that_nobody_follows_cost_nothing(town: Town) -> None:
    row = Batch.objects.create(what="x", file_name="x", sha256="", at=NOW())
    with CaptureQueriesContext(connection) as asked:
        Stamp(None, NOW()).made("add", row)
    assert len(asked) == 1, "the entry alone"


NOW = timezone.now
