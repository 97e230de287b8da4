"""Some weeks of orders in the demo: scripts that end in each state, taken in the bulk lane."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from random import Random
from typing import Any

from django.db import transaction
from django.utils import timezone
from tqdm import tqdm

from lianxin.core.step.refused import Refused
from lianxin.core.step.who import Who
from lianxin.demo import home, lamp
from lianxin.demo.requests import DONE, RAIN, REASONS, WINTER, said
from lianxin.orders import clockwork
from lianxin.orders.actions import Done, local
from lianxin.orders.book import categories
from lianxin.orders.bulk import Press, take_many
from lianxin.orders.lane import Lane
from lianxin.registry.models import Area, Door, Post, Unit
from lianxin.registry.queries import grants, who_answers

AT_ONCE = 400  # presses of one wave that go into one transaction
SOON_AFTER = timedelta(minutes=20)  # the second to report a thing comes after the first
A_MOMENT = timedelta(minutes=5)
HOME = 4  # one play in so many happens in the cast's community, so that its desk has a full day


@dataclass(frozen=True, slots=True)
class Act:
    """One line of a script: hours after the line before, who, which step, what is said.

    `who` is a part of the play (`desk`, `clerk`, `member 0`…), `on` the paper it is taken on.
    """

    after: float
    who: str
    verb: str
    given: dict[str, Any] = field(default_factory=dict)
    paper: bool = False


@dataclass(frozen=True, slots=True)
class Script:
    """How an order comes to stand where it stands, and how many hours ago its last step may be."""

    name: str
    count: int
    recent: tuple[float, float]
    acts: tuple[Act, ...]


SENT = (Act(0.6, "desk", "dispatch", {"unit": "unit"}),)
KEPT = (*SENT, Act(1.5, "clerk", "keep"))
OPENED = (*SENT, Act(1.2, "clerk", "accept", {"seats": 2}))
TAKEN = (*OPENED, Act(1.0, "member 0", "grab"), Act(0.5, "member 1", "grab"))
HANDLED = Act(9.0, "member 0", "handle", {"outcome": "solved", "text": "done"})
BY_UNIT = Act(20.0, "clerk", "handle", {"outcome": "solved", "text": "done"})
RATED = Act(5.0, "filer", "rate", {"rating": 5})
CALLED = Act(4.0, "desk", "call_back", {"callback": "solved"})
STRUCK = Act(2.0, "desk", "strike_off")
SCRIPTS = (
    Script("filed", 40, (0.1, 1.6), ()),
    Script("returned", 24, (0.2, 30), (*SENT, Act(1.5, "clerk", "return", {"reason": "reason"}))),
    Script("dispatched", 60, (0.2, 40), SENT),
    Script("accepted", 72, (0.2, 3), OPENED),
    Script("kept", 60, (1, 90), KEPT),
    Script("grabbed", 60, (1, 60), TAKEN),
    Script("parked", 24, (24, 400), (
        *KEPT, Act(0.8, "clerk", "ask_park", {"reason": WINTER}),
        Act(3, "supervisor", "grant", paper=True),
    )),
    Script("extended", 24, (1, 20), (
        *KEPT, Act(0.8, "clerk", "ask_extend", {"reason": RAIN}),
        Act(3, "supervisor", "grant", paper=True),
    )),
    Script("asked to extend", 20, (1, 6), (
        *KEPT, Act(0.8, "clerk", "ask_extend", {"reason": RAIN}),
    )),
    Script("done", 50, (1, 60), (*TAKEN, HANDLED)),
    Script("rated", 40, (1, 40), (*KEPT, BY_UNIT, RATED)),
    Script("unsolved", 24, (1, 20), (
        *KEPT, BY_UNIT, Act(4, "filer", "rate", {"rating": 2}),
        Act(3, "desk", "call_back", {"callback": "unsolved"}),
    )),
    Script("called", 30, (1, 20), (*TAKEN, HANDLED, RATED, CALLED)),
    Script("struck by members", 420, (30, 900), (*TAKEN, HANDLED, RATED, CALLED, STRUCK)),
    Script("struck by the unit", 300, (30, 900), (*KEPT, BY_UNIT, RATED, CALLED, STRUCK)),
    Script("struck late", 40, (30, 500), (
        *KEPT, Act(400, "clerk", "handle", {"outcome": "partly", "text": "done"}),
        Act(4, "filer", "rate", {"rating": 3}), CALLED, STRUCK,
    )),
    Script("reopened", 24, (2, 60), (
        *KEPT, BY_UNIT, Act(6, "filer", "reopen", {"reason": "只修好了一半，晚上又坏了。"}),
    )),
    Script("solved on the spot", 220, (2, 800), ()),
    Script("refused", 24, (5, 700), (
        Act(1, "desk", "refuse", {"reason": "这件事由市级部门统一安排，已把办事窗口电话告诉您。"}),
    )),
    Script("withdrawn", 24, (5, 700), (
        Act(1, "filer", "withdraw", {"reason": "自己解决了，谢谢。"}),
    )),
    Script("merged", 24, (5, 300), (Act(1, "desk", "merge", {"into": "twin"}),)),
    Script("merged by mistake", 20, (5, 60), (
        Act(1, "desk", "merge", {"into": "twin"}),
        Act(3, "desk", "unmerge", {"reason": "去看过了，不是同一盏灯，分开来办。"}),
    )),
    Script("split", 22, (0.2, 8), (
        Act(1, "desk", "split", {"parts": ["路灯不亮", "旁边的井盖松动"]}),
    )),
    Script("passed up", 24, (0.2, 1.5), (Act(0.8, "desk", "pass_up"),)),
)  # fmt: skip


@dataclass
class Play:
    """One order on its way through its script."""

    script: Script
    area: Area
    where: str
    filed: datetime
    answers: dict[str, Any]
    unit: Unit
    seed: int
    done: Done | None = None
    twin: Play | None = None

    @property
    def length(self) -> timedelta:
        return self.at(len(self.script.acts)) - self.filed

    def at(self, n: int) -> datetime:
        """When the n-th act happens; 0 is the filing itself."""
        return self.filed + timedelta(hours=sum(a.after for a in self.script.acts[:n]))


class Company:
    """Who plays the parts: looked up once, by place and by unit."""

    def __init__(self, now: datetime) -> None:
        self.now, self.home = now, home.community()

    @cache  # noqa: B019 (one company lives as long as one loading)
    def person(self, role: str, path: str = "", unit: int | None = None, n: int = 0) -> Who:
        posts = Post.objects.filter(role=role, until=None).order_by("pk")
        posts = posts.filter(unit_id=unit) if unit else posts.filter(area__path=path)
        if not (held := posts.count()):
            raise LookupError(f"nobody is {role} at {path or unit}: load.Size(played=True)")
        person = posts.select_related("person")[n % held].person
        return Who(str(person.pk), grants(person, self.now))

    @cache  # noqa: B019
    def unit(self, category: str, path: str) -> Unit:
        answers = who_answers(category, path, timezone.localdate(self.now))
        county = Unit.objects.filter(area__path=path[:6]).order_by("pk")
        return answers[0][0] if answers else county[0]

    def who(self, part: str, play: Play) -> Who:
        name, _, n = part.partition(" ")
        path = play.area.path
        if name == "filer":
            assert play.done
            return Who("", party=(play.done.id, "filer"))
        if name in ("clerk", "member"):
            return self.person(name, unit=play.unit.pk, n=int(n or 0) + shift(name, play.seed))
        place = {"grid_worker": path, "desk": path[:12], "supervisor": path[:6]}[name]
        return self.person(name, place)


def shift(name: str, seed: int) -> int:
    """A unit's members take turns in pairs; in the cast's community the same three pairs, so that
    the two members of the cast have taken something."""
    if name != "member":
        return 0
    return (seed // HOME % 3 if seed % HOME == 0 else 3 + seed % 17) * 2


def plays(rng: Random, now: datetime, share: float = 1.0) -> Iterator[Play]:
    """Every script as often as it says, each at a place and time of its own, every fourth in the
    cast's community; an order that is to be merged comes with one from the same door that it is
    merged into."""
    company = Company(now)
    doors = list(
        Door.objects.filter(area__path__startswith="5226", area__kind_id="grid")
        .select_related("area", "building").order_by("pk")
    )  # fmt: skip
    near = [door for door in doors if door.area.path.startswith(company.home)]
    scripts = {s.name: s for s in SCRIPTS}
    for script in SCRIPTS:
        for n in range(max(1, round(script.count * share))):
            door = rng.choice(near if near and n % HOME == 0 else doors)
            play = at_door(script, door, n, company, rng, now)
            if script.name.startswith("merged"):
                play.twin = at_door(scripts["dispatched"], door, n, company, rng, now)
                play.twin.answers, play.twin.unit = dict(play.answers), play.unit  # the same
                # Early enough that all of this has happened by now, one thing after the other.
                latest = now - play.length - A_MOMENT - SOON_AFTER
                play.twin.filed = min(play.twin.filed, latest)
                play.filed = play.twin.filed + SOON_AFTER
                yield play.twin
            yield play


def at_door(
    script: Script, door: Door, n: int, company: Company, rng: Random, now: datetime
) -> Play:
    where = f"{door.building.street}{door.building.number}号{door.building.name}"
    answers = said(rng, door.building.name)
    length = sum(a.after for a in script.acts)
    filed = now - timedelta(hours=length + rng.uniform(*script.recent))
    unit = company.unit(answers["category"], door.area.path[:6])  # duties are a county's here
    return Play(script, door.area, where, filed, answers, unit, n)


def perform(rng: Random, share: float = 1.0) -> int:
    """Walk all plays, wave by wave, in the bulk lane and without notices. Returns steps taken.

    Raises Refused where a script no longer fits its page: a demo that lies is worse than none.
    """
    now = timezone.now()
    company = Company(now)
    cast = sorted(plays(rng, now, share), key=lambda p: p.filed)
    steps = wave(cast, [filing(p, company) for p in cast])
    longest = max(len(p.script.acts) for p in cast)
    for n in tqdm(range(longest), desc="工单 orders", unit="轮", disable=None):
        acting = [p for p in cast if len(p.script.acts) > n]
        steps += wave(acting, [press(p, n, company) for p in acting])
    time_passes(now)
    return steps


def time_passes(now: datetime) -> None:
    """What the clock has done by now it did at its own moments, not when the demo was loaded."""
    while roots := clockwork.due(now):
        with transaction.atomic():
            lane = Lane(now, roots, as_live=True)
            for root in roots:
                lane.let_time(root, now)
            lane.flush()


def wave(acting: list[Play], presses: list[Press]) -> int:
    for start in range(0, len(presses), AT_ONCE):
        found = take_many(presses[start : start + AT_ONCE], quiet=True, as_live=True)
        for play, done in zip(acting[start:], found, strict=False):
            if isinstance(done, Refused):
                raise done
            if play.done is None:
                play.done = done
    return len(presses)


def filing(play: Play, company: Company) -> Press:
    answers = {**play.answers, "address": play.where}
    if play.script.name == "solved on the spot":
        answers.pop("severity")
        who = company.who("grid_worker", play)
        return Press(who, "log", answers, flow="five-orders", area=play.area, at=play.filed)
    answers.pop("severity")
    answers["phone"] = rings_nowhere(play)
    if seen(play, company):
        answers["photo"] = [lamp.photo(lit=False, at=play.filed)]
    return Press(Who(""), "file", answers, flow="five-orders", area=play.area, at=play.filed)


def seen(play: Play, company: Company) -> bool:
    """Whether there are photos of it: of the lamps in the cast's community."""
    return play.answers["category"] == lamp.LAMP and play.area.path.startswith(company.home)


def rings_nowhere(play: Play) -> str:
    """What the asker left: no number begins so, and no message is sent to what is no mobile."""
    return f"0000-0{zlib.crc32(f'{play.seed} {play.where} {play.filed}'.encode()) % 10**7:07d}"


def press(play: Play, n: int, company: Company) -> Press:
    act = play.script.acts[n]
    assert play.done
    number = f"{play.done.number}-1" if act.paper else play.done.number
    given = {name: filled(value, play) for name, value in act.given.items()}
    if act.verb == "dispatch":
        given["severity"] = play.answers["severity"]
    if act.verb == "handle" and seen(play, company):
        for name, lit in (("photo_before", False), ("photo", True)):
            given[name] = [lamp.photo(lit=lit, at=play.at(n + 1))]
    verb = act.verb
    if verb == "keep" and categories().pair(play.answers["category"], local(play.filed)):
        verb = "keep_named"
        given["holder"] = [company.who(f"member {k}", play).id for k in (0, 1)]
    return Press(company.who(act.who, play), verb, given, number=number, at=play.at(n + 1))


def filled(value: Any, play: Play) -> Any:
    """Names in a script that stand for something of this play."""
    if value == "unit":
        return str(play.unit.pk)
    if value == "twin":
        assert play.twin and play.twin.done
        return play.twin.done.number
    rng = Random(f"{play.seed} {play.where}")
    return {"done": rng.choice(DONE), "reason": rng.choice(REASONS)}.get(str(value), value)
