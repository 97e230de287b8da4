"""Open hiring of the demo: a post that is noticed, and somebody who is shown before being hired."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from lianxin.core.step.who import Who
from lianxin.demo import home
from lianxin.growth.models import Fact
from lianxin.growth.queries.openings import application_of
from lianxin.orders import actions
from lianxin.orders.models import Order
from lianxin.orders.words import perform
from lianxin.registry.models import Area, Person, Post
from lianxin.registry.queries import grants

BEGAN, CLOSED, EXAMINED, SHOWN = (timedelta(days=n) for n in (24, 10, 6, 1))
OPEN_FOR = timedelta(days=9)
NEXT = "大专以上学历，会用电脑和手机，熟悉本社区，能值夜班。有社会工作者职业水平证书的优先。"
LAST = "高中以上学历，愿意上门走访。"
WHO = ("杨晓梅", "13900000017", "在本社区做过三年志愿者，会苗语。")


def notice_posts(now: datetime) -> None:
    """At the desk of the cast: the next post is open, the last one nearly filled."""
    desk = acting("desk", now)
    noticed(desk, now - timedelta(hours=3), now + OPEN_FOR, "assistant", 2, NEXT)
    shown(desk, now)


def shown(desk: Who, now: datetime) -> None:
    number = noticed(desk, now - BEGAN, now - CLOSED, "worker", 1, LAST)
    said = dict(zip(("applicant", "phone", "about_me"), WHO, strict=True))
    done = actions.step(number, "apply", Who(""), said, now=now - BEGAN + timedelta(hours=5))
    own = Order.objects.get(pk=application_of(done)).number
    actions.tick(Order.objects.get(number=number).root_id.hex, now - CLOSED + timedelta(minutes=1))
    for person in reviewers():
        actions.step(own, "vet", Who(str(person.pk), grants(person, now)), {}, now=now - EXAMINED)
    actions.step(own, "mark", desk, {"number": 86}, now=now - EXAMINED)
    actions.step(own, "choose", desk, {"chosen": str(newcomer().pk)}, now=now - SHOWN)
    actions.step(number, "show", desk, {}, now=now - SHOWN)


def noticed(
    desk: Who, now: datetime, closes: datetime, post: str, places: int, text: str
) -> str:  # fmt: skip
    asked: dict[str, Any] = {
        "post": post, "places": places, "date": closes.isoformat(), "text": text,
    }  # fmt: skip
    area = Area.objects.get(path=home.community(), until=None)
    done = actions.file("vacancy", "notice", desk, asked, area=area, now=now)
    perform(Order.objects.get(number=done.number).pk, 1, "publish", now)
    return done.number


def acting(username: str, now: datetime) -> Who:
    person = Person.objects.get(username=username)
    return Who(str(person.pk), grants(person, now))


def reviewers() -> list[Person]:
    """Two who vet for the cast's county."""
    held = Post.objects.filter(role="reviewer", until=None, area__path=home.community()[:6])
    people = Person.objects.filter(pk__in=held.values("person")).order_by("pk")
    return list(people[:2])


def newcomer() -> Person:
    """Somebody of the register who is no community worker yet."""
    at_work = Fact.objects.filter(kind=Fact.Kind.WORKED).values("person")
    free = Person.objects.filter(home__path__startswith=home.community(), password="!demo")
    return free.exclude(pk__in=at_work).order_by("pk")[0]
