"""A letter names who served and nobody else; a certificate says what the log says, to anybody."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone
from docx import Document
from test_served import done, say
from town import COMMUNITY, Town, settled
from web_town import as_

from lianxin.orders import actions, certificates
from lianxin.orders.models import Look, Served
from lianxin.orders.thanked import thanked
from lianxin.registry.actions import Stamp
from lianxin.registry.actions import check_ins as acts
from lianxin.registry.models import Area, CheckIn, Person
from lianxin.registry.queries import grants
from lianxin.web.check_in.certificate import tries

NAMES = {"m1": "李雪梅", "m2": "王强", "m3": "赵没来", "m4": "孙没来"}


@pytest.fixture
def town(request: pytest.FixtureRequest) -> Iterator[Town]:
    with settled(request) as town:
        tries.forget()
        for username, name in NAMES.items():
            person = town.people[username]
            Person.objects.filter(pk=person.pk).update(name=name, spelt=f" {username}")
            stamp = Stamp(person, timezone.now())
            row = acts.check_in(stamp, person, town.unit, town.areas[COMMUNITY])
            acts.confirm(Stamp(town.people["clerk"], timezone.now()), row)
        yield town


def year() -> int:
    return timezone.localdate().year


def letter(town: Town, name: str = "clerk", of: int | None = None) -> tuple[int, str]:
    """(status, all words of the letter)."""
    answer = as_(town, name).get(f"/units/{town.unit.pk}/letters/{of or year()}.docx")
    if answer.status_code != 200:
        return answer.status_code, ""
    paper = Document(io.BytesIO(answer.content))
    cells = [cell.text for grid in paper.tables for row in grid.rows for cell in row.cells]
    return 200, "\n".join([*(p.text for p in paper.paragraphs), *cells])


def rows(town: Town, name: str = "clerk") -> list[tuple[str, Decimal]]:
    held = grants(town.people[name], timezone.now())
    return [(one.name, one.hours) for one in thanked(town.unit.pk, year(), held)]


def test_who_served_is_named_with_hours_and_what_for(town: Town) -> None:
    done(town)
    done(town, category="0401", hours=2.5)
    code, words = letter(town)
    assert code == 200
    for said in ("供电所", str(year()), "李雪梅", "王强", "3.5", "7 小时"):
        assert said in words, said
    assert "没来" not in words, "who did not serve is not in it"
    assert "4 位" not in words and "5 位" not in words and "2 位" in words
    assert "路灯不亮" not in words, "what for, never whose request"
    assert rows(town) == [("李雪梅", Decimal("3.5")), ("王强", Decimal("3.5"))]
    look = Look.objects.get()
    assert (look.what, look.n, look.who) == ("sheet", 2, town.people["clerk"])


def test_names_come_as_they_are_spelt_and_not_by_hours(town: Town) -> None:
    number = done(town)
    Person.objects.filter(username="m1").update(spelt=" z")
    assert [name for name, _ in rows(town)] == ["王强", "李雪梅"]
    actions.step(number, "again", town["resident"], {"reason": "又不亮了"})
    say(number, "again")
    assert rows(town) == [], "what is taken back is thanked for no more"


def test_without_hours_there_is_no_letter(town: Town) -> None:
    assert letter(town)[0] == 302
    done(town)
    assert letter(town, of=year() - 1)[0] == 302
    assert letter(town, of=1990)[0] == 404 and letter(town, of=year() + 1)[0] == 404
    assert not Look.objects.exists()


def test_hours_are_of_the_unit_one_was_checked_in_from(town: Town) -> None:
    done(town)
    today = timezone.localdate()
    CheckIn.objects.filter(person=town.people["m2"]).update(
        since=today - timedelta(days=9), until=today
    )
    assert [name for name, _ in rows(town)] == ["李雪梅"]


def test_a_place_reads_of_those_who_live_there(town: Town) -> None:
    done(town)
    away = Area.objects.get(path="522602001001")
    CheckIn.objects.filter(person=town.people["m2"]).update(area=away)
    assert [name for name, _ in rows(town, "desk")] == ["李雪梅"]
    assert [name for name, _ in rows(town, "stranger")] == ["王强"]
    for name, code in {
        "desk": 200, "stranger": 200, "other_clerk": 404, "m1": 403, "leader": 403,
    }.items():  # fmt: skip
        assert letter(town, name)[0] == code, name


# --- certificates


def code_of(town: Town, name: str = "m1", on: date | None = None) -> str:
    return certificates.code(town.people[name].pk, year(), on or timezone.localdate())


def verified(code: str) -> tuple[int, str]:
    answer = Client().get(f"/certificates/{code}")
    return answer.status_code, answer.content.decode().partition("<main")[2]


def test_a_stranger_can_tell_that_it_is_true(town: Town) -> None:
    done(town, hours=2.5)
    status, html = verified(code_of(town))
    assert status == 200
    for said in ("李雪梅", "供电所", "2.5", str(year()), "此证明属实"):
        assert said in html, said
    assert verified(code_of(town).lower())[0] == 200, "typed by hand"


def test_its_bearer_prints_it_with_a_code_that_opens(town: Town) -> None:
    done(town)
    html = as_(town, "m1").get(f"/check-in/certificate/{year()}").content.decode()
    found = re.search(r"/certificates/([A-Z2-7]{32})<", html)
    assert found and found[1] == code_of(town) and "data:image/svg" in html
    assert "李雪梅" in html and verified(found[1])[0] == 200
    assert f"/check-in/certificate/{year()}" in as_(town, "m1").get("/check-in").content.decode()
    for name, of in (("m3", year()), ("m1", year() - 1), ("m1", 99999), ("m1", 1999)):
        assert as_(town, name).get(f"/check-in/certificate/{of}").status_code == 404


def test_every_code_that_is_none_gets_the_same_answer(town: Town) -> None:
    number = done(town)
    good = code_of(town)
    raw = base64.b32decode(good)
    odd = [base64.b32encode(raw[:n] + bytes([raw[n] ^ 1]) + raw[n + 1 :]).decode()
           for n in range(len(raw))]  # fmt: skip
    answers = {verified(code) for code in (
        *odd, good[:-1], good + "A", "A" * 32, "x", "%E8%B7%AF", "0" * 500,
        code_of(town, "m3"), code_of(town, on=timezone.localdate() + timedelta(days=1)),
    )}  # fmt: skip
    assert len(answers) == 1 and next(iter(answers))[0] == 404
    actions.step(number, "again", town["resident"], {"reason": "又不亮了"})
    say(number, "again")
    assert Served.objects.filter(person=town.people["m1"]).count() == 2
    assert verified(good) in answers, "hours that were taken back are certified no more"


def test_another_houses_key_makes_another_code(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    done(town)
    good = code_of(town)
    from lianxin.registry import secret

    monkeypatch.setattr(secret, "_derived", lambda var, purpose: b"another house's key".ljust(32))
    assert code_of(town) != good and certificates.opened(good, timezone.localdate()) is None


def test_codes_say_nothing_to_whoever_has_no_key(town: Town) -> None:
    """Two people, two years, two days: no part of a code stays the same."""
    people, today = [town.people[name].pk for name in NAMES], timezone.localdate()
    codes = [certificates.code(p, y, today - timedelta(days=d))
             for p in people for y in (2025, 2026) for d in (0, 1)]  # fmt: skip
    assert len({code[:8] for code in codes}) == len({code[-8:] for code in codes}) == len(codes)


def test_whoever_asks_all_day_long_is_asked_to_wait(town: Town) -> None:
    done(town)
    good = code_of(town)
    assert {verified("A" * 32)[0] for _ in range(tries.most)} == {404}
    status, html = verified(good)
    assert status == 429 and "李雪梅" not in html
    tries.forget()
    assert verified(good)[0] == 200
