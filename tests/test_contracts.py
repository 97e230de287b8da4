"""A contract that ends is followed by the next one, and no day of service is lost between them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from careers_town import ENTERED, hired, stamp, stop_the_clock
from town import COMMUNITY, Town, settled
from web_town import as_, see

from lianxin.growth.actions.contracts import renew
from lianxin.growth.models import Fact, Standing
from lianxin.growth.queries.careers import reckon
from lianxin.registry.models import Area, Entry
from lianxin.registry.refusal import NotPossible

END = date(2026, 7, 1)  # the first day after it: within the days for which the list is


@pytest.fixture(autouse=True)
def day(monkeypatch: pytest.MonkeyPatch) -> None:
    stop_the_clock(monkeypatch)


@pytest.fixture
def town(request: pytest.FixtureRequest) -> Iterator[Town]:
    with settled(request) as town:
        hired(town, until=END)
        hired(town, "w2")
        yield town


def of(town: Town, name: str = "worker") -> str:
    return f"/careers/{town.people[name].pk}"


def spells(town: Town) -> list[tuple[date, date | None, str]]:
    rows = Fact.objects.filter(person=town.people["worker"], kind="worked").order_by("since")
    return list(rows.values_list("since", "until", "number"))


def grade(town: Town, on: date) -> int:
    key = town.people["worker"].pk
    reckon([key], on)
    return Standing.objects.get(person=key).grade


def test_it_is_renewed_in_its_place_and_stands_on_no_list_of_ends(town: Town) -> None:
    listed = see(town, "street_desk", "/careers?show=contracts")
    assert of(town) in listed and of(town, "w2") not in listed
    page = see(town, "street_desk", of(town))
    assert f'href="{of(town)}/renew"' in page and "合同到 2026年6月30日 为止" in page
    form = see(town, "street_desk", f"{of(town)}/renew")
    assert "从 2026年7月1日 接着算" in form
    given = {"until": "2029-06-30", "number": "合同〔2026〕8号"}
    answer = as_(town, "street_desk").post(f"{of(town)}/renew", given, follow=True)
    html = answer.content.decode()
    assert "已续签，到 2029年6月30日 为止" in html and "合同到 2029年6月30日 为止" in html
    assert "合同〔2026〕8号" in html
    assert spells(town) == [
        (ENTERED, END, ""), (END, date(2029, 7, 1), "合同〔2026〕8号")
    ]  # fmt: skip
    assert of(town) not in see(town, "street_desk", "/careers?show=contracts")
    assert Entry.objects.filter(model="growth.fact", verb="write").exists()


def test_the_grade_goes_on_as_if_there_were_one_contract(town: Town) -> None:
    eve, later = END - timedelta(days=1), date(2028, 1, 1)
    before = grade(town, eve)
    renew(stamp(), town.people["worker"], None)
    assert grade(town, END) == before
    whole = grade(town, later)
    Fact.objects.filter(person=town.people["worker"], kind="worked", since=END).delete()
    Fact.objects.filter(person=town.people["worker"], kind="worked").update(until=None)
    assert grade(town, later) == whole > 0


def test_one_after_another_and_then_without_an_end(town: Town) -> None:
    who = town.people["worker"]
    renew(stamp(), who, date(2029, 7, 1))
    renew(stamp(), who, None, " 3号 ")
    assert spells(town)[2] == (date(2029, 7, 1), None, "3号")
    assert "合同到" not in see(town, "worker", "/career")
    assert as_(town, "street_desk").get(f"{of(town)}/renew").status_code == 404


@pytest.mark.parametrize(
    ("code", "who", "until"),
    [("no_contract_end", "w2", None), ("no_contract", "resident", None),
     ("not_after", "worker", END), ("day_far", "worker", date(2190, 1, 1))],
)  # fmt: skip
def test_what_is_refused(town: Town, code: str, who: str, until: date | None) -> None:
    before = Fact.objects.count()
    with pytest.raises(NotPossible, match=code):
        renew(stamp(), town.people[who], until)
    assert Fact.objects.count() == before


def test_nothing_is_renewed_at_a_place_that_ended(town: Town) -> None:
    Area.objects.filter(path=COMMUNITY).update(until=date(2026, 12, 1))
    with pytest.raises(NotPossible, match="closed"):
        renew(stamp(), town.people["worker"], None)
    assert len(spells(town)) == 1


@pytest.mark.parametrize(
    ("given", "said"),
    [({"until": "2020-01-01"}, "早于起始日"), ({"until": "2026-13-01"}, "写上日期"),
     ({"number": "长" * 41}, "太长了")],
)  # fmt: skip
def test_bad_input_is_a_sentence(town: Town, given: dict[str, str], said: str) -> None:
    answer = as_(town, "street_desk").post(f"{of(town)}/renew", given)
    assert answer.status_code == 422 and said in answer.content.decode()
    assert len(spells(town)) == 1


@pytest.mark.parametrize(
    ("name", "status"), [("worker", 403), ("leader", 403), ("stranger", 404), ("clerk", 403)]
)
def test_who_may_not(town: Town, name: str, status: int) -> None:
    assert as_(town, name).get(f"{of(town)}/renew").status_code == status
    assert as_(town, name).post(f"{of(town)}/renew", {}).status_code == status
    assert len(spells(town)) == 1
