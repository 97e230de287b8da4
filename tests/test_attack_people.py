"""What a neighbour with an office, a clerk of elsewhere and a colleague try on the registers."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

import pytest
from careers_town import stamp
from django.test import Client
from django.utils import timezone
from docx import Document
from organised import Organised, ago, organised
from test_served import done
from town import COMMUNITY, COUNTY, GRID, QUARTER, Town, settled
from web_town import as_, see

from lianxin.core.step.who import Who
from lianxin.registry.actions import Stamp, add_person, change_person
from lianxin.registry.actions import check_ins as acts
from lianxin.registry.actions.merging import merge
from lianxin.registry.actions.officers import elect, step_down
from lianxin.registry.actions.organisations import rename, set_up
from lianxin.registry.imports import import_sheet
from lianxin.registry.imports.outcome import Outcome
from lianxin.registry.models import (
    Area,
    Belonging,
    CheckIn,
    Cover,
    Officer,
    Organisation,
    Person,
    Post,
)
from lianxin.registry.queries import grants
from lianxin.registry.refusal import NotPossible

PHONE = "13800138000"


@pytest.fixture
def town(request: pytest.FixtureRequest) -> Iterator[Town]:
    with settled(request) as town:
        yield town


@pytest.fixture
def o(town: Town) -> Organised:
    return organised(town)


def taken(what: str, by: Person | None, within: str, *rows: list[Any]) -> Outcome:
    file = io.StringIO()
    csv.writer(file).writerows(rows)
    data = file.getvalue().encode("utf-8-sig")
    return import_sheet(what, data, "表.csv", Stamp(by, timezone.now()), within=within)


def client_of(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


# ── organisations ────────────────────────────────────────────────────────────────────────────────


def test_who_held_an_office_once_reads_no_further(o: Organised) -> None:
    """The page of a core household, its host and building, is for who answers for it now."""
    home, host = o["household"], o.people["丙"]
    page = f"/organisations/{home.pk}"
    assert client_of(host).get(page).status_code == 200
    assert Cover.objects.filter(organisation=home).count() == 1
    who = Officer.objects.get(organisation=home, until=None)
    step_down(stamp(), who, ago(0))
    assert client_of(host).get(page).status_code == 404
    reader = Who(str(host.pk), grants(host, timezone.now()))
    assert not Organisation.objects.visible_to(reader).exists()
    assert not Cover.objects.visible_to(reader).exists()


def test_nobody_becomes_their_own_witness(o: Organised) -> None:
    """An officer writes it down, a desk confirms, and the officer's desk at that."""
    desk = o.town.people["desk"]
    elect(stamp(), o["branch"], desk, "committee", ago(10))
    part = o.worked("branch", ago(2), confirmed=False)
    answer = as_(o.town, "desk").post(
        f"/organisations/{o['branch'].pk}/press", {"verb": "confirm", "key": part.pk}
    )
    part.refresh_from_db()
    assert (answer.status_code, part.confirmed) == (302, None)


def test_a_button_of_another_organisation_presses_nothing(o: Organised) -> None:
    """The address is one's own, the row in the form is not."""
    held = Officer.objects.get(organisation=o["branch"], office="secretary")
    page = f"/organisations/{o['group'].pk}/press"
    given = {"verb": "step_down", "key": held.pk}
    assert as_(o.town, "desk").post(page, given).status_code == 404
    assert as_(o.town, "stranger").post(page, given).status_code == 404
    held.refresh_from_db()
    assert held.until is None


def test_names_without_end_are_refused_in_words(o: Organised) -> None:
    with pytest.raises(NotPossible, match="too_long"):
        rename(stamp(), o["branch"], "长" * 121)
    with pytest.raises(NotPossible, match="too_long"):
        set_up(stamp(), "group", o.area(GRID), number="号" * 61, on=ago(1), parent=o["branch"])


def test_a_sheet_from_above_suggests_no_core_household(o: Organised) -> None:
    """A county's desk misspells a household, and would be told how it is spelt."""
    head = ["组织名称", "职务", "用户名"]
    done = taken("officers", None, COUNTY, head, ["一号中心", "中心户负责人", "p3"])
    assert done.errors
    assert "一号中心户" not in str([f.facts for f in done.errors])


# ── names that break the paper they stand on ─────────────────────────────────────────────────────

ODD = "李\x0b雪\u202e\ufffe梅"


def test_a_name_keeps_nothing_that_nobody_sees(town: Town) -> None:
    assert add_person(stamp(), ODD).name == "李雪梅"
    change_person(stamp(), town.people["m1"], name=ODD)
    assert Person.objects.get(username="m1").name == "李雪梅"


def test_one_odd_name_keeps_nobody_from_their_letter(town: Town) -> None:
    """As it may stand in a row from before names were looked at."""
    row = CheckIn.objects.create(
        person=town.people["m1"], unit=town.unit, area=town.areas[COMMUNITY], since=ago(400),
        confirmed=ago(400),
    )  # fmt: skip
    Person.objects.filter(pk=row.person_id).update(name=ODD)
    done(town)
    year = timezone.localdate().year
    answer = as_(town, "clerk").get(f"/units/{town.unit.pk}/letters/{year}.docx")
    assert answer.status_code == 200
    told = [c.text for g in Document(io.BytesIO(answer.content)).tables for c in g._cells]
    assert any("李雪" in text for text in told)


def test_one_odd_name_leaves_the_drawing_a_drawing(o: Organised) -> None:
    Area.objects.filter(path=QUARTER).update(name="江\x0b景\ufffe苑 <b>")
    answer = as_(o.town, "desk").get("/graph.svg", {"path": QUARTER})
    root = ElementTree.fromstring(answer.content)
    assert "江景苑 <b>" in "".join(root.itertext())


# ── members ──────────────────────────────────────────────────────────────────────────────────────

HEAD = ["姓名", "电话", "单位", "居住地"]


def test_a_clerk_learns_nobodys_name_by_a_phone(town: Town) -> None:
    add_person(stamp(), "欧阳春雪", phone=PHONE)
    clerk = town.people["clerk"]
    found = taken("members", clerk, "", HEAD, ["张三", PHONE, "U", COMMUNITY])
    assert [f.code for f in found.errors] == ["phone_of_other"]
    assert "欧" not in str(found.errors[0].facts)


def test_a_clerk_makes_no_member_of_who_has_an_account(town: Town) -> None:
    """The post would lay a resident's account, with all they ever asked for, before a desk."""
    resident = town.people["resident"]
    change_person(stamp(), resident, phone=PHONE)
    resident.refresh_from_db()
    resident.set_password("Wei-9-gehen-nicht")
    resident.save()
    clerk, row = town.people["clerk"], ["resident", PHONE, "U", COMMUNITY]
    found = taken("members", clerk, "", HEAD, row)
    assert [f.code for f in found.errors] == ["refused.own_account"]
    assert not Post.objects.filter(person=resident).exists()
    acts.check_in(Stamp(resident, timezone.now()), resident, town.unit, town.areas[COMMUNITY])
    assert taken("members", clerk, "", HEAD, row).changed == 1, "who asked for it is confirmed"


def test_a_clerk_of_elsewhere_opens_nothing_of_a_unit(town: Town) -> None:
    person = town.people["neighbour"]
    row = acts.check_in(Stamp(person, timezone.now()), person, town.unit, town.areas[COMMUNITY])
    other = as_(town, "other_clerk")
    for do in ("confirm", "decline", "end"):
        answer = other.post(f"/check-ins/{row.pk}", {"do": do, "reason": "x"})
        assert answer.status_code == 404
    assert other.get(f"/units/{town.unit.pk}/letters/2026.docx").status_code == 404
    assert other.get(f"/units/{town.unit.pk}/communities").status_code == 404
    for name in ("desk", "leader", "auditor"):
        answer = as_(town, name).post(f"/check-ins/{row.pk}", {"do": "confirm"})
        assert answer.status_code in (404, 422)
    row.refresh_from_db()
    assert (row.confirmed, row.until) == (None, None)


def test_why_somebody_was_declined_stays_between_them_and_the_unit(town: Town) -> None:
    person, clerk = town.people["neighbour"], Stamp(town.people["clerk"], timezone.now())
    row = acts.check_in(Stamp(person, timezone.now()), person, town.unit, town.areas[COMMUNITY])
    acts.decline(clerk, row, "不是本单位的人")
    assert "不是本单位的人" in see(town, "clerk", f"/check-ins/{row.pk}")
    for name in ("desk", "leader", "auditor"):
        assert "不是本单位的人" not in see(town, name, f"/check-ins/{row.pk}")


# ── two rows of one person ───────────────────────────────────────────────────────────────────────


def test_who_joins_two_rows_opens_no_papers_by_it(town: Town) -> None:
    """Somebody else's row is joined to one's own: the download tells that there is a phone, and
    not which; erasing reaches it all the same."""
    lost = add_person(stamp(), "赵一", phone=PHONE, mail="zhao@example.org", skills=["电工"])
    stays = add_person(stamp(), "赵一")
    merge(stamp(), lost, stays)
    stays.refresh_from_db()
    client = client_of(stays)
    told = client.get("/me/data.json").content.decode()
    assert PHONE not in told
    assert "zhao@" not in told
    assert "****" in told
    assert "电工" in told
    answer = client.post("/me/data/erase", {"what": ["phone", "mail", "skills"]})
    assert answer.status_code == 302
    lost.refresh_from_db()
    assert (lost.phone, lost.mail, lost.skills.count()) == ("", "", 0)


def test_nobody_takes_the_posts_of_who_is_not_theirs(town: Town) -> None:
    """A desk joins a leader's row to its own worker's, and would have a county."""
    desk, leader = as_(town, "desk"), town.people["leader"]
    for lost, stays in (("leader", "worker"), ("worker", "leader"), ("desk", "worker")):
        page = f"/accounts/{town.people[lost].pk}/same"
        assert desk.post(page, {"username": stays}).status_code in (404, 422)
    assert Post.objects.filter(person=leader, role="leader").count() == 1


def test_one_belongs_to_one_organisation_at_a_time(o: Organised) -> None:
    """Two desks admit one person in the same moment: the database lets one pass."""
    other = o.set_up("community", "522602001001")
    page = f"/organisations/{other.pk}/admit"
    given = {"person": "p0", "since": f"{ago(1)}", "full": "on"}
    answer = as_(o.town, "stranger").post(page, given)
    assert answer.status_code == 422
    assert Belonging.objects.filter(person=o.people["甲"], until=None).count() == 1
