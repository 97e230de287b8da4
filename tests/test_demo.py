"""The demo prefecture: its figures, its scripts, and a cast that can come in."""

from argparse import Namespace
from collections import Counter
from datetime import timedelta
from random import Random
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.db.models import F
from django.utils import timezone
from roads import ROADS

from lianxin.cli import demo as demo_command
from lianxin.demo import cast, lamp, load, orders, people, units
from lianxin.demo.land import make_land
from lianxin.orders import clockwork, recount, used, world
from lianxin.orders.models import Content, Event, Order, Photo
from lianxin.registry.models import Area, Door, Person, Post, Unit
from lianxin.trouble import Trouble

CORNER = load.Size(workers=400, members=960, scale=0.03)


@pytest.fixture(scope="module")
def land():
    return make_land(seed=load.SEED, scale=0.03)


@pytest.fixture(scope="module")
def played(standing):
    forget()
    settings.VAR.mkdir(parents=True, exist_ok=True)
    load.load(CORNER)
    orders.perform(Random(load.SEED), share=0.01)
    cast.choose()
    yield
    (settings.VAR / "demo").unlink(missing_ok=True)


@pytest.fixture
def demo(played, db):
    forget()
    yield
    forget()


def forget():
    world.forget()
    used.forget()


def test_every_grid_has_a_worker_and_the_rest_sit_at_communities(land):
    total = len(land.of("grid", "5226")) + 20
    rows = list(people.staff(land, ("5226",), Random(1), total))
    posts = Counter(role for row in rows for role, _, _ in row.posts)
    assert len(rows) == total
    assert posts["grid_worker"] == len(land.of("grid", "5226"))
    assert {p for r in rows for _, p, _ in r.posts} >= {a.path for a in land.of("grid", "5226")}
    assert (people.WORKERS, people.MEMBERS) == (3_165, 45_000)


@pytest.mark.parametrize("share", [0.0001, 0.001, 0.01, 0.05])
def test_however_small_a_demo_is_its_scripts_find_who_plays_them(share):
    """As `lianxin demo --scale` counts it, without a database."""
    size = load.Size.of(share)
    land = make_land(seed=load.SEED, scale=size.scale)
    offices = list(units.units([(a.path, a.name) for a in land.of("county")], 1))
    rows = list(load.everybody(land, offices, Random(load.SEED), size))
    at = Counter((role, path or unit) for row in rows for role, path, unit in row.posts)
    for kind, role in (("grid", "grid_worker"), ("community", "desk"), ("county", "supervisor")):
        assert all(at[role, a.path] for a in land.of(kind, "5226")), kind
    inside = [unit.id for unit in offices if unit.area.startswith("5226")]
    assert all(at["clerk", unit] and at["member", unit] >= 2 for unit in inside)
    for roster in ("341125", "370113"):
        assert all(at["desk", a.path] for a in land.of("community", roster))


@pytest.mark.parametrize("share", ["0", "-1", "1.5", "nan", "inf"])
def test_a_scale_that_is_none_is_refused_with_a_sentence(share):
    with pytest.raises(Trouble, match="大于 0") as trouble:
        demo_command.run(Namespace(scale=float(share)))
    assert "such as 0.05" in str(trouble.value)


def test_nobody_to_play_a_part_is_said_and_not_divided_by(db):
    looked_up = orders.Company.person.__wrapped__
    with pytest.raises(LookupError, match="nobody is desk at 522601001001"):
        looked_up(SimpleNamespace(now=timezone.now()), "desk", "522601001001")


def test_the_park_has_its_firms_and_universities():
    kinds = Counter(u.kind for u in units.campus("P370113001", 1))
    assert kinds == {"firm": 96, "university": 12}


def test_every_state_is_walked_to_by_twenty_orders(demo):
    """One play of each script shows where it ends; the whole demo plays it `count` times."""
    plays = {s.name: s for s in orders.SCRIPTS}
    assert all(s.count >= 20 for s in plays.values())
    states = set(Order.objects.filter(flow="five-orders").values_list("state", flat=True))
    assert states == set(ROADS)


def test_a_lamp_near_the_cast_is_photographed_out_and_lit(demo):
    now = timezone.now()
    company = orders.Company(now)
    near = Door.objects.filter(area__path__startswith=company.home, area__kind_id="grid")
    script = next(s for s in orders.SCRIPTS if s.name == "done")
    door = near.select_related("area", "building").order_by("pk")[0]
    play = orders.at_door(script, door, 0, company, Random(1), now)
    play.answers["category"] = lamp.LAMP
    orders.wave([play], [orders.filing(play, company)])
    for n in range(len(script.acts)):
        orders.wave([play], [orders.press(play, n, company)])
    said = Content.objects.filter(order=play.done.id, name__startswith="photo")
    assert [c.name for c in said.order_by("nth", "name")] == ["photo", "photo", "photo_before"]
    pictures = Photo.objects.filter(order=play.done.id).values_list("sha256", flat=True)
    assert (len(pictures), len(set(pictures))) == (3, 2)


def test_all_of_it_is_whole_and_at_its_own_time(demo):
    verdict = recount.verify()
    assert (verdict.broken, verdict.cases > 20) == (0, True)
    assert not Event.objects.exclude(recorded=F("at")).exists(), "made as if it had been live"
    assert Event.objects.filter(verb="rung").exists()
    assert clockwork.due(timezone.now() - timedelta(minutes=5)) == []
    assert Area.objects.filter(kind="county", path__startswith="5226").count() == 16
    assert Post.objects.filter(role="member").count() == 960
    assert Unit.objects.filter(kind="firm").count() == 96


def test_the_cast_comes_in_and_the_link_is_printed(demo):
    for name, role, _ in cast.PARTS:
        person = Person.objects.get(username=name)
        assert person.check_password(cast.PASSWORD)
        assert Post.objects.filter(person=person, role=role).exists()
    told = "\n".join(cast.lines())
    assert "/o/" in told and "/d/" in told and "█" in told


def test_a_full_house_gets_no_demo(demo):
    with pytest.raises(ValueError, match="not empty"):
        load.load(CORNER)
