"""How many workers a community is meant to have, who lacks some; numbers that open their rows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rolls_town import firsts
from team_town import BARE, EMPTY, grid_post, last_year, stamp, with_teams
from town import COMMUNITY, COUNTY, DAY, GRID, Town, settled
from web_town import as_, see

from lianxin.cli.teams import row_of
from lianxin.growth.actions.courses import came, open_course, sign_up
from lianxin.growth.actions.figures import note_figure
from lianxin.growth.models import Course, Fact
from lianxin.growth.queries.communities import bare, communities, short, vacancies
from lianxin.growth.queries.teams import Asked, counts, everything, overburdened
from lianxin.registry.actions import Stamp
from lianxin.registry.models import Area, Figure
from lianxin.registry.team_rules import called, team_rule

YEAR_END = date(2025, 12, 31)


@pytest.fixture
def town(request: pytest.FixtureRequest) -> Iterator[Town]:
    with settled(request) as town:
        yield with_teams(town)


def meant(town: Town, path: str, n: int, on: date = YEAR_END) -> None:
    note_figure(stamp(), town.areas[path], "worker_posts", Decimal(n), on, "编办批复")


def here(on: date | None = None) -> list[tuple[str, int, int | None, int | None, int]]:
    rows = communities([COUNTY], on or timezone.localdate()).order_by("path")
    return [(a.path, a.workers, a.meant, a.lacks, a.kept) for a in rows]


def test_a_community_has_what_its_rows_say(town: Town) -> None:
    meant(town, COMMUNITY, 5)
    assert here() == [(COMMUNITY, 3, 5, 2, 2), (BARE, 0, None, None, 0)]
    assert here(date(2025, 12, 30)) == [(COMMUNITY, 3, None, None, 2), (BARE, 0, None, None, 0)]
    meant(town, COMMUNITY, 2, date(2026, 1, 1))
    assert here()[0] == (COMMUNITY, 3, 2, -1, 2), "one more than meant is no vacancy"
    assert not short(communities([COUNTY], timezone.localdate())).exists()


def test_somebody_at_two_grids_of_a_community_is_one(town: Town) -> None:
    Fact.objects.filter(person=town.people["w3"], kind="worked").update(area=town.grid)
    Fact.objects.create(
        person=town.people["w3"], kind="worked", area=town.areas[COMMUNITY], since=DAY,
        until=timezone.localdate().replace(year=2199),
    )  # fmt: skip
    assert here()[0][1] == 3


def test_vacancies_are_sums_of_rows_and_nothing_is_guessed(town: Town) -> None:
    today = timezone.localdate()
    none = {"known": 0, "meant": 0, "communities": 0, "posts": None}
    assert vacancies(communities([COUNTY], today)) == none
    meant(town, COMMUNITY, 5)
    meant(town, BARE, 1)
    found = communities([COUNTY], today)
    assert vacancies(found) == {"known": 2, "meant": 6, "communities": 2, "posts": 3}
    assert [a.path for a in short(found)] == [COMMUNITY, BARE]
    assert [a.path for a in bare(found)] == [BARE]
    assert vacancies(communities(["522602"], today)) == none
    asked = Asked(everything, today, today.year)
    assert row_of(town.areas[COUNTY], asked)["vacancies"] == 3
    assert row_of(town.areas["522602"], asked)["vacancies"] is None


def test_the_page_names_who_lacks_and_leads_to_the_notice(town: Town) -> None:
    assert "还没有社区登记员额" in see(town, "leader", "/people")
    meant(town, COMMUNITY, 5)
    page = see(town, "leader", "/people")
    assert "有空缺的社区（空缺 2 个）" in page and "员额 5，在岗 3" in page and "缺 2" in page
    assert "/cases/vacancy/notice" not in page, "a leader hires nobody"
    assert "/cases/vacancy/notice" in see(town, "desk", "/people")
    assert as_(town, "desk").get("/cases/vacancy/notice").status_code == 200
    assert "2 posts" in see(town, "leader", "/people", "en")
    assert "有空缺的社区" not in see(town, "leader", f"/people?path={BARE}")


@pytest.mark.parametrize(
    ("roll", "rows"), [("communities", [COMMUNITY, BARE]), ("vacancies", [COMMUNITY]),
                       ("bare", [BARE])],
)  # fmt: skip
def test_the_rolls_open_exactly_these_and_go_out(town: Town, roll: str, rows: list[str]) -> None:
    meant(town, COMMUNITY, 5)
    assert firsts(see(town, "leader", f"/rolls/{roll}")) == rows
    assert firsts(see(town, "desk", f"/rolls/{roll}")) == [r for r in rows if r == COMMUNITY]
    assert as_(town, "clerk").get(f"/rolls/{roll}").status_code == 403
    assert as_(town, "leader").get(f"/rolls/{roll}.xlsx").content[:2] == b"PK"
    assert as_(town, "desk").get(f"/rolls/{roll}/sheet").status_code == 404, "nothing to take in"


def test_many_communities_cost_as_many_queries_as_few(town: Town) -> None:
    client = as_(town, "leader")
    meant(town, COMMUNITY, 5)
    client.get("/people")
    with CaptureQueriesContext(connection) as few:
        client.get("/people")
    for n in range(3, 40):
        path = f"522601001{n:03d}"
        town.areas[path] = Area.objects.create(kind_id="community", path=path, name=path, since=DAY)
        meant(town, path, 4)
    with CaptureQueriesContext(connection) as many:
        page = client.get("/people").content.decode()
    assert len(many) <= len(few)
    assert "空缺 150 个" in page and "看全部 38 个" in page


# ── each number opens its rows ───────────────────────────────────────────────────────────────────


def number(page: str, name: str) -> tuple[int, str]:
    pattern = r'<a class="big [^"]*" href="([^"]+)"><strong>([^<]+)</strong><span>' + name
    address, value = re.search(pattern, page).groups()
    return int(value), address.replace("&amp;", "&")


def test_persons_open_as_persons(town: Town) -> None:
    course = last_year(town)
    again = last_year_again(town, course)
    assert again.attendances.filter(came__isnull=False).count() == 1
    page = see(town, "leader", "/people")
    for name, n in (("参训人次", 3), ("参训人数", 2), ("网格员", 1)):
        value, address = number(page, name)
        assert (value, len(firsts(see(town, "leader", address)))) == (n, n), name
    rows = see(town, "leader", number(page, "参训人数")[1])
    assert re.findall(r'class="figure">(\d)<', rows) == ["2", "1"], "w2 came twice"


def last_year_again(town: Town, course: Course) -> Course:
    at = timezone.make_aware(datetime(course.since.year, 6, 1, 9))
    row = open_course(Stamp(None, at), town.areas[COUNTY], "应急专题班", 3, 90, at.date())
    seat = sign_up(Stamp(None, at), row, town.people["w2"])
    came(Stamp(None, at + timedelta(hours=1)), seat, at)
    return row


def test_grids_open_as_those_that_are_meant(town: Town) -> None:
    page = see(town, "leader", f"/people?path={COUNTY}")
    staffed = re.search(r'href="(/people/grids\?[^"]*show=staffed[^"]*)"', page)[1]
    rows = see(town, "leader", staffed.replace("&amp;", "&"))
    assert rows.count("<li data-row>") == 1 and EMPTY not in rows
    assert counts(Asked(everything, timezone.localdate(), 2025), COUNTY, ("staffed",)) == {
        "staffed": 1
    }


def test_who_has_too_many_is_told_with_the_grids(town: Town) -> None:
    for n in range(2, 5):
        path = f"{COMMUNITY}00000{n}"
        town.areas[path] = Area.objects.create(kind_id="grid", path=path, name=path, since=DAY)
        grid_post(town, "worker", path)
    page = see(town, "leader", "/people")
    address = re.search(r'href="(/rolls/overburdened[^"]+)"', page)[1].replace("&amp;", "&")
    rows = see(town, "leader", address)
    assert firsts(rows) == ["worker"] and f"{COMMUNITY}000002" in rows and ">4<" in rows
    assert overburdened(GRID, timezone.localdate()).get()[2] == 4, "wherever the others are"
    assert firsts(see(town, "leader", "/rolls/grid_workers")) == ["worker"]
    assert firsts(see(town, "stranger", "/rolls/overburdened")) == []


def test_the_hub_names_what_nobody_counts_elsewhere(town: Town) -> None:
    hub = see(town, "leader", "/rolls")
    for name in ("communities", "grid_workers", "rearing", "partners", "promises"):
        assert f'"/rolls/{name}"' in hub, name
    for name in ("vacancies", "bare", "trainees", "overburdened", "risen"):
        assert f'"/rolls/{name}"' not in hub, name


def test_a_grid_finds_its_next_worker_by_initials_too(town: Town) -> None:
    person = town.people["w3"]
    person.name, person.spelt = "单雪梅", " sxm dxm"
    person.save()
    for typed in ("sxm", "DX", "雪梅"):
        assert "单雪梅" in see(town, "street_desk", f"/people/grids/{EMPTY}?q={typed}"), typed
    assert "单雪梅" not in see(town, "street_desk", f"/people/grids/{EMPTY}?q=xm")


def test_a_figure_of_posts_is_taken_in_by_its_words() -> None:
    assert team_rule("vacancies", "what") in called("figures")
    assert Figure._meta.get_field("what").max_length >= len(team_rule("vacancies", "what"))
