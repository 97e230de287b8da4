"""An import is not undone under an order: whom and what an order speaks of stays."""

from __future__ import annotations

import pytest
from django.utils import timezone

from lianxin.core.step.who import Who
from lianxin.orders import actions as orders
from lianxin.registry.actions import Stamp
from lianxin.registry.imports import undo_batch
from lianxin.registry.models import Area, Person
from lianxin.registry.queries import grants
from tests import town as place
from tests.dirty import take

pytestmark = [pytest.mark.database, pytest.mark.django_db]


def test_who_filed_and_where_it_was_stay(request):
    with place.settled(request):
        people = take("people", ["姓名", "用户名"], ["李雪", "lixue"], ["王强", "wang"]).batch
        head = ["社区", "网格"]
        grids = take("areas", head, [place.COMMUNITY, "一网格"], [place.COMMUNITY, "二网格"]).batch
        posts = take(
            "posts",
            ["用户名", "岗位", "区域"],
            ["lixue", "网格员", place.COMMUNITY],
            ["wang", "网格员", place.COMMUNITY],
        ).batch
        lixue, grid = Person.objects.get(username="lixue"), Area.objects.get(name="一网格")
        who = Who(str(lixue.pk), grants(lixue, timezone.now()))
        orders.file("five-orders", "file_for", who, {"text": "路灯不亮"}, area=grid)
        now = Stamp(None, timezone.now())
        assert [(k.name, k.why) for k in undo_batch(posts, now).kept] == [
            ("grid_worker", "orders.order")
        ]
        kept = undo_batch(people, now).kept
        assert [k.name for k in kept] == ["lixue"]
        assert [k.name for k in undo_batch(grids, now).kept] == [f"一网格 {grid.path}"]
        assert set(Person.objects.filter(username__in=["lixue", "wang"])) == {lixue}
