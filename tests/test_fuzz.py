"""Random people press random buttons on every page: nothing breaks, and no order gets stuck."""

from collections import Counter
from datetime import timedelta
from random import Random

import pytest
from crowd import CROWD, OFFICIALS, answers, seated, whole
from stage import GRID, HERE, START, book, rules

from lianxin.core.step.agenda import next_at
from lianxin.core.step.capacity import fit
from lianxin.core.step.family import Family
from lianxin.core.step.refused import Refused

RUNS, PRESSES_A_STEP = 320, 2
ENDING = {"withdraw", "refuse", "merge", "split", "cancel", "drop", "decline", "log"}
BY_ANSWER = {  # refusals that hang on what was answered, which no button can know
    "interested", "unknown", "already", "not_cast", "circle", "target_closed", "not_yours",
    "differs", "children_open", "too_late", "window_closed", "too_often", "same_house",
    "no_offer",
}  # fmt: skip
ROAD = ("dispatch", "keep", "handle", "rate", "call_back", "strike_off")
FLOWS = sorted(
    flow for flow in book().flows
    if any(d.by != ("parent",) for p in book().pages[flow].values() for d in p.doors)
)  # fmt: skip


class Run:
    """Many presses by a seed. What the runs before have taken often, this one seeks less."""

    def __init__(self, seed, taken):
        self.rnd, self.now, self.codes = Random(seed), START, Counter()
        self.taken = taken
        self.family = Family(rules(among=None))
        self.flow = FLOWS[seed % len(FLOWS)]

    def open(self):
        page, before = book().page(self.flow, self.now.date()), len(self.family.orders)
        for _ in range(80):
            door, who = self.likely(list(page.doors)), self.rnd.choice(CROWD)
            subject = str(self.rnd.randrange(99)) if page.about == "person" else "7"
            self.press(
                lambda door=door, who=who, subject=subject: self.family.file(
                    self.flow, door.name, who, answers(page, door, self.rnd, self.family, self.now),
                    self.now, path=GRID, area=HERE, subject=subject, act=f"{self.now}",
                )
            )  # fmt: skip
            if len(self.family.orders) > before + 1:
                return
        raise AssertionError(f"nobody opens {self.flow}")

    def walk(self, *verbs):
        """Take the first order of five orders down the road, by whoever may: its end lies far."""
        order = next(iter(self.family.orders.values()))
        page = self.family.page(order)
        for verb in verbs:
            for who in CROWD:
                given = answers(page, page.steps[verb], self.rnd, self.family, self.now)
                given |= {"callback": "solved"} if "callback" in given else {}
                if not self.press(
                    lambda who=who, verb=verb, given=given: self.family.step(
                        order.id, verb, who, given, self.now, act=verb
                    )
                ):
                    break

    def play(self):
        page = book().page(self.flow, self.now.date())
        for n in range(PRESSES_A_STEP * len(page.steps)):
            self.now += timedelta(minutes=self.rnd.choice([1, 20, 20, 200]))
            if self.rnd.random() < 0.04:
                self.now += timedelta(days=self.rnd.choice([1, 4, 40]))
                self.family.tick(self.now, act=f"tick-{n}")
            if all(map(self.family.ended, self.family.orders.values())):
                self.open()
            self.step_somewhere(n)

    def step_somewhere(self, n):
        """Mostly a button that is shown, sometimes any; what is shown holds but for the answers."""
        order = self.an_order()
        page = self.family.page(order)
        for who in self.rnd.sample(CROWD, 3):
            shown = self.family.buttons(order.id, who, self.now)
            steps = [page.steps[name] for name, no in shown.items() if no is None]
            if any(s.to or s.opens for s in steps):
                break
        blind = self.rnd.random() < 0.1 or not steps
        step = self.likely(list(page.steps.values()) if blind else steps)
        given = answers(page, step, self.rnd, self.family, self.now)
        no = self.press(
            lambda: self.family.step(order.id, step.name, who, given, self.now, act=f"act-{n}")
        )
        assert blind or no is None or no in BY_ANSWER, f"{step.name} was shown, and refused: {no}"
        assert no or step in steps, f"{step.name} was not shown, and taken"

    def an_order(self):
        """Mostly the one that moved last, so that stories grow long."""
        if self.rnd.random() < 0.5:
            return self.family.orders[self.family.journal[-1].order.id]
        return self.rnd.choice([*self.family.orders.values()])

    def likely(self, steps):
        """Mostly what leads somewhere and was taken least."""
        moving = [s for s in steps if (s.to or s.opens or s.casts) and s.name not in ENDING]
        if not moving or self.rnd.random() < 0.2:
            return self.rnd.choice(steps)
        return min(moving, key=lambda s: (self.taken[self.flow, s.name], self.rnd.random()))

    def press(self, act):
        before = len(self.family.journal)
        try:
            act()
        except Refused as no:
            self.codes[no.code] += 1
            assert len(self.family.journal) == before
            return no.code
        self.codes["taken"] += 1
        self.taken.update((self.flow, c.event.verb) for c in self.family.journal[before:])
        seated(self.family)
        return None

    def stuck(self):
        return [
            (o.flow, o.state) for o in self.family.orders.values()
            if not self.family.ended(o) and not self.can_move(o)
        ]  # fmt: skip

    def can_move(self, order):
        page = self.family.page(order)
        if next_at(page, order, self.family.rules):
            return True
        kids = [k for k in self.family.children(order) if not self.family.ended(k)]
        for step in page.steps.values():
            if order.state not in step.sources or not (step.to or step.opens or step.if_none):
                continue
            if "child" in step.by and kids:
                return True
            if any(self.somebody(order, page, entry) for entry in step.by):
                return True
        return False

    def somebody(self, order, page, entry):
        """Somebody stands in that party, or the crowd has one with that post."""
        if entry in page.parties:
            return bool(order.party(entry))
        return any(fit(order, page, entry, who, book().roles) for who in OFFICIALS)


@pytest.fixture(scope="module")
def runs():
    taken = Counter()
    runs = [Run(seed, taken) for seed in range(RUNS)]
    for run in runs:
        run.open()
        if run.flow == "five-orders":
            run.walk(*ROAD)
        run.play()
    return runs


def test_nothing_is_stuck(runs):
    assert Counter(row for run in runs for row in run.stuck()) == {}


def test_every_story_is_whole(runs):
    for run in runs:
        whole(run.family)


def test_every_page_was_played_and_every_no_heard(runs):
    flows = {o.flow for run in runs for o in run.family.orders.values()}
    assert flows == set(book().flows)
    codes = sum((run.codes for run in runs), Counter())
    assert codes["taken"] > 5_000
    assert {"not_yours", "out_of_turn", "interested", "no_unit", "already"} <= set(codes)
    assert "endless" not in codes
