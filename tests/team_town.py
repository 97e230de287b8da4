"""The town with its teams: workers with careers, members checked in, reserves, a class, figures."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone
from town import COMMUNITY, COUNTY, DAY, GRID, STREET, Town

from lianxin.growth.actions.courses import came, open_course, sign_up
from lianxin.growth.actions.figures import note_figure
from lianxin.growth.actions.posts import reserve_post
from lianxin.growth.actions.reserves import keep, plan
from lianxin.growth.actions.workers import enrol
from lianxin.growth.models import Course
from lianxin.registry.actions import Stamp, appoint
from lianxin.registry.models import Area, AreaKind, CheckIn, Person, Post

BARE, EMPTY = "522601001002", "522601001002000001"  # a community without reserve, its vacant grid
FAR = "522602001001"


def stamp() -> Stamp:
    return Stamp(None, timezone.now())


def somebody(town: Town, name: str, **more: Any) -> Person:
    town.people[name] = Person.objects.create(username=name, name=name, password="!", **more)
    return town.people[name]


def area(town: Town, kind: str, path: str) -> Area:
    row = Area(kind=AreaKind.objects.get(code=kind), path=path, name=path, since=DAY)
    row.save()
    town.areas[path] = row
    return row


def with_teams(town: Town) -> Town:
    """Three workers of the community, one of the next county; one grid of two has a worker."""
    area(town, "community", BARE)
    area(town, "grid", EMPTY)
    here, far = town.areas[COMMUNITY], town.areas[FAR]
    for name, place in (("worker", here), ("w2", here), ("w3", here), ("w_far", far)):
        who = town.people.get(name) or somebody(town, name)
        enrol(stamp(), who, place, "worker", date(2020, 3, 1))
    check_in(town, "m1", town.grid, confirmed=DAY)
    check_in(town, "m2", town.grid, confirmed=None)
    check_in(town, "m3", far, confirmed=DAY)
    for name, place in (("w2", here), ("w3", here), ("w_far", far)):
        keep(stamp(), town.people[name], place, "chosen", date(2024, 1, 5))
    row = town.people["w2"].reserves.get()
    plan(stamp(), row, "study", "清湖社区治理学院", date(2025, 9, 1))
    note_figure(
        stamp(), town.areas[COUNTY], "urban_residents", Decimal(1430), date(2025, 12, 31), "演示"
    )
    return town


def check_in(town: Town, name: str, place: Area, confirmed: date | None) -> None:
    CheckIn.objects.create(
        person=town.people[name], unit=town.unit, area=place, since=DAY, confirmed=confirmed
    )


def last_year(town: Town) -> Course:
    """A class of last year: w2 and w3 came, w_far signed up and did not; and two reserved posts."""
    year = timezone.localdate().year - 1
    day = date(year, 5, 6)
    at = timezone.make_aware(datetime(year, 5, 1))
    course = open_course(Stamp(None, at), town.areas[COUNTY], "网格服务专题班", 3, 180, day)
    for name in ("w2", "w3", "w_far"):
        sign_up(Stamp(None, at), course, town.people[name])
    for row in course.attendances.exclude(person=town.people["w_far"]):
        came(stamp(), row, at + timedelta(days=5, hours=9))
    for kind, n in (("civil", 1), ("institution", 1), ("institution", 2)):
        reserve_post(stamp(), year, kind, town.areas[COUNTY], "乡镇岗位", n)
    return course


def grid_post(town: Town, name: str, path: str = GRID) -> Post:
    return appoint(stamp(), town.people[name], "grid_worker", DAY, area=town.areas[path])


__all__ = ["BARE", "EMPTY", "FAR", "STREET", "last_year", "somebody", "stamp", "with_teams"]
