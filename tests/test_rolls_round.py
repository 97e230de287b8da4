"""Every roll goes out as a sheet and comes in again unchanged; phones go out behind stars, or in
clear to whoever keeps the roll, which is written down."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from openpyxl import load_workbook
from organised import organised
from rolls_town import named, sheet
from team_town import last_year, stamp, with_teams
from town import COMMUNITY, COUNTY, DAY, GRID, Town
from web_town import as_, see

from lianxin.growth.actions.particulars import set_particulars
from lianxin.growth.actions.posts import take_post
from lianxin.growth.models import ReservedPost
from lianxin.orders.models import Look
from lianxin.registry.actions.contact_points import tie
from lianxin.registry.actions.unit_check_ins import check_in_unit, promise
from lianxin.registry.imports import import_sheet
from lianxin.registry.imports.takers import takers
from lianxin.registry.models import Batch, Person, Post
from lianxin.registry.rolls import rolls
from lianxin.registry.sheets.columns import Column
from lianxin.web.rolls.opened import columns

pytestmark = pytest.mark.django_db
IDENTITY, PHONE = "11010519491231002X", "13800001234"
ALL = [name for name, roll in rolls().items() if roll.taker]
KEPT = [name for name in ALL if rolls()[name].keeps]
# Who keeps it in this town: the county's desk, where it is none of these.
KEEPERS = {
    "partners": "clerk", "promises": "clerk", "posts": "desk", "members": "clerk",
    "workers": "street_desk", "careers": "street_desk",
    "organisations": "street_desk", "officers": "street_desk", "contact_points": "street_desk",
}  # fmt: skip
OF_A_YEAR = ("courses", "attendances", "reserved_posts")


@pytest.fixture
def town(request: pytest.FixtureRequest) -> Iterator[Town]:
    """Something in every roll; a desk of the county, and all with one phone."""
    with named(request) as town:
        with_teams(town)
        last_year(town)
        organised(town)
        tie(stamp(), town.people["leader"], "leader", town.grid, DAY)
        for post in ReservedPost.objects.filter(kind="civil"):
            take_post(stamp(), post, town.people["w2"], date(post.year, 5, 1))
        high = Person.objects.create(username="county_desk", name="县台", password="!")
        Post.objects.create(person=high, role="desk", area=town.areas[COUNTY], since=DAY)
        town.people["county_desk"] = high
        for person in Person.objects.all():
            person.phone = PHONE
            person.save()
        set_particulars(stamp(), town.people["w2"], identity=IDENTITY)
        pair = check_in_unit(stamp(), town.unit, town.areas[COMMUNITY])
        promise(stamp(), pair, "need", "楼道灯")
        yield town


def asked(name: str) -> str:
    on = f"{timezone.localdate().year - 1}-12-31" if name in OF_A_YEAR else ""
    return f"/rolls/{name}.xlsx?on={on}"


def out(town: Town, name: str, reader: str, language: str = "zh", more: str = "") -> bytes:
    answer = as_(town, reader, language).get(asked(name) + more)
    assert answer.status_code == 200
    return answer.content


def text(data: bytes) -> str:
    cells = [c.value for row in load_workbook(io.BytesIO(data)).active.iter_rows() for c in row]
    return " ".join(str(cell) for cell in cells if cell is not None)


def test_every_sheet_that_is_taken_in_also_goes_out() -> None:
    """But those by which a house is furnished: they hold what no roll of ours is of."""
    assert set(takers()) - set(ALL) == {"areas", "people"}


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", ALL)
def test_what_goes_out_comes_in_again_and_changes_nothing(
    town: Town, name: str, language: str
) -> None:
    data = out(town, name, "leader", language)
    back = import_sheet(name, data, "again.xlsx", stamp())
    assert back.errors == []
    assert back.rows == back.same > 0
    assert not Batch.objects.exclude(what="step").exists()


@pytest.mark.parametrize("clear", ["", "&clear=1"])
@pytest.mark.parametrize("name", KEPT)
def test_whoever_keeps_it_takes_their_own_in_again(town: Town, name: str, clear: str) -> None:
    keeper = KEEPERS.get(name, "county_desk")
    data = out(town, name, keeper, more=clear if rolls()[name].guarded else "")
    file = SimpleUploadedFile("again.xlsx", data)
    answer = as_(town, keeper).post(f"/rolls/{name}/sheet", {"file": file, "do": "all"})
    said = answer.content.decode()
    assert answer.status_code == 200, said
    assert "新增 0，变更 0" in said and "有误 0" in said and "未变 0" not in said
    assert {person.phone for person in Person.objects.all()} == {PHONE}


def test_every_roll_with_phones_shows_them_behind_stars(town: Town) -> None:
    guarded = {name for name, roll in rolls().items() if roll.guarded}
    assert guarded == {"posts", "members", "contact_points", "officers"}
    for name in guarded:
        assert "138****1234" in text(out(town, name, KEEPERS[name]))
        assert PHONE not in text(out(town, name, KEEPERS[name]))


@pytest.mark.parametrize(("name", "keeper"), [(n, KEEPERS[n]) for n in ("posts", "members")])
def test_phones_in_clear_are_one_look_for_each_export(town: Town, name: str, keeper: str) -> None:
    rows = sheet(town, keeper, asked(name) + "&clear=1")
    assert PHONE in str(rows)
    look = Look.objects.get()
    assert (look.what, look.n, look.who) == ("roll_clear", len(rows) - 1, town.people[keeper])
    assert PHONE not in look.about
    page = see(town, "auditor", "/looks")
    assert "导出名册，含完整电话" in page and PHONE not in page
    assert "Exported a roll with whole phones" in see(town, "auditor", "/looks", "en")


@pytest.mark.parametrize(
    ("reader", "name"),
    [("leader", "posts"), ("street_desk", "members"), ("clerk", "posts"), ("auditor", "posts"),
     ("desk", "members"), ("street_desk", "workers"), ("county_desk", "figures")],
)  # fmt: skip
def test_who_does_not_keep_it_gets_none_in_clear(town: Town, reader: str, name: str) -> None:
    assert as_(town, reader).get(asked(name) + "&clear=1").status_code == 403
    assert not Look.objects.exists()
    assert "含完整电话" not in see(town, reader, f"/rolls/{name}")


def test_the_way_to_it_stands_on_the_page_of_who_keeps_it(town: Town) -> None:
    assert "clear=1" in see(town, "desk", "/rolls/posts")
    assert "whole phones" in see(town, "desk", "/rolls/posts", "en")


@pytest.mark.parametrize("name", list(rolls()))
def test_no_identity_number_goes_out_in_any_roll(town: Town, name: str) -> None:
    """Who needs it asks for one person's on the page of their career, and each look is kept."""
    reader = "clerk" if name == "members" else "leader"
    assert IDENTITY[-4:] not in text(out(town, name, reader))
    known: tuple[Column, ...] = columns(rolls()[name])
    told = " ".join(word for column in known for word in column.names)
    assert "身份证" not in told and "identity" not in told.lower()


# ── members: told by username where the phone stands behind stars ────────────────────────────────


def members(town: Town, row: dict[str, str], by: str = "clerk") -> tuple[int, str]:
    data = ",".join(row) + "\n" + ",".join(row.values()) + "\n"
    file = SimpleUploadedFile("a.csv", data.encode("utf-8-sig"))
    answer = as_(town, by).post("/rolls/members/sheet", {"file": file, "do": "all"})
    return answer.status_code, answer.content.decode()


def test_a_member_is_known_by_username_in_the_own_unit_alone(town: Town) -> None:
    name = town.people["m1"].name
    known = {"用户名": "m1", "姓名": name, "电话": "138****1234", "单位": "U", "居住地": GRID}
    assert members(town, known)[0] == 200
    for changed, says in (
        ({"用户名": "desk", "姓名": town.people["desk"].name}, "人员册里没有 desk"),
        ({"姓名": "别人"}, "别人"),
        ({"电话": "13900000000"}, "登记的是另一个电话"),
        ({"用户名": ""}, "没有写电话"),
    ):
        code, said = members(town, known | changed)
        assert (code, says in said) == (422, True), changed
    assert Person.objects.get(username="m1").phone == PHONE


def test_phones_that_were_masked_take_nothing_away(town: Town) -> None:
    name = town.people["worker"].name
    row = f"姓名,用户名,电话,岗位,区域\n{name},worker,138****1234,网格员,{COMMUNITY}\n"
    done = import_sheet("posts", row.encode(), "a.csv", stamp())
    assert (done.errors, done.made) == ([], 1)
    assert Person.objects.get(username="worker").phone == PHONE
