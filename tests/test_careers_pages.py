"""The pages of careers: one's own, those of a place, the forms by which facts are written."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from careers_town import ENTERED, IDENTITY, fact, hired, person, stamp, stop_the_clock
from django.utils import timezone
from town import COMMUNITY, STREET, Town, settled
from web_town import as_, see

from lianxin.growth.actions.careers import write
from lianxin.growth.actions.particulars import set_particulars
from lianxin.growth.models import Fact, Standing
from lianxin.orders.models import Look
from lianxin.registry.models import Person, Post


@pytest.fixture(autouse=True)
def day(monkeypatch: pytest.MonkeyPatch) -> None:
    stop_the_clock(monkeypatch)


@pytest.fixture
def town(request: pytest.FixtureRequest) -> Iterator[Town]:
    with settled(request) as town:
        elsewhere = town.areas["522602"]
        Post.objects.filter(person=town.people["stranger"]).update(area=elsewhere)
        hired(town)
        yield town


def of(town: Town, name: str = "worker") -> str:
    return f"/careers/{town.people[name].pk}"


def facts(town: Town, kind: str, name: str = "worker") -> list[Fact]:
    return list(Fact.objects.filter(person=town.people[name], kind=kind).order_by("since"))


def test_a_worker_reads_their_own(town: Town) -> None:
    soon = timezone.localdate() + timedelta(days=40)
    write(stamp(), town.people["worker"],
          fact("certificate", date(2020, 1, 1), name="social_worker", number="S7", until=soon),
          fact("grade", date(2021, 3, 1), n=3, number="P1"))  # fmt: skip
    html = see(town, "worker", "/career")
    for said in ("2018年3月1日 入职。", "社会工作师证书，多计 2 年", "职级：", "月薪", "S7",
                 "快到期", "在册是 3 级，算得 5 级", "请街道工作台在“晋级建议”里办理"):  # fmt: skip
        assert said in html, said
    assert "/facts/" not in html, "nobody writes their own"
    english = see(town, "worker", "/career", "en")
    assert "Entered service on 1 Mar 2018." in english
    assert "your rise has not been recorded" in english


def test_who_has_none_is_told_what_to_do(town: Town) -> None:
    assert "请街道工作台登记" in see(town, "resident", "/career")


@pytest.mark.parametrize(("name", "status"), [
    ("desk", 200), ("street_desk", 200), ("leader", 200), ("auditor", 200), ("supervisor", 200),
    ("stranger", 404), ("worker", 403), ("resident", 403), ("clerk", 403),
])  # fmt: skip
def test_who_sees_a_career(town: Town, name: str, status: int) -> None:
    assert as_(town, name).get(of(town)).status_code == status


@pytest.mark.parametrize("name", ["leader", "auditor", "supervisor", "desk"])
def test_who_only_reads_has_no_buttons(town: Town, name: str) -> None:
    set_particulars(stamp(), town.people["worker"], identity=IDENTITY)
    html = see(town, name, of(town))
    assert "/add/" not in html
    assert "/particulars" not in html
    assert IDENTITY[-4:] not in html
    for address in (f"{of(town)}/add/degree", f"{of(town)}/born"):
        assert as_(town, name).get(address).status_code == (404 if name == "desk" else 403)
    assert as_(town, name).get("/careers/new").status_code == 403
    assert "/careers/new" not in see(town, name, "/careers")
    assert as_(town, name).post(f"{of(town)}/particulars").status_code in (403, 404)
    assert not Look.objects.exists()


def test_a_desk_of_another_place_writes_nothing(town: Town) -> None:
    row = facts(town, "post")[0]
    stranger = as_(town, "stranger")
    for address in (f"{of(town)}/add/degree", f"{of(town)}/facts/{row.pk}", f"{of(town)}/born",
                    f"{of(town)}/particulars"):  # fmt: skip
        given = {"name": "doctor", "since": "2020-01-01", "do": "void"}
        assert stranger.post(address, given).status_code == 404
    assert [f.name for f in facts(town, "post")] == ["worker"]


def test_a_desk_writes_corrects_and_takes_out(town: Town) -> None:
    desk = as_(town, "street_desk")
    answer = desk.post(f"{of(town)}/add/degree", {"name": "master", "since": "2019-06-30"})
    assert answer.status_code == 302
    (row,) = facts(town, "degree")
    assert Standing.objects.get(person=town.people["worker"]).grade == 6
    address = f"{of(town)}/facts/{row.pk}"
    assert 'value="2019-06-30"' in see(town, "street_desk", address)
    desk.post(address, {"name": "doctor", "since": "2019-06-30"})
    assert [f.name for f in facts(town, "degree")] == ["doctor"]
    assert desk.post(address, {"do": "void"}).status_code == 302
    assert facts(town, "degree") == []


def test_a_contract_has_its_last_day(town: Town) -> None:
    (row,) = facts(town, "worked")
    last = timezone.localdate() + timedelta(days=30)
    given = {"area": row.area_id, "since": ENTERED.isoformat(), "until": last.isoformat()}
    assert as_(town, "street_desk").post(f"{of(town)}/facts/{row.pk}", given).status_code == 302
    (row,) = facts(town, "worked")
    assert row.until == last + timedelta(days=1)
    html = see(town, "worker", "/career")
    assert f"合同到 {last.year}年{last.month}月{last.day}日 为止" in html
    listed = see(town, "street_desk", "/careers?show=contracts")
    assert f"/careers/{town.people['worker'].pk}" in listed
    assert "没有符合的人" in see(town, "street_desk", "/careers?show=certificates")


def test_what_is_refused_stands_on_the_form(town: Town) -> None:
    write(stamp(), hired(town, "w2"), fact("certificate", date(2020, 1, 1), name="social_worker",
                                           number="A1"))  # fmt: skip
    given = {"name": "social_worker", "number": "A1", "since": "2020-01-01"}
    answer = as_(town, "street_desk").post(f"{of(town)}/add/certificate", given)
    assert answer.status_code == 422
    html = answer.content.decode()
    assert "证书编号 A1 已经登记在别处" in html
    assert "w2" not in html
    assert facts(town, "certificate") == []


@pytest.mark.parametrize(("kind", "given", "says"), [
    ("degree", {"name": "magister", "since": "2020-01-01"}, None),
    ("degree", {"name": "master", "since": "yesterday"}, "写上日期"),
    ("result", {"name": "basic", "n": "x", "since": "2020-01-01"}, "写一个合适的数"),
    ("fall", {"n": "0", "since": "2020-01-01"}, "写一个合适的数"),
    ("worked", {"area": "999999", "since": "2020-01-01"}, None),
])  # fmt: skip
def test_bad_input_is_a_sentence(
    town: Town, kind: str, given: dict[str, str], says: str | None
) -> None:
    before = Fact.objects.count()
    answer = as_(town, "street_desk").post(f"{of(town)}/add/{kind}", given)
    assert answer.status_code == 422
    assert (says or 'class="errors"') in answer.content.decode()
    assert Fact.objects.count() == before


@pytest.mark.parametrize("address", ["/add/birthday", "/facts/1", "/facts/99999999999999999999"])
def test_what_is_not_there(town: Town, address: str) -> None:
    assert as_(town, "street_desk").get(of(town) + address).status_code == 404


# --- birth and identity number


def test_a_number_is_shown_when_it_is_asked_for_and_each_look_is_kept(town: Town) -> None:
    desk, worker = as_(town, "street_desk"), town.people["worker"]
    answer = desk.post(f"{of(town)}/born", {"born": "", "identity": IDENTITY})
    assert answer.status_code == 302
    html = see(town, "street_desk", of(town))
    assert IDENTITY not in html
    assert "****************2X" in html
    assert not Look.objects.exists()
    shown = desk.post(f"{of(town)}/particulars").content.decode()
    assert IDENTITY in shown
    part = desk.post(f"{of(town)}/particulars", headers={"HX-Request": "true"}).content.decode()
    assert IDENTITY in part
    assert "<html" not in part
    looks = Look.objects.filter(what="particulars").values_list("who", "path", "about")
    own = (town.people["street_desk"].pk, STREET, f"person={worker.pk}")
    assert list(looks) == [own, own]
    assert "查看出生日期、身份证号" in see(town, "auditor", "/looks")
    assert "谁看过我的身份信息" in see(town, "worker", "/me/data")


def test_looks_are_bounded(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    set_particulars(stamp(), town.people["worker"], identity=IDENTITY)
    set_particulars(stamp(), hired(town, "w2"), born="1990-05-01")
    monkeypatch.setattr("lianxin.growth.actions.shown.bounds", lambda what: {"a_day": 1})
    desk = as_(town, "street_desk")
    assert desk.post(f"{of(town)}/particulars").status_code == 200
    assert desk.post(f"{of(town)}/particulars").status_code == 200, "the same person counts once"
    answer = desk.post(f"{of(town, 'w2')}/particulars")
    assert answer.status_code == 429
    assert "1990-05-01" not in answer.content.decode()


def test_the_form_tells_nothing_of_what_is_there(town: Town) -> None:
    set_particulars(stamp(), town.people["worker"], identity=IDENTITY)
    html = see(town, "street_desk", f"{of(town)}/born")
    assert IDENTITY not in html
    assert "1949" not in html


# --- the list, and a worker more


def test_the_list_of_a_place(town: Town) -> None:
    hired(town, "w2")
    hired(town, "far", place="522602001001")
    html = see(town, "street_desk", "/careers")
    assert all(f'/careers/{town.people[n].pk}"' in html for n in ("worker", "w2"))
    assert f'/careers/{town.people["far"].pk}"' not in html
    assert "w2" in see(town, "street_desk", "/careers?q=w2")
    assert "没有符合的人" in see(town, "street_desk", "/careers?q=%00nobody")
    Standing.objects.filter(person=town.people["w2"]).update(on=date(2016, 1, 1))
    assert "待重算" in see(town, "street_desk", "/careers?q=w2")
    assert as_(town, "resident").get("/careers").status_code == 403


def test_the_list_goes_on(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lianxin.web.careers.listing.AT_ONCE", 1)
    hired(town, "w2")
    html = see(town, "street_desk", "/careers")
    assert 'rel="next"' in html
    key = Fact.objects.get(person=town.people["worker"], kind="worked").pk
    assert f'/careers/{town.people["w2"].pk}"' in see(town, "street_desk", f"/careers?after={key}")


def new(town: Town, **more: str) -> dict[str, str]:
    here = town.areas[COMMUNITY]
    return {"name": "单雪梅", "username": "", "born": "1990-05-01", "post": "worker",
            "area": str(here.pk), "since": "2024-03-01", "until": ""} | more  # fmt: skip


def test_a_worker_more(town: Town) -> None:
    answer = as_(town, "street_desk").post("/careers/new", new(town, until="2027-02-28"))
    assert answer.status_code == 302
    person = Person.objects.get(name="单雪梅")
    assert answer["Location"] == f"/careers/{person.pk}"
    assert person.particulars.born == "1990-05-01"
    spell = Fact.objects.get(person=person, kind="worked")
    assert (spell.area.path, spell.until) == (COMMUNITY, date(2027, 3, 1))
    assert Standing.objects.get(person=person).post == "worker"


def test_two_of_one_name_and_birthday_are_warned_about_and_never_merged(town: Town) -> None:
    desk = as_(town, "street_desk")
    desk.post("/careers/new", new(town))
    answer = desk.post("/careers/new", new(town))
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "已有同名同生日的人" in html
    assert 'name="sure"' in html
    assert Person.objects.filter(name="单雪梅").count() == 1
    assert desk.post("/careers/new", new(town, born="1990-05-02")).status_code == 302
    assert desk.post("/careers/new", new(town, warned="1", sure="on")).status_code == 302
    assert Person.objects.filter(name="单雪梅", became=None).count() == 3


def test_somebody_known_gets_no_second_row(town: Town) -> None:
    known = person(town, "w9", home=town.grid)
    desk = as_(town, "street_desk")
    assert desk.post("/careers/new", new(town, username="w9")).status_code == 422  # another name
    assert desk.post("/careers/new", new(town, username="nobody")).status_code == 422
    assert desk.post("/careers/new", new(town, name="w9", username="w9")).status_code == 302
    assert Fact.objects.filter(person=known).count() == 2
    before = Person.objects.count()
    answer = desk.post("/careers/new", new(town, name="w9", username="w9"))
    assert "已有一段在岗" in answer.content.decode()
    assert Person.objects.count() == before


def test_nothing_half_done(town: Town) -> None:
    before = Person.objects.count(), Fact.objects.count()
    answer = as_(town, "street_desk").post("/careers/new", new(town, born="1790-05-01"))
    assert answer.status_code == 422
    assert (Person.objects.count(), Fact.objects.count()) == before


def test_only_who_keeps_adds(town: Town) -> None:
    for name in ("leader", "auditor", "worker"):
        assert as_(town, name).get("/careers/new").status_code == 403
        assert as_(town, name).get("/careers/proposals").status_code == 403
