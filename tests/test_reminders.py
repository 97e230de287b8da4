"""Whoever must act hears of what runs out, once for each threshold, until it is done."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from notice_town import with_accounts
from test_web_notices import bell
from town import COMMUNITY, DAY, GRID, QUARTER, STREET, Town, settled
from web_town import as_, see

from lianxin.growth.actions.reminding import remind
from lianxin.growth.models import Fact
from lianxin.growth.queries.reminders import ROWS
from lianxin.growth.reminders import read, reminders
from lianxin.orders.models import Delivery, Notice
from lianxin.registry.models import CheckIn, ContactPoint, Officer, Organisation, Post, Visit

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


@pytest.fixture
def town(request: pytest.FixtureRequest) -> Iterator[Town]:
    with settled(request) as town:
        with_accounts(town)
        yield town


def night(days: int = 0) -> int:
    day = TODAY + timedelta(days=days)
    return remind(day, timezone.make_aware(datetime(day.year, day.month, day.day, 2, 50)))


def in_days(n: int) -> date:
    return TODAY + timedelta(days=n)


def term(town: Town, days: int) -> Officer:
    branch = Organisation.objects.create(
        kind="branch", name="梨园小区党支部", area=town.areas[QUARTER], since=DAY
    )
    return Officer.objects.create(
        organisation=branch, person=town.people["m1"], office="secretary", since=DAY,
        term=in_days(days),
    )  # fmt: skip


def employed(town: Town, name: str = "worker", until: int | None = None) -> Fact:
    return Fact.objects.create(
        person=town.people[name], kind="worked", area=town.areas[COMMUNITY], since=DAY,
        until=None if until is None else in_days(until),
    )  # fmt: skip


def certificate(town: Town, until: int, name: str = "social_worker", since: date = DAY) -> Fact:
    employed(town)
    return Fact.objects.create(
        person=town.people["worker"], kind="certificate", name=name, number=f"n{until}",
        since=since, until=in_days(until),
    )  # fmt: skip


def waits(town: Town) -> CheckIn:
    return CheckIn.objects.create(
        person=town.people["m1"], unit=town.unit, area=town.areas[COMMUNITY], since=TODAY
    )


def tied(town: Town, ago: int) -> ContactPoint:
    return ContactPoint.objects.create(
        person=town.people["leader"], rank="leader", area=town.areas[GRID],
        since=in_days(-ago),
    )  # fmt: skip


def told() -> list[str]:
    return [row.word.partition(" ")[0] for row in Notice.objects.filter(dropped="")]


def test_a_term_is_said_ninety_days_before_and_again_when_it_is_over(town: Town) -> None:
    row = term(town, 91)
    assert night() == 0
    assert night(1) == 1 and night(1) == 0 and night(40) == 0, "once"
    assert night(91) == 1
    assert [(n.role, n.desk) for n in Notice.objects.all()] == [("desk", COMMUNITY)] * 2
    assert told() == ["term"], "what was said early is replaced"
    row.term = in_days(50)
    row.save()
    night()
    html = see(town, "desk", "/notices")
    assert bell(html) == "1" and "梨园小区党支部：m1的书记任期到" in html and "请安排换届" in html
    [href] = [n.pk for n in Notice.objects.filter(dropped="")]
    to = reverse("organisation", args=[row.organisation_id])
    assert as_(town, "desk").get(f"/notices/{href}")["Location"] == to
    assert bell(see(town, "desk", "/desk")) == ""
    assert not Delivery.objects.exists(), "no message goes out"


def test_a_secretary_of_the_place_is_told_before_its_desk(town: Town) -> None:
    Post.objects.create(
        person=town.people["neighbour"], role="secretary", area=town.areas[COMMUNITY], since=DAY
    )
    term(town, 10)
    night()
    assert bell(see(town, "neighbour", "/notices")) == "1"
    assert bell(see(town, "desk", "/notices")) == ""


def test_what_is_done_falls_silent_and_comes_back_when_it_is_undone(town: Town) -> None:
    row = term(town, 10)
    night()
    row.until = TODAY
    row.save()
    night(1)
    assert told() == [] and bell(see(town, "desk", "/desk")) == ""
    row.until = None
    row.save()
    night(2)
    assert told() == ["term"]
    row.until = TODAY
    row.save()
    html = see(town, "desk", "/notices")
    assert "梨园" not in html and bell(see(town, "desk", "/desk")) == "", "by day as well"


def test_a_certificate_is_told_to_whose_it_is(town: Town) -> None:
    certificate(town, 61)  # the last day is the one before
    assert night() == 1
    html = see(town, "worker", "/notices")
    assert "worker的证书" in html and "请按时续办" in html
    [pk] = Notice.objects.values_list("pk", flat=True)
    assert as_(town, "worker").get(f"/notices/{pk}")["Location"] == "/career"
    assert night(60) == 0, "once"


def test_who_cannot_sign_in_has_their_desk_told(town: Town) -> None:
    row = certificate(town, 20)
    row.person.password = "!"
    row.person.save()
    night()
    assert "worker的证书" in see(town, "street_desk", "/notices")
    [pk] = Notice.objects.values_list("pk", flat=True)
    to = reverse("career_of", args=[row.person_id])
    assert as_(town, "street_desk").get(f"/notices/{pk}")["Location"] == to
    assert bell(see(town, "desk", "/notices")) == "", "a community keeps no careers"


def test_a_certificate_that_was_renewed_says_nothing(town: Town) -> None:
    old = certificate(town, 20)
    Fact.objects.create(
        person=old.person, kind="certificate", name=old.name, number="new", since=TODAY,
        until=in_days(900),
    )  # fmt: skip
    assert night() == 0


def test_a_contract_is_told_to_whoever_keeps_careers(town: Town) -> None:
    row = employed(town, until=61)
    assert night() == 1
    assert "worker的合同" in see(town, "street_desk", "/notices")
    Fact.objects.create(person=row.person, kind="worked", area=row.area, since=row.until)
    night(1)
    assert told() == [], "it goes on"


def test_an_overdue_visit_is_told_to_the_leader_until_they_came(town: Town) -> None:
    row = tied(town, ago=90)
    assert night() == 0
    assert night(1) == 1
    row.since = in_days(-120)
    row.save()
    night()
    assert "请安排走访" in see(town, "leader", "/notices")
    Visit.objects.create(contact_point=row, on=TODAY)
    night()
    assert told() == []


def test_a_check_in_waits_for_the_clerk_of_the_unit(town: Town) -> None:
    row = waits(town)
    night()
    html = see(town, "clerk", "/notices")
    assert "m1要在" in html and "等单位确认" in html
    assert bell(see(town, "other_clerk", "/notices")) == ""
    [pk] = Notice.objects.values_list("pk", flat=True)
    to = reverse("check_in_of", args=[row.pk])
    assert as_(town, "clerk").get(f"/notices/{pk}")["Location"] == to
    row.confirmed, row.confirmed_by = TODAY, town.people["clerk"]
    row.save()
    night(1)
    assert told() == []


MAKE: dict[str, Callable[[Town], Any]] = {
    "term": lambda town: term(town, 5), "certificate": lambda town: certificate(town, 5),
    "contract": lambda town: employed(town, until=5), "visit": lambda town: tied(town, 200),
    "check_in": waits,
}  # fmt: skip


def test_every_kind_of_the_table_is_said_in_both_languages_and_leads_somewhere(town: Town) -> None:
    assert set(reminders()) == set(ROWS) == set(MAKE)
    for name, make in MAKE.items():
        Notice.objects.all().delete()
        Fact.objects.all().delete()
        make(town)
        night()
        row = Notice.objects.get(word__startswith=f"{name} ")
        reader = next(
            who for who in ("desk", "worker", "street_desk", "leader", "clerk")
            if f"/notices/{row.pk}" in see(town, who, "/notices")
        )  # fmt: skip
        english = see(town, reader, "/notices", "en")
        assert f"/notices/{row.pk}" in english and "{" not in english.partition("<main")[2]
        for other in ("stranger", "resident", "auditor"):
            assert f"/notices/{row.pk}" not in see(town, other, "/notices"), (name, other)
        assert as_(town, reader).get(f"/notices/{row.pk}", follow=True).status_code == 200, name


def test_nobody_reads_anothers_reminder(town: Town) -> None:
    term(town, 5)
    night()
    [pk] = Notice.objects.values_list("pk", flat=True)
    answer = as_(town, "stranger").get(f"/notices/{pk}", follow=True)
    assert "这一条打不开了" in answer.content.decode()
    assert Notice.objects.get(pk=pk).read is None


def test_a_desk_where_nobody_sits_is_passed_over(town: Town) -> None:
    town.leave("desk")
    term(town, 5)
    night()
    assert [n.desk for n in Notice.objects.all()] == [STREET]


GOOD = 'days = [1]\ntold = ["desk"]\nopens = "x"\nzh = "{who}"\nen = "{on}"'


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("[1]", "[-1]", "days"), ("[1]", "[]", "days"), ("{who}", "{name}", "name"),
        ('opens = "x"', "", "opens"),
    ],
)  # fmt: skip
def test_a_table_that_cannot_be_kept_to_is_refused_with_its_row(
    old: str, new: str, says: str
) -> None:
    assert read(f"[x]\n{GOOD}")["x"].threshold(1) == 1
    with pytest.raises(ValueError, match=f"reminders.toml: x.*{says}"):
        read("[x]\n" + GOOD.replace(old, new))
