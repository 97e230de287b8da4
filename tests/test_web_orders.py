"""The order page: who sees and may press what, how a story is told, what a page costs."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from town import COMMUNITY, DAY, Town, settled
from web_town import as_, busy, hidden, see

from lianxin.core.step.capacity import KERNEL
from lianxin.orders import actions
from lianxin.orders.book import book
from lianxin.orders.models import Event, Order
from lianxin.registry.models import Person, Post
from lianxin.web.order.telling import names

pytestmark = pytest.mark.django_db
BUDGET = 11  # one of them, the tree of units, every five seconds
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>{{7*7}}{% now %}"


@pytest.fixture
def town(request: pytest.FixtureRequest) -> Iterator[Town]:
    with settled(request) as town:
        yield town


def pressed(html: str, number: str) -> set[str]:
    """The verbs that a page offers: links to forms, and forms of one button."""
    return set(re.findall(rf'(?:href|action)="/orders/{number}/(\w+)"', html)) - {"undo"}


# --- who sees which buttons


@pytest.mark.parametrize(
    ("name", "offered", "never"),
    [
        ("clerk", {"accept", "keep", "return", "comment"}, {"dispatch", "grab", "handle"}),
        ("desk", {"redispatch", "remark", "visit"}, {"accept", "dispatch", "split"}),
        ("resident", {"withdraw", "comment", "urge"}, {"accept", "redispatch", "visit"}),
        ("supervisor", {"urge", "remark"}, {"accept", "redispatch", "withdraw"}),
        ("leader", set(), {"urge", "comment", "redispatch", "accept"}),
    ],
)
def test_only_what_this_reader_may_press_is_shown(
    town: Town, name: str, offered: set[str], never: set[str]
) -> None:
    number = town.dispatched()
    found = pressed(see(town, name, f"/orders/{number}"), number)
    assert offered <= found
    assert not never & found


ROUND: list[tuple[str, str, dict[str, Any]]] = [
    ("dispatch", "desk", {}), ("accept", "clerk", {"seats": 1}), ("grab", "m2", {}),
    ("handle", "m2", {"outcome": "solved", "text": "好了"}), ("rate", "resident", {"rating": 5}),
    ("call_back", "desk", {"callback": "solved"}), ("strike_off", "desk", {}),
]  # fmt: skip


@pytest.mark.parametrize("steps", range(len(ROUND)))
def test_one_verb_is_vermilion_and_carries_it_on(town: Town, steps: int) -> None:
    number = town.file().number
    for verb, who, answers in ROUND[:steps]:
        given = {"unit": str(town.unit.pk)} if verb == "dispatch" else answers
        actions.step(number, verb, town[who], given)
    verb, who, _ = ROUND[steps]
    html = see(town, who, f"/orders/{number}")
    words = book().page("five-orders", timezone.localdate()).steps[verb].words.zh
    assert re.findall(r'class="button main"[^>]*>([^<]+)<', html) == [words]
    assert ("轮到您了" in html) == (verb != "grab")


@pytest.mark.parametrize(
    ("name", "verb", "status", "sentence"),
    [
        ("stranger", "dispatch", 404, "没有找到这一单"),
        ("m1", "accept", 404, "没有找到这一单"),
        ("resident", "accept", 403, "这一步不由您来办"),
        ("desk", "accept", 403, "这一步不由您来办"),
        ("leader", "comment", 403, "这一步不由您来办"),
        ("desk", "dispatch", 409, "现在是“待接单”"),
        ("clerk", "handle", 409, "现在是“待接单”"),
        ("clerk", "fly", 404, "没有这一步"),
        ("clerk", "file", 404, "没有这一步"),
    ],
)
def test_what_is_not_offered_is_refused_in_words(
    town: Town, name: str, verb: str, status: int, sentence: str
) -> None:
    number = town.dispatched()
    answers = {"text": "一", "outcome": "solved", "seats": "1", "unit": str(town.unit.pk)}
    client = as_(town, name)
    for answer in (
        client.get(f"/orders/{number}/{verb}"),
        client.post(f"/orders/{number}/{verb}", answers),
    ):
        assert answer.status_code == status
        assert sentence in answer.content.decode()
    assert Event.objects.filter(order__number=number).count() == 2


def test_a_passer_by_is_sent_to_the_login_whether_or_not_it_exists(town: Town) -> None:
    number = town.dispatched()
    for address in (f"/orders/{number}", "/orders/LX-999999", f"/orders/{number}/accept"):
        assert Client().get(address)["Location"].startswith("/login")
        assert Client().post(address + "x").status_code in (302, 405)


# --- pressing


def test_a_press_moves_it_says_so_and_can_be_taken_back(town: Town) -> None:
    number = town.file().number
    desk = as_(town, "desk")
    answer = desk.post(f"/orders/{number}/dispatch", {"unit": str(town.unit.pk)}, follow=True)
    html = answer.content.decode()
    assert "已记下：派单。" in html
    assert f'action="/orders/{number}/undo"' in html
    assert f'action="/orders/{number}/undo"' not in see(town, "clerk", f"/orders/{number}")
    html = desk.post(f"/orders/{number}/undo", follow=True).content.decode()
    assert "已撤销" in html
    assert Order.objects.get(number=number).state == "filed"
    assert desk.post(f"/orders/{number}/undo").status_code == 409
    assert desk.get(f"/orders/{number}/undo").status_code == 405


def test_a_double_click_counts_once(town: Town) -> None:
    number = town.file().number
    desk, sent = as_(town, "desk"), {"text": "看过了", "_visit": "1", "_key": "k" * 36}
    for _ in range(2):
        assert desk.post(f"/orders/{number}/visit", sent).status_code == 302
    answer = desk.post(f"/orders/{number}/visit", sent | {"text": "又看过"}, follow=True)
    assert "没有再交一次" in answer.content.decode()
    assert Event.objects.filter(order__number=number, verb="visit").count() == 1


def test_who_comes_too_late_is_told_what_changed_and_who_did_it(town: Town) -> None:
    number = town.file().number
    form = see(town, "desk", f"/orders/{number}/dispatch")
    seen = hidden(form)
    actions.step(number, "dispatch", town["street_desk"], {"unit": str(town.unit.pk)})
    actions.step(number, "return", town["clerk"], {"reason": "不归我们管"})
    answer = as_(town, "desk").post(
        f"/orders/{number}/dispatch", seen | {"unit": str(town.units["V"].pk)}
    )
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "别人先办了一步" in html
    assert "street_desk</b>派单" in html
    assert "不归我们管" in html
    assert re.search(rf'value="{town.units["V"].pk}"[^>]*checked', html)
    seen = hidden(html)
    again = as_(town, "desk").post(
        f"/orders/{number}/dispatch", seen | {"unit": str(town.units["V"].pk)}
    )
    assert again.status_code == 302


def test_words_written_too_late_are_given_back(town: Town) -> None:
    number = busy(town)
    form = see(town, "m1", f"/orders/{number}/handle")
    seen = hidden(form)
    actions.step(number, "handle", town["m2"], {"outcome": "solved", "text": "好了"})
    sent = seen | {"outcome": "solved", "text": "我换了灯头"}
    answer = as_(town, "m1").post(f"/orders/{number}/handle", sent)
    assert answer.status_code == 409
    assert "我换了灯头" in answer.content.decode()
    assert "m2</b>" in answer.content.decode()


def test_who_hands_it_away_is_led_home_with_a_word(town: Town) -> None:
    number = town.dispatched()
    answer = as_(town, "clerk").post(f"/orders/{number}/return", {"reason": "不归我们"})
    assert answer["Location"] == "/"
    page = as_(town, "resident").get(f"/orders/{number}").content.decode()
    assert "退单，理由：不归我们。" in re.sub(r"<[^>]+>", "", page)


# --- telling


def test_the_story_is_told_in_sentences_in_both_languages(town: Town) -> None:
    number = busy(town)
    zh = re.sub(r"<[^>]+>", "", see(town, "desk", f"/orders/{number}"))
    assert "desk派单，接单单位：供电所。" in zh
    assert "clerk（供电所）接单，名额：2。" in zh
    assert "clerk（供电所）申请延期，理由：等备件。" in zh
    assert zh.index("申请延期，") < zh.index("接单，名额") < zh.index("resident点单")
    en = re.sub(r"<[^>]+>", "", see(town, "desk", f"/orders/{number}", "en"))
    assert "desk dispatched it. Unit: 供电所." in en
    assert "m1 (供电所) grabbed a seat." in en


def test_every_step_of_our_pages_is_told_in_natural_english() -> None:
    pages = [page for dated in book().pages.values() for page in dated.values()]
    untold = {
        (page.flow, step.name)
        for page in pages
        for step in page.steps.values()
        for table in [
            *(["did"] if set(step.by) - KERNEL else []),
            *(["came"] if set(step.by) & KERNEL - {"parent"} else []),
        ]
        if step.words.zh not in names(table)
    }
    assert untold == set()


def test_whose_turn_until_when_and_why(town: Town) -> None:
    html = see(town, "desk", f"/orders/{town.dispatched()}")
    assert "轮到供电所" in html
    assert "待接单：4 个工作小时" in html
    assert re.search(r'href="/clock\?start=[^"]+&amp;number=4&amp;unit=working_hours"', html)
    paper = see(town, "supervisor", f"/orders/{busy(town)}-1")
    assert f"轮到您了</b> <small>{COMMUNITY}上级督办" in paper
    assert "申请延期" in paper


def test_names_behind_a_veil_stay_there(town: Town) -> None:
    steward = Person.objects.create(username="steward", name="管家")
    Post.objects.create(person=steward, role="steward", area=town.areas[COMMUNITY], since=DAY)
    town.people["steward"] = steward
    sides = {"supplier": str(town.units["U"].pk), "buyer": str(town.units["V"].pk)}
    number = actions.file("talk", "match", town["steward"], sides).number
    before = see(town, "clerk", f"/orders/{number}")
    assert "供电所" in before
    assert "水务所" not in before
    assert "姓名不公开" in before
    actions.step(number, "agree", town["other_clerk"], {})
    assert "other_clerk" not in see(town, "clerk", f"/orders/{number}")
    actions.step(number, "agree", town["clerk"], {})
    assert "水务所" in see(town, "clerk", f"/orders/{number}")


def test_a_mark_is_not_shown_to_those_it_is_given_to(town: Town) -> None:
    number = busy(town)
    actions.step(number, "handle", town["m1"], {"outcome": "solved", "text": "好了"})
    actions.step(number, "rate", town["resident"], {"rating": 1})
    assert "1 分" in see(town, "desk", f"/orders/{number}")
    assert "1 分" not in see(town, "clerk", f"/orders/{number}")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_hostile_words_stay_words(town: Town, language: str) -> None:
    Person.objects.filter(username="resident").update(name=HOSTILE[:60])
    number = town.file(text=HOSTILE).number
    actions.step(number, "comment", town["resident"], {"text": HOSTILE})
    actions.step(number, "urge", town["resident"], {"text": HOSTILE[:50]})
    client = as_(town, "desk", language)
    answers = [
        client.get(f"/orders/{number}"),
        client.get(f"/orders/{number}/visit"),
        client.post(f"/orders/{number}/visit", {"text": "", "point": HOSTILE, "_key": HOSTILE}),
        client.post(f"/orders/{number}/merge", {"into": HOSTILE}),
        client.post(f"/orders/{number}/dispatch", {"_q_unit": HOSTILE, "unit": HOSTILE}),
        client.post(f"/orders/{number}/dispatch", {"unit": "9" * 40, "_visit": HOSTILE}),
        client.get("/orders/" + HOSTILE.replace("/", "")),
    ]
    for answer in answers:
        assert answer.status_code in (200, 404, 409, 422)
        html = answer.content.decode()
        assert "<script>alert" not in html
        assert "<img src=x" not in html
        assert ">49<" not in html


# --- cost


def test_the_page_keeps_its_budget(town: Town) -> None:
    number = busy(town)
    for name, address in [("desk", number), ("m1", number), ("supervisor", f"{number}-1")]:
        client = as_(town, name)
        client.get(f"/orders/{address}")
        with CaptureQueriesContext(connection) as asked:
            assert client.get(f"/orders/{address}").status_code == 200
        assert len(asked) <= BUDGET, "\n".join(q["sql"][:90] for q in asked)


def test_a_paper_says_what_it_is_about(town: Town) -> None:
    number = busy(town)
    page = see(town, "supervisor", f"/orders/{number}-1")
    assert re.search(rf'class="belongs"><a href="/orders/{number}">{number}</a> 路灯不亮<', page)
    assert 'class="belongs"' not in see(town, "supervisor", f"/orders/{number}")
    desk = see(town, "supervisor", "/desk")
    assert "审批 · 路灯不亮" in desk, "which one it is, before it is opened"
