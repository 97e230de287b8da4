"""The people's registers of the demo: their figures, at a corner's size and by the whole's sums."""

from collections import Counter
from random import Random

import pytest
from django.conf import settings
from django.db.models import Count
from django.utils import timezone

from lianxin.cli.teams import row_of
from lianxin.demo import growth, load, people
from lianxin.demo.growth import Scene, chosen, classes, seated, shares
from lianxin.demo.land import make_land
from lianxin.growth.models import Attendance, Course, Fact, Reserve
from lianxin.growth.queries.careers import career_of
from lianxin.growth.queries.teams import Asked, everything
from lianxin.orders import world
from lianxin.registry.actions import Stamp
from lianxin.registry.models import Area, CheckIn, Figure, Person

CORNER = load.Size(workers=400, members=960, scale=0.03)


@pytest.fixture(scope="module")
def played(standing):
    world.forget()
    settings.VAR.mkdir(parents=True, exist_ok=True)
    load.load(CORNER)
    yield
    (settings.VAR / "demo").unlink(missing_ok=True)
    world.forget()


@pytest.fixture
def demo(played, db):
    return timezone.localdate()


@pytest.fixture(scope="module")
def whole():
    """The people of the whole prefecture, not poured anywhere."""
    land = make_land(seed=load.SEED, scale=1.0)
    staff = people.staff(land, ("5226",), Random(load.SEED), people.WORKERS)
    known = list(enumerate(staff, 1))
    return Scene(Stamp(None, timezone.now()), land, {}, (), known, Random(1), 1.0)


def test_the_whole_has_the_figures(whole):
    kept = chosen(whole)
    assert len(kept) == len({key for key, _ in kept}) == 414, "none is kept twice"
    homes = Counter(path for _, path in kept)
    communities = [a.path for a in whole.land.of("community", "5226")]
    assert (len(communities), set(homes.values())) == (169, {2, 3})
    assert 5 <= len(set(communities) - set(homes)) <= 15, "some have none"
    held = list(classes(whole, 1))
    assert (len(held), len({county for _, county, _, _ in held})) == (72, 16)
    by_county: dict[str, list[int]] = {}
    for n, (key, path) in enumerate(kept):
        if n % growth.AWAY:
            by_county.setdefault(path[:6], []).append(key)
    seats = seated(565, held, by_county)
    assert len(seats) == len(set(seats)) == 565
    assert len({person for _, person in seats}) <= 414
    assert max(Counter(person for _, person in seats).values()) > 1
    assert growth.POSTS == {"civil": 18, "institution": 37} and growth.STUDYING == 89
    assert len(growth.staff_of(whole.people)) == 3_165


def test_shares_add_up():
    found = shares(growth.RESIDENTS, {str(n): n * n + 1 for n in range(16)})
    assert sum(found.values()) == growth.RESIDENTS
    assert shares(5, {"a": 0, "b": 0}) == {"a": 0, "b": 0}


def test_every_worker_has_a_career_that_reads(demo):
    workers = Fact.objects.filter(kind="worked", until=None, area__path__startswith="5226")
    assert workers.count() == 400
    assert not workers.exclude(area__kind_id="community").exists()
    for key in workers.order_by("pk").values_list("person", flat=True)[:60]:
        assert career_of(key).post_on(demo)
    posts = Fact.objects.filter(kind="post").values_list("name", flat=True)
    assert {"worker", "assistant"} < set(posts)
    assert set(Fact.objects.values_list("kind", flat=True)) >= {"degree", "certificate", "result"}


def test_the_corner_says_its_figures(demo):
    area = Area.objects.get(path="5226", until=None)
    row = row_of(area, Asked(everything, demo, demo.year - 1))
    assert (row["community_workers"], row["reserves"], row["reserves_studying"]) == (400, 12, 3)
    assert row["grids"] == row["grids_staffed"] > 0
    assert row["members_checked_in"] >= 960
    assert (row["classes"], row["attendances"]) == (2, row["attendances"])
    assert 0 < row["trainees"] <= row["reserves"]
    assert row["posts_reserved"] == {"civil": 1, "institution": 1}
    assert row["population"]["value"] == round(growth.RESIDENTS * 0.03)
    counties = Figure.objects.filter(area__kind_id="county")
    assert sum(f.value for f in counties) == row["population"]["value"]


def test_nobody_confirms_themselves_and_some_wait(demo):
    rows = CheckIn.objects.all()
    assert not any(row.confirmed_by_id == row.person_id for row in rows)
    waiting = rows.filter(confirmed=None)
    assert 0 < waiting.count() < rows.count() / 5
    members = Person.objects.filter(posts__role="member", home__isnull=False)
    assert not members.exclude(check_ins__confirmed__isnull=False).exists()


def test_no_class_is_overbooked(demo):
    held = Course.objects.annotate(n=Count("attendances"))
    assert all(row.n <= row.seats for row in held)
    assert not Attendance.objects.exclude(
        person__in=Reserve.objects.filter(until=None).values("person")
    ).exists()
