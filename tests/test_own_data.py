"""What is kept about a person: seen and taken along by that person alone, corrected, erased."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from careers_town import IDENTITY, fact, hired, stamp, stop_the_clock
from django.apps import apps
from python_calamine import CalamineWorkbook
from town import COMMUNITY, Town, settled
from web_town import as_, see

from lianxin.growth import keeping
from lianxin.growth.actions.careers import write
from lianxin.growth.actions.own_data import answer, ask, erase
from lianxin.growth.actions.particulars import set_particulars
from lianxin.growth.models import Correction
from lianxin.growth.queries.own_data import SECTIONS
from lianxin.registry.actions import change_person
from lianxin.registry.models import BatchRow, CheckIn, Entry, Person, PersonSkill, Post
from lianxin.registry.refusal import NotPossible
from lianxin.web.words import rows

PHONE, MAIL = "13800138321", "worker@example.org"


@pytest.fixture(autouse=True)
def day(monkeypatch: pytest.MonkeyPatch) -> None:
    stop_the_clock(monkeypatch)


@pytest.fixture
def town(request: pytest.FixtureRequest) -> Iterator[Town]:
    with settled(request) as town:
        worker = hired(town)
        change_person(stamp(), worker, phone=PHONE, mail=MAIL, ways="staff=bell", skills=["电工"])
        write(stamp(), worker, fact("certificate", date(2020, 1, 1), name="social_worker",
                                    number="S7"))  # fmt: skip
        set_particulars(stamp(), worker, identity=IDENTITY)
        yield town


def of(town: Town, name: str = "worker") -> Person:
    return Person.objects.get(pk=town.people[name].pk)


def test_one_sees_all_of_it(town: Town) -> None:
    html = see(town, "worker", "/me/data")
    for said in (PHONE, MAIL, "电工", IDENTITY, "1949-12-31", "S7", "社会工作师", "网格员",
                 "专职工作者", "自己的诉求"):  # fmt: skip
        assert said in html, said
    assert "Social worker" in see(town, "worker", "/me/data", "en")


@pytest.mark.parametrize("name", ["desk", "leader", "resident", "auditor"])
def test_nobody_else_does(town: Town, name: str) -> None:
    html = see(town, name, "/me/data")
    for secret in (PHONE, MAIL, IDENTITY, "S7"):
        assert secret not in html
    for kind in ("json", "xlsx"):
        assert IDENTITY.encode() not in as_(town, name).get(f"/me/data.{kind}").content


def test_without_an_account_there_is_nothing_to_see(client: Any, town: Town) -> None:
    assert client.get("/me/data").status_code == 302
    assert client.get("/me/data.json").status_code == 302


def test_it_is_taken_along_for_programs(town: Town) -> None:
    answer = as_(town, "worker").get("/me/data.json")
    assert "no-store" in answer["Cache-Control"]
    told = json.loads(answer.content)
    assert set(told) == {name for name, _, _ in SECTIONS}
    assert told["person"][0] | {} == {
        "name": "worker", "username": "worker", "phone": PHONE, "mail": MAIL, "home": None,
        "language": "zh", "ways": "staff=bell", "born": "1949-12-31", "identity": IDENTITY,
    }  # fmt: skip
    kinds = [row["kind"] for row in told["career"]]
    assert kinds == ["worked", "post", "certificate"]
    assert told["standing"][0]["grade"] == 5
    assert told["work"] == [{"requests": 0, "hours": "0"}]


def test_it_is_taken_along_as_a_sheet(town: Town) -> None:
    person = of(town)
    person.name = "=1+1"
    person.save()
    answer = as_(town, "worker").get("/me/data.xlsx")
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    assert len(book.sheet_names) == len(SECTIONS)
    cells = [str(c) for row in book.get_sheet_by_name("履历").to_python() for c in row]
    assert {"证书", "社会工作师", "S7"} <= set(cells)
    assert "=1+1" in str(book.get_sheet_by_name("本人").to_python()), "text stays text"
    assert as_(town, "worker").get("/me/data.pdf").status_code == 404


def test_every_register_that_names_a_person_is_told_or_excused() -> None:
    """A new table about people appears on this page, or here with its reason."""
    excused = {
        "registry.personskill", "registry.invitation", "registry.secondstep", "registry.mailproof",
        "registry.recoverycode",  # how one signs in; shown on the account's page
        "registry.batch", "registry.entry", "registry.part",  # who wrote something: the log
        "orders.notice", "orders.delivery", "orders.follow", "orders.link", "orders.photo",
        "orders.served",
        "orders.look", "orders.hotlinebatch",  # each has its own page, or is counted
        "orders.answered", "growth.particulars", "growth.reservedpost", "registry.person",
    }  # fmt: skip
    told = {
        "registry.post", "registry.checkin", "registry.belonging", "registry.officer",
        "registry.contactpoint", "registry.vetting", "registry.token", "growth.fact",
        "growth.standing", "growth.reserve", "growth.attendance", "growth.correction",
    }  # fmt: skip
    about = {
        model._meta.label_lower for model in apps.get_models()
        for field in model._meta.get_fields()
        if getattr(field, "related_model", None) is Person and field.concrete
        and field.name in ("person", "who")
    }  # fmt: skip
    assert sorted(about - told - excused) == []


def test_every_word_of_it_is_there() -> None:
    for name, columns, _ in SECTIONS:
        assert f"own_data.section.{name}" in rows()
        for column in columns:
            assert f"own_data.column.{column}" in rows(), column


# --- erased


def test_what_no_duty_keeps_is_erased(town: Town) -> None:
    worker = as_(town, "worker")
    Post.objects.filter(person=of(town)).delete()
    answer = worker.post("/me/data/erase", {"what": ["skills", "mail", "ways", "phone"]})
    assert answer.status_code == 302
    row = of(town)
    assert (row.phone, row.mail, row.ways) == ("", "", "")
    assert row.phone_blind is row.phone_tail is None
    assert not PersonSkill.objects.filter(person=row).exists()
    html = see(town, "worker", "/me/data")
    assert not [secret for secret in (PHONE, MAIL, "电工") if secret in html]
    told = json.dumps([[e.before, e.after] for e in Entry.objects.all()])
    assert PHONE not in told
    assert MAIL not in told
    assert "S7" in html, "a duty keeps the career"


def test_a_phone_stays_while_a_post_needs_it(town: Town) -> None:
    html = see(town, "worker", "/me/data")
    assert 'value="phone"' not in html
    assert "离岗为止" in html
    answer = as_(town, "worker").post("/me/data/erase", {"what": ["mail", "phone"]})
    assert answer.status_code == 422
    assert "手机号按规定要保存" in answer.content.decode()
    assert (of(town).phone, of(town).mail) == (PHONE, MAIL), "all or nothing"


@pytest.mark.parametrize("what", [[], ["career"], ["mail", "identity"], ["x"]])
def test_nothing_else_is_erased(town: Town, what: list[str]) -> None:
    assert as_(town, "worker").post("/me/data/erase", {"what": what}).status_code == 422
    assert of(town).mail == MAIL


def test_twice_is_no_harm(town: Town) -> None:
    assert erase(stamp(of(town)), of(town), ["skills"]) == ["skills"]
    assert erase(stamp(of(town)), of(town), ["skills"]) == []


def test_an_import_that_is_undone_brings_nothing_back(town: Town) -> None:
    from lianxin.registry.imports.outcome import open_batch
    from lianxin.registry.models import Batch

    batch: Batch = open_batch(stamp(), "people", "x.csv", b"")
    row = BatchRow.objects.create(
        batch=batch, model="registry.person", key=of(town).pk,
        before={"mail_sealed": "00", "name": "x"}, after={"mail_sealed": "01", "name": "y"},
    )  # fmt: skip
    erase(stamp(of(town)), of(town), ["mail"])
    row.refresh_from_db()
    assert (row.before, row.after) == ({"name": "x"}, {"name": "y"})


# --- the table of what is kept


def test_the_table_says_why_and_how_long() -> None:
    kept = keeping.keeping()
    assert {row.name for row in kept if row.erase != "no"} == {"skills", "mail", "ways", "phone"}
    assert all(row.basis.zh and row.term.en for row in kept)


@pytest.mark.parametrize(("line", "says"), [
    ('erase = "yes"', "erase"),
    ('erase = "perhaps"', "erase"),
    ("", "erase"),
])  # fmt: skip
def test_a_table_that_promises_what_is_not_done_is_refused(
    tmp_path: Path, settings: Any, line: str, says: str
) -> None:
    settings.PARAMS = tmp_path
    words = '{ zh = "一", en = "a" }'
    text = f'[kept.career]\nzh = "履历"\nen = "Career"\nbasis = {words}\nterm = {words}\n{line}\n'
    (tmp_path / "keeping.toml").write_text(text, "utf-8")
    with pytest.raises(ValueError, match=says):
        keeping.keeping()


# --- corrections


def test_a_correction_is_asked_for_and_answered(town: Town) -> None:
    worker, desk = as_(town, "worker"), as_(town, "desk")
    assert worker.post("/me/data/wrong", {"text": " 学历漏了：2019年硕士 "}).status_code == 302
    html = see(town, "desk", "/corrections")
    assert "学历漏了：2019年硕士" in html
    row = Correction.objects.get()
    answer = desk.post(f"/corrections/{row.pk}", {"text": "已补上"})
    assert answer.status_code == 302
    assert "已补上" in see(town, "worker", "/me/data")
    assert desk.post(f"/corrections/{row.pk}", {"text": "再答"}).status_code == 422
    entry = Entry.objects.get(model="growth.correction", verb="answer")
    assert entry.after == {"person_id": of(town).pk}


@pytest.mark.parametrize("name", ["stranger", "street_desk"])
def test_who_answers(town: Town, name: str) -> None:
    ask(stamp(), of(town), "有误")
    answer = as_(town, name).post(f"/corrections/{Correction.objects.get().pk}", {"text": "好"})
    assert answer.status_code == (302 if name == "street_desk" else 404)
    assert ("有误" in see(town, name, "/corrections")) is (name == "street_desk")


@pytest.mark.parametrize(("text", "code"), [("  ", "no_text"), ("长" * 601, "too_long")])
def test_what_cannot_be_asked(town: Town, text: str, code: str) -> None:
    with pytest.raises(NotPossible) as refused:
        ask(stamp(), of(town), text)
    assert refused.value.code == code
    assert as_(town, "worker").post("/me/data/wrong", {"text": text}).status_code == 422


def test_so_many_wait_and_no_more(town: Town) -> None:
    for n in range(5):
        ask(stamp(), of(town), f"有误 {n}")
    with pytest.raises(NotPossible) as refused:
        ask(stamp(), of(town), "还有")
    assert refused.value.code == "asked_enough"


def test_nobody_answers_themselves(town: Town) -> None:
    row = ask(stamp(), of(town, "desk"), "有误")
    with pytest.raises(NotPossible) as refused:
        answer(stamp(of(town, "desk")), row, "好")
    assert refused.value.code == "own_answer"
    assert as_(town, "desk").post(f"/corrections/{row.pk}", {"text": "好"}).status_code == 404


def test_where_one_checked_in_is_told(town: Town) -> None:
    CheckIn.objects.create(person=of(town, "m1"), unit=town.unit, area=town.areas[COMMUNITY],
                           since=date(2021, 1, 1))  # fmt: skip
    assert "供电所" in see(town, "m1", "/me/data")
