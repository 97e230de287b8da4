"""A statement that is written once says the same as the one that Django would have built."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from roads import ROADS, drive
from town import CAST, COMMUNITY, COUNTY, DAY, GRID, Town, settled

from lianxin.core.step.who import Who
from lianxin.database.written import Written
from lianxin.orders import actions, reach
from lianxin.orders.models import Notice, Order
from lianxin.orders.notices import own
from lianxin.orders.queries import all_of, cases_of, inbox, rows
from lianxin.orders.queries.first import first_rows, own_rows
from lianxin.orders.queries.lists import AT_ONCE
from lianxin.orders.queries.places import open_in, tally
from lianxin.orders.sight import clear_of
from lianxin.registry.models import Area, Post
from lianxin.registry.queries.shapes import parts, parts_named, shown_by
from lianxin.web.member.pool import in_hand, near_first
from lianxin.web.worker.today import open_cases

POSTS = tuple(name for name, post in CAST.items() if post)


@pytest.fixture
def town(request: pytest.FixtureRequest) -> Iterator[Town]:
    """Orders in many states, one of them kept from the unit V, and somebody with two posts."""
    with settled(request) as town:
        for road in list(ROADS)[:8]:
            drive(town, road)
        against = {"text": "乱停车", "against": [str(town.units["V"].pk)]}
        actions.file("five-orders", "file", town["resident"], against, area=town.grid)
        Post.objects.create(
            person=town.people["worker"], role="member", unit=town.units["V"], since=DAY
        )
        yield town


@pytest.mark.database
@pytest.mark.parametrize("name", POSTS)
def test_the_lists_of_every_post(town: Town, name: str) -> None:
    now = timezone.now() + timedelta(days=3)
    shown = 0
    for grant in town[name].grants:
        for listed in (all_of, cases_of, inbox):
            built = rows(listed(grant), now)
            assert first_rows(listed, grant, now) == built
            shown += len(built)
    if name in ("desk", "worker", "leader", "clerk"):
        assert shown > 2


@pytest.mark.database
def test_what_a_member_may_take_and_has(town: Town) -> None:
    now, shown = timezone.now() + timedelta(days=3), 0
    for name in ("m1", "m2", "worker"):
        who = town[name]
        for grant in who.grants:
            for home in ("", GRID, GRID[:12]):
                for listed in (near_first, in_hand):
                    built = rows(listed(grant, who, home), now, whole=True)
                    assert own_rows(listed, grant, who, home, now, limit=AT_ONCE) == built
                    shown += len(built)
    assert shown > 10
    grant = town["worker"].grants[0]
    built = rows(open_cases(grant, town["worker"], ""), now, whole=True)
    assert own_rows(open_cases, grant, town["worker"], "", now, limit=AT_ONCE) == built != []


@pytest.mark.database
def test_going_on_behind_the_last_row(town: Town) -> None:
    grant, now = town["desk"].grants[0], timezone.now()
    whole = first_rows(all_of, grant, now)
    after = UUID(whole[1].id)
    assert first_rows(all_of, grant, now, after=after) == whole[2:]
    assert len(first_rows(all_of, grant, now, limit=1)) == 2


@pytest.mark.database
@pytest.mark.parametrize("name", ["desk", "street_desk", "leader", "worker", "stranger"])
def test_what_is_open_in_the_parts(town: Town, name: str) -> None:
    now = timezone.now() + timedelta(days=3)
    for grant in town[name].grants:
        if grant.unit:
            continue
        found = Order.objects.open_under(grant)
        counted = tally(found, now, shown_by(grant.path))
        told = {p.path: (p.open, p.late) for p in open_in(grant.path, grant, now)}
        assert {path: n for path, n in told.items() if n != (0, 0)} == counted


@pytest.mark.database
@pytest.mark.parametrize("name", [*CAST, "link", "nobody"])
def test_one_order_by_its_number(town: Town, name: str) -> None:
    order = Order.objects.filter(state="dispatched").first() or Order.objects.first()
    given = {"link": Who("", party=(order.pk.hex, "filer")), "nobody": Who("")}
    who = given.get(name) or town[name]
    for row in Order.objects.all():
        seen = Order.objects.visible_to(who).filter(pk=row.pk).exists()
        assert (reach.seen(row.number, who) == row.pk) is seen
        whole = reach.opened(row.number, who)
        assert (whole is not None) is seen
        if whole:
            built = Order.objects.select_related("area").get(pk=row.pk)
            assert vars(whole) | {"_state": 0} == vars(built) | {"_state": 0}
            assert whole.area == built.area
        near = Order.objects.within_reach(who).filter(pk=row.pk).exists()
        assert bool(reach.asked(reach.within_reach, row.number, who)) is near
    numbers = list(Order.objects.values_list("number", flat=True))
    among = {row[-1] for row in reach.all_reached([*numbers, "LX-0"], who)}
    assert among == set(Order.objects.within_reach(who).values_list("number", flat=True))


@pytest.mark.database
@pytest.mark.parametrize("name", CAST)
def test_what_waits_to_be_read(town: Town, name: str) -> None:
    """For everybody, for who stands in for somebody of a unit, and for a unit's own complaints."""
    told = [
        {"role": "desk", "desk": COMMUNITY}, {"role": "desk", "desk": GRID},
        {"role": "supervisor", "desk": COUNTY}, {"role": "leader", "desk": COMMUNITY},
        *({"unit_id": unit.pk} for unit in town.units.values()),
        {"person_id": town.people[name].pk},
    ]  # fmt: skip
    Notice.objects.bulk_create(
        Notice(order=order, nth=100 + n, word="notify", at=timezone.now(), **to)
        for order in Order.objects.all() for n, to in enumerate(told)
    )  # fmt: skip
    plain = town[name]
    away = tuple(replace(g, away=(str(town.units["V"].pk),)) for g in plain.grants)
    for who in (plain, replace(plain, grants=away)):
        found = Q()
        for part, grant in own.parts(who):
            kept = (*who.units, *grant.away) if grant and not grant.unit else ()
            found |= part & Q(order__in=Order.objects.filter(clear_of(kept)))
        built = Notice.objects.filter(found, read=None, dropped="").order_by("-pk")
        assert own.unread(who) == list(built.values_list("pk", "order")[: own.MANY])
        assert own.unread(who)


@pytest.mark.database
@pytest.mark.parametrize("path", ["", COUNTY, COMMUNITY, GRID, "52%", "_22601"])
def test_the_parts_of_a_place(town: Town, path: str) -> None:
    Area.objects.filter(path="522602001001").update(since=timezone.localdate() + timedelta(days=1))
    on = timezone.localdate()
    assert parts_named(path, on) == list(parts(path, on).values_list("path", "name"))


@pytest.mark.database
def test_it_is_written_once(town: Town) -> None:
    """For another holder of the same kind of post nothing is built, and the rows are their own."""
    now = timezone.now()
    desk, stranger = town["desk"].grants[0], town["stranger"].grants[0]
    assert first_rows(inbox, desk, now) and not first_rows(inbox, stranger, now)
    with CaptureQueriesContext(connection) as asked:
        first_rows(inbox, desk, now)
        first_rows(inbox, stranger, now)
    one, two = (query["sql"] for query in asked)
    assert one.replace(desk.path, "…") == two.replace(stranger.path, "…")


@pytest.mark.database
def test_what_can_never_find_anything_asks_nothing(town: Town) -> None:
    with CaptureQueriesContext(connection) as asked:
        assert Written.of(Order.objects.none()).ask({}) == []
    assert len(asked) == 0
