"""A newcomer finds a bell that has rung and calls to make, all of the demo's last day."""

from __future__ import annotations

from datetime import timedelta
from random import Random

import pytest
from django.conf import settings
from django.utils import timezone
from web_town import see

from lianxin.core.step.who import Who
from lianxin.demo import cast, home, hours, load, orders, told
from lianxin.orders import used, world
from lianxin.orders.models import Content, Delivery, Notice, Served
from lianxin.orders.notices.own import unread
from lianxin.registry.models import Person
from lianxin.registry.phone_rules import mobile
from lianxin.registry.queries import grants

CORNER = load.Size(workers=400, members=960, scale=0.03)


@pytest.fixture(scope="module")
def day(standing):
    forget()
    settings.VAR.mkdir(parents=True, exist_ok=True)
    load.load(CORNER)
    orders.perform(Random(load.SEED), share=0.05)
    cast.choose()
    yield told.tell_the_day(timezone.now())
    (settings.VAR / "demo").unlink(missing_ok=True)


@pytest.fixture
def demo(day, db):
    forget()
    yield day
    forget()


def forget():
    world.forget()
    used.forget()


class Cast:
    """The demo's people under the names that `as_` asks for."""

    def __init__(self) -> None:
        self.people = {p.username: p for p in Person.objects.filter(username__in=("desk", "clerk"))}


def test_the_last_day_of_the_casts_community_is_told(demo):
    assert demo > 0
    now = timezone.now()
    for notice in Notice.objects.select_related("order"):
        assert notice.order.path.startswith(home.community())
        assert now - told.LATELY <= notice.at <= now, "each at its own hour"
    calls = Delivery.objects.filter(channel="call", state="queued")
    assert calls.filter(desk=home.community()).exists()
    page = see(Cast(), "desk", "/calls")
    assert "演示数据" in page and "没有要打的电话" not in page
    clerk = Person.objects.get(username="clerk")
    assert unread(Who(str(clerk.pk), grants(clerk, now)))


def test_no_phone_of_it_rings_and_told_twice_is_told_once(demo):
    left = Content.objects.filter(name="phone").values_list("value", flat=True)
    assert left and not any(mobile(phone) for phone in left)
    kept = set(Notice.objects.values_list("pk", flat=True))
    told.tell_the_day(timezone.now() - timedelta(minutes=1))
    assert set(Notice.objects.values_list("pk", flat=True)) == kept


def test_what_members_closed_gave_them_hours(demo):
    assert hours.credit_home() > 0
    assert hours.credit_home() == 0, "twice is once"
    for row in Served.objects.select_related("order"):
        assert row.order.state == "struck" and row.hours > 0
        assert row.order.path.startswith(home.community())
