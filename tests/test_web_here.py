"""Who else at the same desk has an order open: colleagues only, for a minute, and kept nowhere."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from town import COMMUNITY, DAY, STREET, Town, settled
from web_town import as_, see

from lianxin.orders.models import Event, Order
from lianxin.orders.presence import stand
from lianxin.registry.models import Post

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(request: pytest.FixtureRequest) -> Iterator[Town]:
    with settled(request) as town:
        Post.objects.create(
            person=town.people["neighbour"], role="desk", area=town.areas[COMMUNITY], since=DAY
        )
        yield town


def rows() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM orders_presence")
        return cursor.fetchone()[0]


def test_a_colleague_is_named_and_nobody_else_is(town: Town) -> None:
    number = town.file().number
    here = f"/orders/{number}/here"
    assert "data-here" in see(town, "desk", f"/orders/{number}")
    assert see(town, "desk", here).strip() == ""
    assert "desk（刚打开）" in see(town, "neighbour", here)
    assert "neighbour" in see(town, "desk", here)
    assert "Colleagues have this open" in see(town, "desk", here, "en")
    assert see(town, "street_desk", here).strip() == "", "another desk"
    for name in ("resident", "worker", "supervisor", "clerk"):
        assert as_(town, name).get(here).status_code == 403
        if name != "clerk":
            assert "data-here" not in see(town, name, f"/orders/{number}")
    assert as_(town, "stranger").get(here).status_code == 286
    assert as_(town, "desk").get("/orders/LX-999999/here").status_code == 286
    assert Event.objects.count() == 1, "nothing of it is in the log"


def test_it_is_forgotten_after_a_minute(town: Town) -> None:
    town.file()
    order, now = Order.objects.get().pk, timezone.now()
    a, b = (str(town.people[n].pk) for n in ("desk", "neighbour"))
    assert stand(order, a, COMMUNITY, now) == []
    assert [o.name for o in stand(order, b, COMMUNITY, now + timedelta(seconds=59))] == ["desk"]
    assert stand(order, b, COMMUNITY, now + timedelta(seconds=61)) == []
    assert rows() == 1, "what is over is gone, not only hidden"


def test_how_long_counts_from_when_it_was_opened(town: Town) -> None:
    town.file()
    order, now = Order.objects.get().pk, timezone.now()
    a, b = (str(town.people[n].pk) for n in ("desk", "neighbour"))
    for seconds in range(0, 151, 30):
        stand(order, a, COMMUNITY, now + timedelta(seconds=seconds))
    told = stand(order, b, COMMUNITY, now + timedelta(seconds=151))
    assert [(o.name, o.minutes) for o in told] == [("desk", 2)]
    stand(order, a, COMMUNITY, now + timedelta(seconds=400))
    told = stand(order, b, COMMUNITY, now + timedelta(seconds=401))
    assert [(o.name, o.minutes) for o in told] == [("desk", 0)], "opened anew"


def test_ones_own_trail_is_taken_away(town: Town) -> None:
    for _ in range(3):
        town.file()
    a, now = str(town.people["desk"].pk), timezone.now()
    for n, order in enumerate(Order.objects.values_list("pk", flat=True)):
        stand(order, a, COMMUNITY, now + timedelta(seconds=61 * n))
    assert rows() == 1
    assert stand(UUID(int=0), a, STREET, now + timedelta(hours=1)) == []
    assert rows() == 1


def test_it_costs_one_statement_beside_the_look(town: Town) -> None:
    number, desk = town.file().number, as_(town, "desk")
    desk.get(f"/orders/{number}/here")
    with CaptureQueriesContext(connection) as asked:
        desk.get(f"/orders/{number}/here")
    assert len(asked) <= 6
