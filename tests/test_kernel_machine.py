"""A machine that presses what it likes, in any order, and shrinks to the shortest trouble."""

from datetime import timedelta

from crowd import Reader, seated
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from stage import (
    CITIZENS,
    COUNTY_DESK,
    DESK,
    HERE,
    MEMBERS,
    REVIEWERS,
    STREET_DESK,
    SUPERVISOR,
    Stage,
    U,
    V,
    W,
    clerk,
    member,
)  # fmt: skip

from lianxin.core.step.refused import Refused

SPOT = [107.97, 26.58]
SEATED = (*MEMBERS[:4], member(0, V))
CLERKS = [clerk(unit) for unit in (U, V)]
DESKS = (DESK, STREET_DESK, COUNTY_DESK)
EVERYBODY = (*DESKS, *CLERKS, *SEATED, *REVIEWERS, SUPERVISOR, *CITIZENS)
HANDLED = {"outcome": "solved", "text": "好了"}
WORKED_ON = ("accepted", "kept", "grabbed")
WHY = {"reason": "下雨"}
DEEDS = {  # step → flow, states it is tried in, who (None: the unit's clerk), answers
    "keep": ("five-orders", ("dispatched", "accepted"), None, {}),
    "start": ("five-orders", ("accepted",), None, {}),
    "ask_extend": ("five-orders", WORKED_ON, None, WHY),
    "ask_park": ("five-orders", WORKED_ON, None, WHY),
    "unpark": ("five-orders", ("parked",), None, {}),
    "grant": ("approval", ("asked",), SUPERVISOR, {}),
    "deny": ("approval", ("asked",), SUPERVISOR, WHY),
    "redispatch": ("five-orders", (), DESK, {"unit": V, **WHY}),
    "split": ("five-orders", ("filed",), DESK, {"parts": ["甲", "乙"]}),
}
number, own_unit = st.integers(0, 50), st.sampled_from((U, V))


class Machine(RuleBasedStateMachine):
    """Five orders and whistles, with seats, papers, merges, children and time."""

    def __init__(self):
        super().__init__()
        self.stage = Stage()
        self.reader = Reader(self.stage.family)

    @initialize()
    def begin(self):
        for n, who in enumerate(CITIZENS[:3]):
            self.file(who)
            self.dispatch(n, DESK, U, 2)
        self.stage.file("whistle", DESK, place=HERE, text="占道")

    def orders(self, flow, *states):
        found = [o.id for o in self.stage.family.orders.values() if o.flow == flow]
        return [id for id in found if not states or self.stage.state(id) in states]

    def press(self, n, ids, verb, who, **given):
        if not ids:
            return
        before, id = len(self.stage.family.journal), ids[n % len(ids)]
        try:
            self.stage.step(id, verb, who or self.clerk_of(id), **given)
        except Refused as no:
            assert no.code != "endless"
            assert len(self.stage.family.journal) == before

    def clerk_of(self, id):
        """Mostly the right one, so that stories grow long; a random one would rarely be."""
        units = sorted(self.stage.order(id).ids("unit"))
        return clerk(units[0]) if units else CLERKS[0]

    # ── five orders ──────────────────────────────────────────────────────────────────────────

    @rule(who=st.sampled_from(CITIZENS))
    def file(self, who):
        self.stage.file("five-orders", who, place=HERE, text="路灯不亮")

    @rule(n=number, who=st.sampled_from(DESKS), unit=own_unit, seats=st.integers(1, 3))
    def dispatch(self, n, who, unit, seats):
        self.press(n, self.orders("five-orders", "filed", "returned"), "dispatch", who, unit=unit)
        self.press(n, self.orders("five-orders", "dispatched"), "accept", clerk(unit), seats=seats)

    @rule(n=number, who=st.sampled_from(SEATED))
    def grab(self, n, who):
        self.press(n, self.orders("five-orders", "accepted", "grabbed"), "grab", who)

    @rule(n=number, who=st.sampled_from(SEATED))
    def release(self, n, who):
        self.press(n, self.orders("five-orders", "grabbed"), "release", who, reason="生病")

    @rule(n=number, deed=st.sampled_from(sorted(DEEDS)))
    def do(self, n, deed):
        flow, states, who, given = DEEDS[deed]
        self.press(n, self.orders(flow, *states), deed, who, **given)

    @rule(n=number, callback=st.sampled_from(["solved", "unsolved"]))
    def finish(self, n, callback):
        self.press(n, self.orders("five-orders", "kept", "grabbed"), "handle", None, **HANDLED)
        self.stage.wait(days=4)
        self.press(n, self.orders("five-orders", "rated"), "call_back", DESK, callback=callback)
        self.press(n, self.orders("five-orders", "called"), "strike_off", DESK)

    @rule(n=number, reviewers=st.permutations(range(3)))
    def appeal(self, n, reviewers):
        self.press(n, self.orders("five-orders", "struck"), "appeal", None, reason="放假")
        for reviewer in reviewers[:2]:
            self.press(n, self.orders("review", "asked"), "uphold", REVIEWERS[reviewer])

    @rule(n=number, m=number, who=st.sampled_from(DESKS))
    def merge(self, n, m, who):
        ids = self.orders("five-orders")
        into = ids[m % len(ids)]
        open_ones = self.orders("five-orders", "filed", "returned", "dispatched")
        self.press(n, open_ones, "merge", who, into=into)

    # ── whistle ──────────────────────────────────────────────────────────────────────────────

    @rule(n=number, hours=st.integers(1, 5))
    def blow(self, n, hours):
        """All calls are due at the same moment, so the last two may end together."""
        given = {"departments": [U, V, W], "date": self.stage.at(hours=hours)}
        self.press(n, self.orders("whistle", "drafted"), "blow", DESK, **given)

    @rule(n=number, unit=st.sampled_from((U, V, W)))
    def come(self, n, unit):
        self.press(n, self.orders("call", "called"), "sign_in", clerk(unit), point=SPOT)

    @rule(n=number)
    def lead(self, n):
        self.press(n, self.orders("whistle", "present"), "begin", DESK, lead=U)
        self.press(n, self.orders("whistle", "together"), "solve", clerk(U), **HANDLED)

    # ── time, and second thoughts ────────────────────────────────────────────────────────────

    @rule(hours=st.sampled_from([0, 1, 1, 3, 9, 30, 200]))
    def time(self, hours):
        self.stage.until(self.stage.now + timedelta(hours=hours))

    @rule(back=st.integers(1, 4), who=st.sampled_from([None, DESK, CLERKS[1], MEMBERS[0]]))
    def undo(self, back, who):
        """By whoever did it, or somebody else; of an order that moved lately."""
        last = self.stage.family.journal[-back].event
        doer = next((w for w in EVERYBODY if w.id == last.actor), SUPERVISOR)
        before = len(self.stage.family.journal)
        try:
            self.stage.undo(last.order, who or doer)
        except Refused as no:
            assert no.code in ("undo_too_late", "undo_door", "undo_erased", "not_yours")
            assert len(self.stage.family.journal) == before

    # ── what always holds ────────────────────────────────────────────────────────────────────

    @invariant()
    def stories_are_whole_and_no_seat_is_sold_twice(self):
        self.reader.go_on()
        seated(self.stage.family)

    @invariant()
    def every_ended_child_told_its_parent(self):
        family = self.stage.family
        for order in family.orders.values():
            for child in family.page(order).children.values():
                kids = [k for k in family.children(order) if k.child == child.name]
                self.all_told(order, child, [k for k in kids if k.in_round == order.round])
                for kid in kids:
                    self.end_told(order, child, kid)

    def all_told(self, order, child, kids):
        verb = dict(child.on).get("all")
        if verb and kids and all(map(self.stage.family.ended, kids)):
            assert order.state not in self.stage.page(order.id).steps[verb].sources

    def end_told(self, order, child, kid):
        verb = dict(child.on).get(kid.state)
        if verb:
            act = self.stage.events(kid.id)[-1].act
            heard = [e for e in self.stage.events(order.id) if e.act == act]
            assert any(verb in (e.verb, e.given.get("step")) for e in heard)

    @invariant()
    def no_limit_is_shorter_than_nothing(self):
        for order in self.stage.family.orders.values():
            for running in order.limits.values():
                late_when_stopped = running.resumed and min(running.resumed.values()) < 0
                assert (running.due is None) == (running.left is not None)
                assert running.due is None or late_when_stopped or running.due >= running.start


Machine.TestCase.settings = settings(
    max_examples=40, stateful_step_count=40, deadline=None, derandomize=True,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
TestMachine = Machine.TestCase
