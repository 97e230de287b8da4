"""A town with something in every column of the board: done again twice, merged, divided, taken
back, kept from a house, at the very edges of a day."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone
from town import COMMUNITY, COUNTY, DAY, Town

from lianxin.orders import actions
from lianxin.orders.models import Order
from lianxin.registry.models import Area, AreaKind

DONE = {"outcome": "solved", "text": "修好了"}
KEPT = (("dispatch", "desk", {}), ("keep", "clerk", {}), ("handle", "clerk", DONE))
RATED = (*KEPT, ("rate", "resident", {"rating": 4}))
NO = ("call_back", "desk", {"callback": "unsolved"})
YES = ("call_back", "desk", {"callback": "solved"})
NOBODY = ("call_back", "desk", {"callback": "unreachable"})
REDO = ("redo", "desk", {})
AGAIN = (("keep", "clerk", {}), ("handle", "clerk", DONE), ("rate", "resident", {"rating": 2}))
REOPEN = ("reopen", "resident", {"reason": "又坏了"})
STRIKE = ("strike_off", "desk", {})
OTHER = "522601001001001002"  # a second grid of the quarter
SECOND = "522601001002"  # a second community of the street


def moment(on: date, clock: time = time(10)) -> datetime:
    return timezone.make_aware(datetime.combine(on, clock))


def walk(town: Town, number: str, *steps: tuple[str, str, dict[str, Any]], now: datetime) -> str:
    for verb, name, given in steps:
        said = {"unit": str(town.unit.pk)} if verb == "dispatch" else given
        actions.step(number, verb, town[name], said, now=now)
    return number


def lived(town: Town, today: date) -> dict[str, str]:
    """What happened yesterday, today's edges among them; numbers by what they are."""
    add_places(town)
    day, at = today - timedelta(days=1), moment(today - timedelta(days=1))
    one = {
        "struck": walk(town, town.file(now=at).number, *RATED, YES, STRIKE, now=at),
        "unsolved": walk(town, town.file(now=at).number, *RATED, NO, now=at),
        "twice": walk(town, town.file(now=at).number, *RATED, NO, REDO, *AGAIN, NO, REDO, now=at),
        "healed": walk(town, town.file(now=at).number, *RATED, NO, REDO, *AGAIN, YES, STRIKE,
                       ("again", "resident", {}), now=at),
        "nobody": walk(town, town.file(now=at).number, *RATED, NOBODY, now=at),
        "asked": walk(town, town.file(now=at).number, *RATED, REOPEN, now=at),
        "first": town.file(now=moment(day, time(0))).number,
        "last": town.file(now=moment(day, time(23, 59, 59, 999_999))).number,
        "before": town.file(now=moment(day, time(0)) - timedelta(milliseconds=1)).number,
    }  # fmt: skip
    one |= taken_back(town, at) | joined(town, at) | elsewhere(town, at)
    Order.objects.filter(open=True).update(due=timezone.now() + timedelta(days=1))
    late = Order.objects.filter(number__in=[one["first"], one["up"]])
    late.update(due=timezone.now() - timedelta(hours=5))
    return one


def add_places(town: Town) -> None:
    for kind, path in (("grid", OTHER), ("community", SECOND)):
        row = Area(kind=AreaKind.objects.get(code=kind), path=path, name=path, since=DAY)
        row.save()
        town.areas[path] = row


def taken_back(town: Town, at: datetime) -> dict[str, str]:
    """A callback and a reopening that were undone have not happened."""
    told = walk(town, town.file(now=at).number, *RATED, NO, now=at)
    actions.undo(told, town["desk"], now=at)
    redone = walk(town, town.file(now=at).number, *KEPT, REOPEN, now=at)
    actions.undo(redone, town["resident"], now=at)
    return {"told": told, "redone": redone}


def joined(town: Town, at: datetime) -> dict[str, str]:
    """A merge into a closed order opens it again; a divided one and its parts are orders all."""
    closed = walk(town, town.file(now=at).number, *RATED, YES, STRIKE, now=at)
    merged = town.file("neighbour", now=at).number
    walk(town, merged, ("merge", "desk", {"into": closed}), now=at)
    split = walk(town, town.file(now=at).number, ("split", "desk", {"parts": ["一", "二"]}), now=at)
    return {"closed": closed, "merged": merged, "split": split}


def elsewhere(town: Town, at: datetime) -> dict[str, str]:
    """At other places: a second grid, the community itself, a street's desk, the next county."""
    grid, county = town.areas[OTHER], town.areas["522602001001"]
    file = {"text": "楼道灯不亮"}
    other = actions.file("five-orders", "file", town["resident"], file, area=grid, now=at).number
    bare = actions.file(
        "five-orders", "file", town["resident"], file, area=town.areas[COMMUNITY], now=at
    ).number
    up = walk(town, town.file(now=at).number, ("pass_up", "desk", {}), now=at)
    actions.file("five-orders", "file", town["resident"], file, area=county, now=at)
    against = {"text": "水务所态度差", "against": [str(town.units["V"].pk)]}
    kept = actions.file("five-orders", "file", town["resident"], against, area=town.grid, now=at)
    return {"other": other, "bare": bare, "up": up, "kept": kept.number}


__all__ = ["COUNTY", "lived", "moment", "walk"]
