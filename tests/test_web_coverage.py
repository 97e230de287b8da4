"""Coverage on its page: each number opens its rows, each gap is closed; who sees what."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from organised import GRID2, GRID3, QUARTER2, Organised, ago, organised, stamp
from town import COMMUNITY, COUNTY, GRID, QUARTER, settled
from web_town import as_, see

from lianxin.registry.actions.officers import elect
from lianxin.registry.models import Organisation, Part, Person, Post
from lianxin.registry.queries.coverage import KINDS, MEASURES, coverage, year_before

AXE = Path(__file__).parents[1] / "node_modules" / "axe-core" / "axe.min.js"


@pytest.fixture
def o(request: pytest.FixtureRequest) -> Iterator[Organised]:
    with settled(request) as town:
        o = organised(town)
        town.people["secretary"] = Person.objects.create(
            username="secretary", name="secretary", password="!"
        )
        Post.objects.create(
            person=town.people["secretary"], role="secretary", area=o.area(QUARTER), since=ago(900)
        )
        o.worked("branch", ago(3))
        yield o


@pytest.fixture
def town(o: Organised) -> Any:
    """As the browser's fixtures ask for it."""
    return o.town


def number(html: str, measure: str, show: str) -> int:
    found = re.search(rf'coverage/{measure}\?[^"]*show={show}">.*?</span>([\d,]+)</a>', html, re.S)
    assert found, (measure, show)
    return int(found[1].replace(",", ""))


# --- each number opens exactly its rows


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("show", ["covered", "gaps", "all"])
def test_a_number_opens_exactly_its_rows(o: Organised, measure: str, show: str) -> None:
    page = see(o.town, "desk", "/coverage")
    n = number(page, measure, show)
    rows = see(o.town, "desk", f"/coverage/{measure}?show={show}")
    assert rows.count("<li data-row>") == n
    tally = coverage(COMMUNITY, ago(0)).whole.tallies[measure]
    assert n == {"covered": tally.covered, "gaps": tally.gaps, "all": tally.of}[show]


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_new_opens_its_rows(o: Organised, kind: str) -> None:
    new = o.set_up("group", GRID2, parent=o["community"], on=year_before(ago(0)))
    page = see(o.town, "desk", "/coverage")
    n = number(page, kind, "new")
    rows = see(o.town, "desk", f"/coverage/{kind}?show=new")
    assert rows.count("<li data-row>") == n == (1 if kind == "building_groups" else 0)
    assert (new.name in rows) == bool(n)


def test_from_the_county_down_by_the_parts(o: Organised) -> None:
    page = see(o.town, "leader", "/coverage")
    assert f'path={COMMUNITY[:9]}"' in page
    found = coverage(COUNTY, ago(0)).whole.organisation
    assert f"{100 * found.rate:.1f}".removesuffix(".0") + "%" in page
    assert as_(o.town, "leader").get("/coverage?path=522602").status_code == 403
    assert as_(o.town, "desk").get(f"/coverage?path={COUNTY}").status_code == 403


def test_a_day_that_is_none_is_said_and_shows_today(o: Organised) -> None:
    for asked in ("on=gestern", "on=2999-01-01", "since=2999-01-01"):
        answer = as_(o.town, "desk").get(f"/coverage?{asked}")
        assert answer.status_code == 422
        assert "日期不对" in answer.content.decode()
    early = see(o.town, "desk", "/coverage?on=2020-06-01")
    assert number(early, "quarters", "covered") == 0
    assert "/organisations/new?" not in see(
        o.town, "desk", "/coverage/quarters?show=gaps&on=2020-06-01"
    )


def test_bounded_queries(o: Organised) -> None:
    def asked(address: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            see(o.town, "leader", address)
        return len(queries)

    addresses = ("/coverage", "/coverage/buildings?show=all", "/coverage/groups?show=all",
                 f"/organisations/{o['branch'].pk}")  # fmt: skip
    for address in addresses:
        asked(address)
    before = [asked(address) for address in addresses]
    for n in range(12):
        more = o.set_up("group", GRID2, parent=o["community"], name=f"{n}")
        elect(stamp(), more, o.people["丁"], "head", ago(9))
    assert [asked(address) for address in addresses] == before
    assert max(before) <= 40


# --- core households stay where they are


def secrets(o: Organised) -> tuple[str, str]:
    """The household's own name, and where it lives."""
    return o["household"].name, o["household"].covers.get().building.name


@pytest.mark.parametrize("name", ["leader", "supervisor", "auditor", "street_desk"])
def test_a_household_is_counted_above_its_community_and_not_read(o: Organised, name: str) -> None:
    home, building = secrets(o)
    key = o["household"].pk
    for measure in ("household_work", "core_households"):
        rows = see(o.town, name, f"/coverage/{measure}?show=all")
        assert home not in rows and building not in rows and rows.count("<li data-row>") == 1
        assert f"/organisations/{key}" not in rows
    for address in (f"/organisations/{key}", f"/organisations/{key}/rename"):
        assert as_(o.town, name).get(address).status_code == 404
    group = see(o.town, name, f"/organisations/{o['group'].pk}")
    assert home not in group and "另有 1 个党员中心户" in group


@pytest.mark.parametrize("name", ["desk", "secretary"])
def test_a_household_is_read_within_its_community(o: Organised, name: str) -> None:
    home, building = secrets(o)
    assert home in see(o.town, name, "/coverage/core_households?show=all")
    page = see(o.town, name, f"/organisations/{o['household'].pk}")
    assert building in page and "丙" in page


@pytest.mark.parametrize("name", ["resident", "worker", "stranger", "clerk", "m1"])
def test_others_read_no_organisation(o: Organised, name: str) -> None:
    assert as_(o.town, name).get(f"/organisations/{o['branch'].pk}").status_code == 404
    if name != "stranger":
        assert as_(o.town, name).get("/coverage").status_code == 403
    else:
        assert number(see(o.town, name, "/coverage"), "quarters", "all") == 0


def test_an_officer_reads_their_own_and_not_its_members(o: Organised) -> None:
    o.town.people["甲"] = o.people["甲"]
    page = see(o.town, "甲", f"/organisations/{o['branch'].pk}")
    assert "清理楼道" in page and "丙" not in page
    assert "写下参加的事" in page and "改名" not in page
    assert as_(o.town, "甲").get(f"/organisations/{o['group'].pk}").status_code == 404
    sent = {"on": f"{ago(1)}", "text": "值守充电棚"}
    address = f"/organisations/{o['branch'].pk}/note"
    assert as_(o.town, "甲").post(address, sent).status_code == 302
    assert Part.objects.get(text="值守充电棚").by == o.people["甲"]
    assert as_(o.town, "甲").get(address.replace("note", "rename")).status_code == 404


@pytest.mark.parametrize("name", ["leader", "auditor", "stranger", "worker"])
def test_who_only_reads_changes_nothing(o: Organised, name: str) -> None:
    before = list(Organisation.objects.values())
    key = o["branch"].pk
    for verb in ("rename", "move", "merge", "end", "elect", "admit", "note", "cover"):
        sent = {"name": "x", "on": f"{ago(0)}", "text": "x"}
        assert as_(o.town, name).post(f"/organisations/{key}/{verb}", sent).status_code == 404
    assert as_(o.town, name).post(f"/organisations/{key}/press", {"verb": "leave"}).status_code in (
        403, 404,
    )  # fmt: skip
    assert list(Organisation.objects.values()) == before and not Part.objects.filter(text="x")


# --- each gap is closed from its form


def gap_form(o: Organised, measure: str) -> str:
    rows = see(o.town, "desk", f"/coverage/{measure}?show=gaps")
    found = re.search(r'href="(/organisations/[^"]*back=[^"]*)"', rows)
    assert found, rows
    return unescape(found[1])


def send(o: Organised, address: str, **sent: Any) -> Any:
    page = as_(o.town, "desk").get(address)
    assert page.status_code == 200
    back = re.search(r'name="back" value="([^"]*)"', page.content.decode())
    assert back
    return as_(o.town, "desk").post(address, {"back": unescape(back[1]), **sent})


PAPER = {"number": "云组〔2026〕8号", "on": f"{ago(1)}"}


def test_a_quarter_gets_its_branch(o: Organised) -> None:
    for name in ("丁", "戊"):
        o.people[name].home = o.area(GRID2)
        o.people[name].save()
    o.people["己"] = Person.objects.create(username="p9", name="己", password="!",
                                           home=o.area(GRID2))  # fmt: skip
    form = gap_form(o, "quarters")
    assert f"area={QUARTER2}" in form
    few = send(o, form, parent=o["community"].pk, **PAPER, leader="丁", members="戊")
    assert few.status_code == 422 and "至少要有 3 名" in few.content.decode()
    wrong = send(o, form, parent=o["community"].pk, **PAPER, leader="无此人", members="戊\n己")
    assert wrong.status_code == 422 and "没有叫“无此人”的人" in wrong.content.decode()
    done = send(o, form, parent=o["community"].pk, **PAPER, leader="丁", members="戊\n己")
    assert done.status_code == 302 and done["Location"].startswith("/coverage/quarters")
    assert number(see(o.town, "desk", "/coverage"), "quarters", "gaps") == 0
    made = Organisation.objects.get(kind="branch", area__path=QUARTER2)
    assert made.belongings.count() == 3 and made.officers.get().person.name == "丁"


def test_two_of_a_name_are_told_apart_by_username(o: Organised) -> None:
    Person.objects.create(username="other", name="甲", password="!", home=o.area(GRID2))
    address = f"/organisations/{o['group'].pk}/elect"
    sent = {"office": "head", "since": f"{ago(0)}", "term": ""}
    twice = send(o, address, person="甲", **sent)
    assert twice.status_code == 422 and "不止一人" in twice.content.decode()
    assert send(o, address, person="other", **sent).status_code == 302
    assert o["group"].officers.get(until=None).person.username == "other"


def test_a_building_gets_its_group_and_the_group_its_household(o: Organised) -> None:
    form = gap_form(o, "buildings")
    building = int(re.search(r"building=(\d+)", form)[1])
    done = send(o, form, parent=o["community"].pk, **PAPER, leader="甲", buildings=[building])
    assert done.status_code == 302
    made = Organisation.objects.get(covers__building=building, kind="group")
    home = gap_form(o, "groups")
    assert f"parent={made.pk}" in home
    assert (
        send(o, home, parent=made.pk, **PAPER, leader="乙", buildings=building).status_code == 302
    )
    assert Organisation.objects.get(parent=made).covers.get().building_id == building
    assert number(see(o.town, "desk", "/coverage"), "groups", "gaps") == 0


def test_work_is_written_down_by_one_and_confirmed_by_another(o: Organised) -> None:
    form = gap_form(o, "group_work")
    assert send(o, form, on=f"{ago(1)}", text="扫雪").status_code == 302
    assert number(see(o.town, "desk", "/coverage"), "group_work", "gaps") == 1
    part, key = Part.objects.get(text="扫雪"), o["group"].pk
    press = {"verb": "confirm", "key": part.pk}
    own = as_(o.town, "desk").post(f"/organisations/{key}/press", press, follow=True)
    assert "自己写的要由别人确认" in own.content.decode()
    assert "我确认" not in see(o.town, "desk", f"/organisations/{key}")
    assert "我确认" in see(o.town, "street_desk", f"/organisations/{key}")
    as_(o.town, "street_desk").post(f"/organisations/{key}/press", press)
    assert number(see(o.town, "desk", "/coverage"), "group_work", "gaps") == 0


def test_what_is_missing_above_comes_first(o: Organised) -> None:
    Organisation.objects.all().update(until=ago(1))
    page = see(o.town, "desk", f"/organisations/new?kind=branch&area={QUARTER2}")
    assert f"kind=community&amp;area={COMMUNITY}" in page


def test_every_form_does_what_it_says(o: Organised) -> None:
    key = o["group"].pk
    free = o.buildings[f"{GRID3[-6:]}-1栋"]
    assert f'value="{free.pk}"' not in see(o.town, "desk", f"/organisations/{key}/cover")
    assert send(o, f"/organisations/{key}/rename", name="新名").status_code == 302
    to = {"area": o.area(QUARTER).pk, "parent": o["branch"].pk}
    assert send(o, f"/organisations/{key}/move", **to).status_code == 302
    other = o.set_up("group", GRID, parent=o["branch"])
    into = {"into": other.pk, "on": f"{ago(0)}"}
    assert send(o, f"/organisations/{key}/merge", **into).status_code == 302
    merged = see(o.town, "desk", f"/organisations/{key}")
    assert other.name in merged and "新名" in merged and "改名为" in merged
    assert "新名" in see(o.town, "desk", f"/organisations/{other.pk}"), "it tells what it took in"
    hangs = send(o, f"/organisations/{other.pk}/end", on=f"{ago(0)}")
    assert hangs.status_code == 422 and "下面还有 1 个组织" in hangs.content.decode()
    assert send(o, f"/organisations/{o['household'].pk}/end", on=f"{ago(0)}").status_code == 302
    branch = o["branch"]
    sent = {"person": "丁", "since": f"{ago(0)}", "full": ""}
    assert send(o, f"/organisations/{branch.pk}/admit", **sent).status_code == 302
    held = branch.belongings.get(person=o.people["丁"])
    assert not held.full
    officer = branch.officers.get()
    for verb, row in (("leave", held), ("step_down", officer)):
        as_(o.town, "desk").post(f"/organisations/{branch.pk}/press", {"verb": verb, "key": row.pk})
        row.refresh_from_db()
        assert row.until == ago(0)
    wrong = {"verb": "leave", "key": officer.pk + 99_999}
    assert as_(o.town, "desk").post(f"/organisations/{branch.pk}/press", wrong).status_code == 404


@pytest.mark.parametrize("back", ["//evil.example/", "https://evil.example/", "/logout", "/\\x"])
def test_one_is_sent_back_to_pages_of_ours_alone(o: Organised, back: str) -> None:
    address = f"/organisations/{o['group'].pk}/rename"
    done = as_(o.town, "desk").post(address, {"name": "新名", "back": back})
    assert done["Location"] == f"/organisations/{o['group'].pk}"


def test_terms_that_end_soon_are_said(o: Organised) -> None:
    elect(stamp(), o["branch"], o.people["乙"], "secretary", ago(100), ago(-90))
    elect(stamp(), o["group"], o.people["乙"], "head", ago(100), ago(-91))
    page = see(o.town, "desk", "/coverage/elections")
    assert o["branch"].name in page and o["group"].name not in page
    assert "快届满" in see(o.town, "desk", f"/organisations/{o['branch'].pk}")
    assert "office=secretary" in page and o["branch"].name in see(o.town, "desk", "/coverage")


def test_in_english(o: Organised) -> None:
    for address in ("/coverage", "/coverage/buildings", "/coverage/elections",
                    f"/organisations/{o['branch'].pk}", f"/organisations/{o['group'].pk}/elect",
                    f"/organisations/new?kind=branch&area={QUARTER2}",
                    "/organisations/new"):  # fmt: skip
        page = see(o.town, "desk", address, "en")
        plain = re.sub(
            r'<[^>]*lang="zh-CN"[^>]*>[^<]*<|<option.*?</option>|value="[^"]*"', "", page
        )
        body = plain[plain.index("<main") :]
        assert not re.search("[\u4e00-\u9fff]", body.replace("中文", "")), address


# --- in a browser


@pytest.mark.parametrize("size", [{}, {"viewport": {"width": 1440, "height": 900}}])
def test_from_a_gap_to_closed(
    live: Any, o: Organised, open_as: Callable[..., Any], size: dict[str, Any]
) -> None:
    """A group without anything done: found, written down; the street's desk confirms it."""
    page = open_as("desk", **size)
    page.goto("/coverage")
    page.locator('a[href*="coverage/group_work"][href*="show=gaps"]').click()
    page.get_by_role("link", name=re.compile("写下参加的事")).click()
    page.get_by_role("button", name="写下参加的事").click()
    assert page.get_by_text("请写参加了什么").first.is_visible()
    page.get_by_label("参加了什么").fill("清点灭火器")
    page.get_by_role("button", name="写下参加的事").click()
    page.wait_for_url("**/coverage/group_work**")
    other = open_as("street_desk", **size)
    other.goto(f"/organisations/{o['group'].pk}")
    other.get_by_role("button", name=re.compile("我确认")).click()
    assert other.get_by_text("已确认。").is_visible()
    page.goto("/coverage/group_work?show=gaps")
    assert page.get_by_text("这里一个也没有").is_visible()
    page.goto("/coverage/quarters?show=gaps")
    page.get_by_role("link", name=re.compile("设立党支部")).click()
    page.get_by_label("批准文号").fill("云组〔2026〕9号")
    page.get_by_label("书记").fill("丁")
    page.get_by_label("正式党员").fill("戊\nsecretary")
    page.get_by_role("button", name="设立小区党支部").click()
    page.wait_for_url("**/coverage/quarters**")
    assert page.get_by_text("已设立").is_visible()


@pytest.mark.parametrize("size", [{}, {"viewport": {"width": 1440, "height": 900}}])
def test_nothing_is_in_anybodys_way(
    live: Any, o: Organised, open_as: Callable[..., Any], size: dict[str, Any]
) -> None:
    page = open_as("desk", bypass_csp=True, **size)  # axe measures with styles of its own
    for address in (
        "/coverage", "/coverage/quarters?show=gaps", "/coverage/elections",
        f"/organisations/{o['branch'].pk}", f"/organisations/{o['branch'].pk}/elect",
        f"/organisations/new?kind=branch&area={QUARTER2}",
        f"/organisations/new?kind=group&area={GRID3}", "/organisations/new",
    ):  # fmt: skip
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
        page.evaluate(AXE.read_text("utf-8"))
        found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        assert [(address, v["id"], v["nodes"][0]["html"]) for v in found["violations"]] == []
