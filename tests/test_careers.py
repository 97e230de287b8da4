"""Facts of careers are written, corrected and voided; what contradicts the rest is not written."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from careers_town import ENTERED, IDENTITY, fact, hired, person, stamp, stop_the_clock
from django.utils import timezone
from town import COMMUNITY, COUNTY, Town, settled

from lianxin.core.career import history
from lianxin.growth.actions.careers import correct, void, write
from lianxin.growth.actions.particulars import set_particulars
from lianxin.growth.models import Fact, Particulars, Standing
from lianxin.growth.queries.workers import alike, keeps, reads
from lianxin.registry.models import Entry
from lianxin.registry.refusal import NotPossible
from lianxin.web.words import rows


@pytest.fixture(autouse=True)
def day(monkeypatch: pytest.MonkeyPatch) -> None:
    stop_the_clock(monkeypatch)


@pytest.fixture
def town(request: pytest.FixtureRequest) -> Iterator[Town]:
    with settled(request) as town:
        hired(town)
        yield town


def no(code: str, town: Town, *new: Fact, name: str = "worker") -> NotPossible:
    """Nothing is written, and no entry says it was."""
    before, entries = Fact.objects.count(), Entry.objects.count()
    with pytest.raises(NotPossible) as refused:
        write(stamp(), town.people[name], *new)
    assert refused.value.code == code
    assert (Fact.objects.count(), Entry.objects.count()) == (before, entries)
    return refused.value


def test_a_fact_is_written_and_the_standing_follows(town: Town) -> None:
    worker = town.people["worker"]
    before = Standing.objects.get(person=worker)
    write(stamp(), worker, fact("degree", date(2017, 6, 30), name="doctor"))
    after = Standing.objects.get(person=worker)
    assert (before.post, before.grade, after.grade) == ("worker", 4, 7)
    entry = Entry.objects.filter(model="growth.fact").last()
    assert entry and (entry.verb, entry.after["name"]) == ("write", "doctor")


def test_a_fact_is_corrected_and_the_log_keeps_both(town: Town) -> None:
    (row,) = write(stamp(), town.people["worker"],
                   fact("degree", date(2017, 6, 30), name="bachelor"))  # fmt: skip
    assert correct(stamp(), row, name="master")
    assert not correct(stamp(), row, name="master")
    entry = Entry.objects.get(model="growth.fact", key=row.pk, verb="correct")
    assert (entry.before, entry.after) == ({"name": "bachelor"}, {"name": "master"})
    assert Standing.objects.get(person=row.person).grade == 6


def test_a_fact_is_taken_out_and_the_log_keeps_it(town: Town) -> None:
    (row,) = write(stamp(), town.people["worker"],
                   fact("degree", date(2017, 6, 30), name="doctor"))  # fmt: skip
    key = row.pk
    void(stamp(), row)
    assert not Fact.objects.filter(pk=key).exists()
    assert Entry.objects.get(model="growth.fact", key=key, verb="void").before["name"] == "doctor"
    assert Standing.objects.get(person=town.people["worker"]).grade == 4


def test_without_its_post_service_does_not_read(town: Town) -> None:
    post = Fact.objects.get(person=town.people["worker"], kind="post")
    with pytest.raises(NotPossible) as refused:
        void(stamp(), post)
    assert refused.value.code == "career_no_post"
    assert Fact.objects.filter(pk=post.pk).exists()


def today() -> date:
    return timezone.localdate()


DAY = date(2020, 5, 1)


@pytest.mark.parametrize(("code", "kind", "more"), [
    ("no_fact_kind", "birthday", {}),
    ("too_long", "duty", {"name": "工" * 61}),
    ("day_far", "post", {"name": "head", "since": date(2918, 3, 1)}),
    ("day_far", "away", {"until": date(9999, 12, 31)}),
    ("not_after", "away", {"until": DAY}),
    ("not_after", "away", {"until": DAY - timedelta(days=3)}),
    ("not_yet", "degree", {"name": "master", "since": date(2090, 1, 1)}),
    ("needs_place", "worked", {}),
    ("not_in_table", "post", {"name": "mayor"}),
    ("not_in_table", "degree", {"name": "magister"}),
    ("not_in_table", "certificate", {"name": "driver", "number": "7"}),
    ("not_in_table", "result", {"name": "C", "n": 2019}),
    ("no_year", "result", {"name": "competent"}),
    ("no_year", "result", {"name": "competent", "n": 12}),
    ("no_grade", "fall", {}),
    ("no_grade", "fall", {"n": 0}),
    ("no_grade", "grade", {"n": 21}),
    ("no_name", "duty", {"name": " "}),
    ("not_served", "result", {"name": "excellent", "n": 2016, "since": date(2017, 1, 9)}),
    ("career_before_entry", "post", {"name": "head", "since": ENTERED - timedelta(days=1)}),
    ("career_two_posts", "post", {"name": "head", "since": ENTERED}),
    ("career_away_outside", "away", {"since": date(2017, 3, 1), "until": date(2017, 4, 1)}),
    ("career_early_result", "result", {"name": "basic", "n": 2019, "since": date(2019, 6, 1)}),
    ("career_no_fall", "fall", {"n": 1, "since": date(2017, 1, 5)}),
])  # fmt: skip
def test_what_does_not_fit_is_refused(
    town: Town, code: str, kind: str, more: dict[str, Any]
) -> None:
    no(code, town, Fact(kind=kind, **({"since": DAY} | more)))


def test_a_year_has_one_result(town: Town) -> None:
    write(stamp(), town.people["worker"], fact("result", DAY, name="basic", n=2019))
    found = no("career_two_results", town, fact("result", DAY, name="competent", n=2019))
    assert found.facts == {"year": 2019}


def test_nobody_serves_twice_at_one_time(town: Town) -> None:
    here = town.areas[COMMUNITY]
    found = no("second_spell", town, fact("worked", DAY, area=here))
    assert found.facts == {"since": ENTERED}
    no("second_spell", town, fact("worked", date(2017, 1, 1), until=date(2018, 3, 2), area=here))
    write(stamp(), town.people["worker"],
          fact("worked", date(2015, 1, 1), until=date(2016, 1, 1), area=here),
          fact("post", date(2015, 1, 1), name="assistant"))  # fmt: skip


def test_a_certificate_number_is_used_once(town: Town) -> None:
    other = hired(town, "w2")
    write(stamp(), other, fact("certificate", DAY, name="social_worker", number="A1"))
    found = no("certificate_used", town,
               fact("certificate", DAY, name="social_worker", number="A1"))  # fmt: skip
    assert found.facts == {"number": "A1"}  # and not whose it is
    write(stamp(), town.people["worker"], fact("certificate", DAY, name="social_worker"))


def test_a_contract_ends_with_a_place_that_ended(town: Town) -> None:
    area = town.areas["522602001001"]
    area.until = date(2021, 1, 1)
    area.save()
    person(town, "w2")
    post = fact("post", DAY, name="worker")
    no("closed", town, fact("worked", DAY, area=area), post, name="w2")
    write(stamp(), town.people["w2"], fact("worked", DAY, area=area, until=date(2021, 1, 1)),
          fact("post", DAY, name="worker"))  # fmt: skip
    assert not Standing.objects.filter(person=town.people["w2"]).exists()


def test_every_refusal_of_a_career_has_its_words() -> None:
    source = history.__file__
    with open(source, encoding="utf-8") as file:
        codes = {line.split('"')[1] for line in file if "CareerError(" in line and '"' in line}
    told = {key.rpartition(".")[2] for key in rows() if key.startswith("registry.refused.career_")}
    assert {f"career_{code}" for code in codes | {"unknown"}} == told


# --- quotas


def many(town: Town, n: int) -> list[str]:
    names = [f"q{k}" for k in range(n)]
    for name in names:
        hired(town, name)
    return names


def assessed(town: Town, name: str, result: str = "excellent") -> None:
    write(stamp(), town.people[name], fact("result", date(2020, 1, 9), name=result, n=2019))


def test_so_many_may_be_excellent_and_no_more(town: Town) -> None:
    names = many(town, 9)  # ten with the worker: two may be
    assessed(town, names[0])
    assessed(town, names[1])
    found = no("over_quota", town, fact("result", date(2020, 1, 9), name="excellent", n=2019),
               name=names[2])  # fmt: skip
    numbers = {"place": COMMUNITY, "year": 2019, "served": 10, "most": 2, "given": 2}
    assert found.facts == numbers
    assessed(town, names[2], "competent")
    write(stamp(), town.people[names[3]], fact("result", date(2021, 1, 9), name="excellent",
                                               n=2020))  # fmt: skip


def test_a_few_may_have_one_as_well(town: Town) -> None:
    """Two at work: a fifth of two is none, and yet one may be; the county counts all of them."""
    many(town, 1)
    assessed(town, "q0")
    no("over_quota", town, fact("result", date(2020, 1, 9), name="excellent", n=2019))


def test_the_county_counts_over_its_communities(town: Town) -> None:
    for n in range(4):
        hired(town, f"c{n}", place=COUNTY)
    for n in range(5):
        hired(town, f"q{n}")
    assessed(town, "c0")
    assessed(town, "c1")
    found = no("over_quota", town, fact("result", date(2020, 1, 9), name="excellent", n=2019),
               name="q0")  # fmt: skip
    assert (found.facts["place"], found.facts["served"]) == (COUNTY, 10)


def test_a_result_that_is_corrected_frees_its_place(town: Town) -> None:
    many(town, 4)
    assessed(town, "q0")
    row = Fact.objects.get(kind="result")
    assert correct(stamp(), row, since=date(2020, 1, 10))
    correct(stamp(), row, name="competent")
    assessed(town, "q1")


# --- who reads, who keeps


@pytest.mark.parametrize(("name", "sees", "writes"), [
    ("worker", True, False), ("desk", True, False), ("street_desk", True, True),
    ("leader", True, False), ("supervisor", True, False), ("auditor", True, False),
    ("stranger", False, False), ("resident", False, False), ("clerk", False, False),
    ("inspector", False, False),
])  # fmt: skip
def test_who_reads_a_career(town: Town, name: str, sees: bool, writes: bool) -> None:
    key = town.people["worker"].pk
    assert (reads(town[name], key, today()), keeps(town[name], key, today())) == (sees, writes)


def test_a_place_left_long_ago_reads_no_more(town: Town) -> None:
    worker, here = town.people["worker"], town.areas[COMMUNITY]
    row = Fact.objects.get(person=worker, kind="worked")
    correct(stamp(), row, until=date(2022, 1, 1))
    assert reads(town["desk"], worker.pk, today()), "the last place keeps the papers"
    write(stamp(), worker, fact("worked", date(2022, 1, 1), area=town.areas["522602001001"]))
    assert not reads(town["desk"], worker.pk, today())
    assert reads(town["stranger"], worker.pk, today())
    assert here.path == COMMUNITY


# --- particulars


def test_an_identity_number_is_kept_sealed_and_out_of_the_log(town: Town) -> None:
    worker = town.people["worker"]
    assert set_particulars(stamp(), worker, identity=IDENTITY.lower())
    row = Particulars.objects.get(person=worker)
    assert (row.born, row.identity) == ("1949-12-31", IDENTITY)
    entry = Entry.objects.filter(model="growth.particulars").last()
    assert entry and entry.after == {"person_id": worker.pk, "fields": ["born", "identity"]}
    assert not set_particulars(stamp(), worker, identity=IDENTITY)


@pytest.mark.parametrize(("code", "given"), [
    ("bad_identity", {"identity": "110105194912310021"}),
    ("bad_identity", {"identity": "1"}),
    ("bad_born", {"born": "1990-02-30"}),
    ("bad_born", {"born": "1790-02-03"}),
    ("bad_born", {"born": "2090-02-03"}),
    ("born_differs", {"born": "1990-02-03", "identity": IDENTITY}),
])  # fmt: skip
def test_what_is_no_identity_is_refused(town: Town, code: str, given: dict[str, str]) -> None:
    with pytest.raises(NotPossible) as refused:
        set_particulars(stamp(), town.people["worker"], **given)
    assert refused.value.code == code
    assert not Particulars.objects.exists()


def test_a_number_is_one_persons(town: Town) -> None:
    set_particulars(stamp(), town.people["worker"], identity=IDENTITY)
    with pytest.raises(NotPossible) as refused:
        set_particulars(stamp(), town.people["m1"], identity=IDENTITY)
    assert refused.value.code == "identity_used"


def test_two_of_one_name_and_birthday_are_found(town: Town) -> None:
    twin = person(town, "twin")
    twin.name = "worker"
    twin.save()
    set_particulars(stamp(), twin, born="1990-05-01")
    assert alike("worker", "1990-05-01") == [twin]
    assert (
        alike("worker", "1990-05-02") == alike("other", "1990-05-01") == alike("worker", "") == []
    )
