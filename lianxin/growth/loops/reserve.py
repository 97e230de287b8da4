"""A reserve is kept from the second reviewer's pass until becoming secretary or leaving."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from lianxin.core.step.order import Order
from lianxin.core.step.refused import Refused
from lianxin.growth.actions.reserves import end_plan
from lianxin.growth.loops.facts import into_post
from lianxin.growth.loops.writing import Done, Loop, Write
from lianxin.growth.models import Rearing, Reserve
from lianxin.orders.models import Event
from lianxin.registry.actions import appoint as appoint_post
from lianxin.registry.models import Person, Post

DOORS = {"select": Reserve.Door.CHOSEN, "recommend": Reserve.Door.PUT_FORWARD}
HEAD, DEPUTY = "head", "deputy"  # posts of the careers table


def once(order: Order, given: Mapping[str, Any]) -> None:
    """Refuses: kept_already."""
    person = given.get("candidate") or order.subject
    if Reserve.objects.filter(person=int(str(person)), until=None).exists():
        raise Refused("kept_already")


def vet(done: Done) -> None:
    door = Event.objects.get(order_id=done.key, nth=1).verb
    row = Reserve.objects.create(
        person=done.person, area=done.area, door=DOORS[door], since=done.day, order=done.key
    )
    done.stamp.made("add", row)


def pair(done: Done) -> None:
    """The mentor before this one goes."""
    for row in plan(done).filter(kind=Rearing.Kind.MENTOR, until=None):
        done.stamp.change("end", row, until=done.day)
    mentor = Person.objects.get(pk=int(done.given["mentor"]))
    line(done, Rearing.Kind.MENTOR, mentor.name)


def plans(kind: str, field: str) -> Write:
    """A line of the plan out of what the step was told."""

    def write(done: Done) -> None:
        line(done, kind, done.said(field))

    return write


def line(done: Done, kind: str, name: str) -> None:
    if kept := reserve(done):
        row = Rearing.objects.create(reserve=kept, kind=kind, name=name[:120], since=done.day)
        done.stamp.made("add", row)


def plan(done: Done) -> Any:
    return Rearing.objects.filter(reserve__order=done.key)


def reserve(done: Done) -> Reserve | None:
    return Reserve.objects.filter(order=done.key, until=None).first()


def ends(how: str, then: Callable[[Done], None] | None = None) -> Write:
    def write(done: Done) -> None:
        if row := reserve(done):
            done.stamp.change("end", row, until=done.day, ended=how)
            end_plan(done.stamp, row, done.day)
        if then:
            then(done)

    return write


def secretary(done: Done) -> None:
    """The post begins, in the career and in the house."""
    into_post(done, done.person, HEAD)
    held = Post.objects.filter(person=done.person, role="secretary", area=done.area, until=None)
    if not held.exists():
        appoint_post(done.stamp, done.person, "secretary", done.day, area=done.area)


def deputy(done: Done) -> None:
    """A post begins; a reserve they stay."""
    into_post(done, done.person, DEPUTY)


RESERVE = Loop(
    checks={"select": once, "recommend": once, "vet": once},
    writes={
        "vet": vet, "pair": pair, "appoint": ends(Reserve.Ended.SECRETARY, secretary),
        "drop": ends(Reserve.Ended.RELEASED),
    },
    notes={
        "charge": plans(Rearing.Kind.TASK, "task"), "enrol": plans(Rearing.Kind.STUDY, "school"),
        "practise": plans(Rearing.Kind.PRACTICE, "at_post"), "promote": deputy,
    },
)  # fmt: skip
