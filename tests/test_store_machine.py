"""A machine that presses at random on PostgreSQL, through both lanes, and believes no column."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from random import Random
from types import SimpleNamespace
from typing import Any

import pytest
import stage_pg
from crowd import CROWD, OFFICIALS, Reader, answers, seated
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from stage import DESK, RESIDENT, U
from test_fuzz import FLOWS, Run

from lianxin.core.flow.page import Page, Step
from lianxin.core.step.family import Family
from lianxin.core.step.refused import Refused
from lianxin.orders import actions, log, recount, world
from lianxin.orders.book import book
from lianxin.orders.bulk import Press, take_many
from lianxin.orders.models import Event, Hand, Order
from lianxin.orders.rows import moving
from lianxin.orders.shelf import look
from lianxin.registry.models import Post

seeds = st.integers(0, 2**32 - 1)
taken: Counter[str] = Counter()  # what was pressed over all rounds, by the way it was pressed


class Machine(RuleBasedStateMachine):
    """Orders of all flows, pressed one by one, many at once, offline, undone, and left to time."""

    def __init__(self) -> None:
        super().__init__()
        self.round = transaction.atomic()
        self.round.__enter__()
        self.stage = stage_pg.Stage()

    def teardown(self) -> None:
        try:
            self.every_open_order_has_a_way_on()
        finally:
            transaction.set_rollback(True)
            self.round.__exit__(None, None, None)

    # ── what is pressed ──────────────────────────────────────────────────────────────────────

    def try_to(self, way: str, act: Any) -> bool:
        """Whether it was taken. A refusal leaves no event behind."""
        before = Event.objects.count()
        try:
            act()
        except Refused as no:
            assert no.code != "endless"
            assert Event.objects.count() == before
            return False
        taken[way] += 1
        return True

    def said(self, page: Page, step: Step, rnd: Random) -> dict[str, Any]:
        """Answers to a step: orders by number, photos taken in."""
        numbers = list(Order.objects.order_by("id").values_list("number", flat=True))
        given = answers(page, step, rnd, SimpleNamespace(orders=numbers), self.stage.now)
        return stage_pg.with_photos(page, given, self.stage.now)

    @initialize(seed=seeds)
    def begin(self, seed: int) -> None:
        for n in range(3):
            self.open(seed + n)
        self.offer(seed)

    @rule(seed=seeds)
    def open(self, seed: int) -> None:
        rnd = Random(seed)
        flow = rnd.choice(["five-orders", rnd.choice(FLOWS)])
        page = book().page(flow, self.stage.now.date())
        door = rnd.choice([d for d in page.doors if d.by != ("parent",)])
        file = lambda who: actions.file(  # noqa: E731
            flow, door.name, who, self.said(page, door, rnd), area=self.stage.here, subject="7",
            now=self.stage.now,
        )  # fmt: skip
        for who in rnd.sample(CROWD, 6):
            if self.try_to("file", lambda who=who: file(who)):
                return

    @rule(seed=seeds)
    def offer(self, seed: int) -> None:
        """An order that a unit has opened to its members, with fewer seats than hands."""
        desk = clerk = OFFICIALS[0]
        file = {"text": "路灯不亮"}
        number = actions.file(
            "five-orders", "file", CROWD[-1], file, area=self.stage.here, now=self.stage.now
        ).number
        for who, verb, given in [
            (desk, "dispatch", {"unit": clerk.units[0]}),
            (clerk, "accept", {"seats": 1 + seed % 2}),
        ]:
            actions.step(number, verb, who, given, now=self.stage.now)

    def likely(self, rnd: Random) -> tuple[Order, Any, Step] | None:
        """An order, somebody, and a step: mostly one of their buttons, and one that moves."""
        rows = list(Order.objects.order_by("id"))
        if not rows:
            return None
        row = rnd.choice(rows)
        page = book().exact(row.flow, row.since)
        family = look([row.root_id.hex], world.rules()).family
        for who in rnd.sample(OFFICIALS, 4):
            shown = family.buttons(row.id.hex, who, self.stage.now)
            steps = [page.steps[name] for name, no in shown.items() if no is None]
            if moves := [s for s in steps if s.to or s.opens or s.casts]:
                return row, who, rnd.choice(moves)
        return row, rnd.choice(CROWD), rnd.choice(list(page.steps.values()))

    def press_of(self, rnd: Random) -> Press | None:
        found = self.likely(rnd)
        if found is None:
            return None
        row, who, step = found
        given = self.said(book().exact(row.flow, row.since), step, rnd)
        return Press(who, step.name, given, number=row.number)

    @rule(seed=seeds, offline=st.booleans())
    def press(self, seed: int, offline: bool) -> None:
        rnd = Random(seed)
        for one in filter(None, (self.press_of(rnd) for _ in range(3))):
            self.try_to("offline" if offline else "step", lambda one=one: actions.step(
                one.number, one.verb, one.who, one.given, offline=offline, now=self.stage.now
            ))  # fmt: skip

    @rule(seed=seeds, many=st.integers(2, 5))
    def press_many(self, seed: int, many: int) -> None:
        rnd = Random(seed)
        row = [one for _ in range(many) if (one := self.press_of(rnd))]
        before = Event.objects.count()
        said = take_many(row, now=self.stage.now)
        assert len(said) == len(row)
        done = [s for s in said if not isinstance(s, Refused)]
        taken["bulk"] += len(done)
        assert Event.objects.count() >= before + len(done)

    @rule(bulk=st.booleans())
    def all_grab(self, bulk: bool) -> None:
        """Everybody wants the seats of one order, one after the other or all in one go."""
        row = Order.objects.filter(state__in=["accepted", "grabbed"]).order_by("-id").first()
        presses = [Press(who, "grab", {}, number=row.number) for who in CROWD] if row else []
        if bulk:
            said = take_many(presses, now=self.stage.now)
            taken["grab"] += sum(not isinstance(s, Refused) for s in said)
            return
        for one in presses:
            self.try_to("grab", lambda one=one: actions.step(
                one.number, one.verb, one.who, {}, now=self.stage.now
            ))  # fmt: skip

    @rule(seed=seeds, own=st.sampled_from([True, True, False]))
    def undo(self, seed: int, own: bool) -> None:
        """What happened last, by whoever did it or by somebody."""
        rnd = Random(seed)
        rows = Order.objects.order_by("-at", "-id").values_list("number", "pk")
        number, pk = rnd.choice(rows[:3])
        last = Event.objects.filter(order_id=pk).order_by("-nth").first()
        doers = [who for who in CROWD if own and last and who.id == last.actor] or CROWD
        who = rnd.choice(doers)
        self.try_to("undo", lambda: actions.undo(number, who, now=self.stage.now))

    @rule(hours=st.sampled_from([0, 1, 1, 3, 9, 30, 200]))
    def time(self, hours: int) -> None:
        before = Event.objects.count()
        self.stage.wait(hours=hours, minutes=1)
        taken["time"] += Event.objects.count() - before

    # ── what always holds ────────────────────────────────────────────────────────────────────

    def family(self) -> Family:
        roots = Order.objects.filter(parent=None).values_list("pk", flat=True)
        return look([pk.hex for pk in roots], world.rules()).family

    @invariant()
    def the_log_is_whole_and_adds_up_to_the_rows(self) -> None:
        assert recount.verify().faults == ()
        rows = Event.objects.order_by("order_id", "nth").values("order_id", *log.NAMES)
        family = self.family()
        family.journal = [SimpleNamespace(event=event) for event in log.events(rows)]
        Reader(family).go_on()
        seated(family)
        self.columns_follow(family)
        self.hands_follow(family)

    def columns_follow(self, family: Family) -> None:
        for row in Order.objects.values():
            order = family.orders[row["id"].hex]
            told = moving(family.page(order), order, family.rules)
            told["area_id"] = told["area_id"] and int(told["area_id"])
            for name, value in told.items():
                if isinstance(row[name], datetime):
                    value = datetime.fromisoformat(value)
                assert row[name] == value, f"{row['flow']} {row['state']}: {name}"

    def hands_follow(self, family: Family) -> None:
        """The rows that lists are read by are the parties of the facts, and those alone."""
        same = ("order_id", "name", "holds", "who", "capacity", "since", "veiled")
        stand = set(Hand.objects.filter(until=None).values_list(*same))
        told = {
            (order.id, h.name, parties[h.name].index, int(h.who), h.capacity, h.since, h.veiled)
            for order in family.orders.values() for h in order.hands
            if h.name in (parties := family.page(order).parties)
        }  # fmt: skip
        assert {(id.hex, *rest) for id, *rest in stand} == told

    def every_open_order_has_a_way_on(self) -> None:
        run = Run(0, Counter())
        run.family = self.family()
        assert run.stuck() == []


@pytest.fixture
def town(db):
    """The people of the stage; the crowd's officials are members of their units too."""
    with stage_pg.opened({}):
        Post.objects.bulk_create(
            Post(person_id=who.id, role="member", unit_id=unit, since=stage_pg.LONG_AGO)
            for who in OFFICIALS for unit in who.units[:1]
        )  # fmt: skip
        yield


@pytest.mark.timeout(300)
def test_whatever_is_pressed(town):
    run_state_machine_as_test(Machine, settings=settings(
        max_examples=50, stateful_step_count=12, deadline=None, derandomize=True,
        suppress_health_check=list(HealthCheck), phases=(Phase.generate,),
    ))  # fmt: skip
    assert {"file", "step", "offline", "bulk", "grab", "undo", "time"} <= set(taken), taken


def test_a_unit_let_go_and_bound_by_the_same_step_is_bound_once(db):
    with stage_pg.opened({}) as stage:
        order = stage.file("five-orders", RESIDENT, text="路灯不亮")
        stage.step(order, "dispatch", DESK, unit=U)
        stage.step(order, "redispatch", DESK, unit=U, reason="再派一次")
        rows = Hand.objects.filter(name="unit").order_by("since").values_list("since", "until")
        assert list(rows) == [(2, 3), (3, None)]
        stage.undo(order, DESK)
        assert list(rows.filter(until=None)) == [(2, None)]
