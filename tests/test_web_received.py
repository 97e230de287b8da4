"""A property company without account on its phone and on paper, and the desk that hands it out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from filing import photo
from town import COMMUNITY, Town, settled
from web_town import as_, hidden, picture, see

from lianxin.orders import actions, links
from lianxin.orders.models import Content, Event, Link, Order, Photo
from lianxin.registry.models import Area, Unit
from lianxin.web.api.pace import filings

pytestmark = pytest.mark.django_db
PHONE, ADDRESS = "13800138000", "3栋2单元501"
TEXT = "楼道灯不亮，晚上看不见路"
RTL, FOUR = "\u202e张师傅\u202c", "𠮷田𣗋"


def ready(town: Town) -> Town:
    """The unit has a name of its own, and the community an office that can be called."""
    Unit.objects.filter(pk=town.unit.pk).update(name="明达物业")
    Area.objects.filter(path=COMMUNITY).update(name="幸福社区", phone="08558220000")
    return town


@pytest.fixture
def town(request: pytest.FixtureRequest) -> Iterator[Town]:
    with settled(request) as town:
        yield ready(town)


def handed(town: Town, **more: Any) -> str:
    """The number of an order that waits for the unit."""
    given = {"text": TEXT, "phone": PHONE, "address": ADDRESS, **more}
    number = actions.file("five-orders", "file", town["resident"], given, area=town.grid).number
    actions.step(number, "dispatch", town["desk"], {"unit": str(town.unit.pk)})
    return number


def link(town: Town, number: str, by: str = "desk") -> str:
    """The address of a link made at the page."""
    made = as_(town, by).post(f"/orders/{number}/give_link")
    assert made.status_code == 200, made.content.decode()
    return re.search(r'href="(/u/[\w-]+)"', made.content.decode())[1]


def read(address: str, language: str = "zh") -> str:
    client = Client()
    client.cookies["language"] = language
    return client.get(address).content.decode()


def send(address: str, client: Client | None = None, **typed: Any) -> Any:
    """Open the form of an answer and send it."""
    client = client or Client()
    form = client.get(address)
    assert form.status_code == 200, form.content.decode()
    return client.post(address, {**hidden(form.content.decode()), "_who": "张师傅", **typed})


DONE = {"outcome": "solved", "text": "换了灯管"}


def state(number: str) -> str:
    return Order.objects.get(number=number).state


# ── what it reads ────────────────────────────────────────────────────────────────────────────────


def test_it_reads_what_it_needs_and_no_more(town: Town) -> None:
    number = handed(town, photo=[picture(town.people["resident"])], whom="隔壁老王")
    page = read(link(town, number))
    for said in (number, TEXT, ADDRESS, "幸福社区请明达物业办一件事", "08558220000", "我们来办"):
        assert said in page
    for kept in (PHONE, ">resident<", "隔壁老王", "给答复链接"):
        assert kept not in page
    pictures = re.findall(r'href="(/u/[\w-]+/photos/[\w-]+)"', page)
    assert [Client().get(url)["Content-Type"] for url in pictures] == ["image/jpeg"]


def test_what_was_added_since_is_there_and_colleagues_notes_are_not(town: Town) -> None:
    number = handed(town)
    actions.step(number, "comment", town["resident"], {"text": "七点后在家"})
    actions.step(number, "remark", town["desk"], {"remark": "这家上次没来"})
    page = read(link(town, number))
    assert "七点后在家" in page
    assert "上次没来" not in page


def test_the_sheet_has_a_picture_lines_and_no_phone(town: Town) -> None:
    number = handed(town)
    page = read(link(town, number) + "/sheet")
    for said in (number, TEXT, "data:image/svg+xml", "原因：", "□", "处理人签名", "幸福社区"):
        assert said in page
    assert PHONE not in page


def test_a_link_keeps_to_its_order(town: Town) -> None:
    mine, other = handed(town), handed(town, photo=[picture(town.people["resident"])])
    address = link(town, mine)
    foreign = Photo.objects.get(order__number=other)
    assert Client().get(f"{address}/photos/{foreign.pk}").status_code == 404
    for elsewhere in (f"/orders/{other}", f"/orders/{mine}", f"/orders/{mine}/paper"):
        assert Client().get(elsewhere).status_code in (302, 404)


def test_it_is_not_kept_indexed_or_told_to_others(town: Town) -> None:
    answer = Client().get(link(town, handed(town)))
    assert "no-store" in answer["Cache-Control"]
    assert "noindex" in answer["X-Robots-Tag"]
    assert answer["Referrer-Policy"] == "same-origin"


# ── what it answers ──────────────────────────────────────────────────────────────────────────────


def test_it_is_done_in_one_answer_under_its_own_name(town: Town) -> None:
    number = handed(town)
    address = link(town, number)
    answer = send(f"{address}/done", **DONE, photo=photo(), photo_before=photo("#333"))
    assert answer.status_code == 302
    assert answer.url == address
    assert state(number) == "done"
    assert "答复收到了，谢谢" in read(address)
    story = see(town, "desk", f"/orders/{number}")
    assert "明达物业" in story
    assert "张师傅" in story
    assert "凭链接" in story
    assert "处置后" in story
    asker = see(town, "resident", f"/orders/{number}")
    assert "明达物业" in asker
    english = see(town, "desk", f"/orders/{number}", "en")
    assert "by its link" in english


def test_keeping_leaves_the_link_open(town: Town) -> None:
    number = handed(town)
    address = link(town, number)
    assert send(f"{address}/keep").status_code == 302
    assert state(number) == "kept"
    page = read(address)
    assert "我们来办" not in page
    assert "来不及，要延期" in page
    assert send(f"{address}/longer", reason="等备件").status_code == 302
    assert send(f"{address}/done", **DONE).status_code == 302
    assert state(number) == "done"


def test_not_ours_goes_back_to_the_desk(town: Town) -> None:
    number = handed(town)
    address = link(town, number)
    send(f"{address}/back", reason="不在我们小区")
    assert state(number) == "returned"
    assert "答复收到了" in read(address)
    assert "不在我们小区" in see(town, "desk", f"/orders/{number}")


def test_the_same_form_twice_is_thanked_twice_and_counts_once(town: Town) -> None:
    number = handed(town)
    address, client = link(town, number) + "/back", Client()
    form = {**hidden(client.get(address).content.decode()), "_who": "张师傅", "reason": "不归我们"}
    first, second = client.post(address, form), client.post(address, form)
    assert (first.status_code, second.status_code) == (302, 302)
    assert Event.objects.filter(order__number=number, verb="return").count() == 1


def test_a_second_other_answer_is_refused_and_its_words_are_kept(town: Town) -> None:
    number = handed(town)
    address, client = link(town, number), Client()
    late = hidden(client.get(f"{address}/done").content.decode())
    send(f"{address}/back", reason="不归我们")
    answer = client.post(f"{address}/done", {**late, "_who": "李四", **DONE, "text": "我办好了"})
    page = answer.content.decode()
    assert "没有记下" in page
    assert "我办好了" in page
    assert state(number) == "returned"


GONE = {
    "return": ("clerk", {"reason": "x"}, "不在你们单位"),
    "withdraw": ("resident", {}, "不在你们单位"),
}


@pytest.mark.parametrize("verb", GONE)
def test_the_page_says_why_it_opens_nothing(town: Town, verb: str) -> None:
    number = handed(town)
    address = link(town, number)
    name, given, why = GONE[verb]
    actions.step(number, verb, town[name], given)
    answer = Client().get(address)
    assert answer.status_code == 404
    page = answer.content.decode()
    assert why in page
    assert "08558220000" in page
    assert TEXT not in page
    assert number not in page


def test_an_older_link_says_that_there_is_a_newer(town: Town) -> None:
    number = handed(town)
    lost = link(town, number)
    assert "给过一个链接" in see(town, "desk", f"/orders/{number}/receiver")
    link(town, number)
    assert "最新的那个" in read(lost)


@pytest.mark.parametrize("secret", ["x", "x" * 32, "..%2f..%2fdesk", "%00", "//evil.example", "é"])
def test_a_guessed_secret_opens_nothing(town: Town, secret: str) -> None:
    handed(town)
    for rest in ("", "/done", "/sheet"):
        answer = Client().get(f"/u/{secret}{rest}")
        assert answer.status_code == 404
        assert TEXT not in answer.content.decode()


def test_the_askers_link_and_the_units_are_not_exchanged(town: Town) -> None:
    number = handed(town)
    order = Order.objects.get(number=number)
    asker = links.make(order.pk.hex, "filer", timezone.now())
    unit = link(town, number).removeprefix("/u/")
    assert Client().get(f"/u/{asker}").status_code == 404
    assert Client().get(f"/o/{unit}").status_code == 404
    assert Client().post(f"/u/{asker}/back", {"_who": "x", "reason": "x"}).status_code == 404
    assert Client().post(f"/o/{unit}/withdraw", {"reason": "x"}).status_code == 404
    assert state(number) == "dispatched"


BAD = [
    ({"text": "x"}, "结果"),
    ({"outcome": "refused", "text": "x"}, "结果"),
    ({"outcome": "solved", "text": ""}, "怎么办的"),
    ({"outcome": "solved", "text": "长" * 10_001}, "10000"),
    ({"outcome": "solved", "text": "x", "_who": ""}, "请写姓名"),
    ({"outcome": "solved", "text": "x", "_who": "张" * 41}, "40"),
    ({"outcome": "solved", "text": "x", "_tel": "1" * 31}, "30"),
    ({"outcome": "solved", "text": "x", "_who": "\u202e\u200f"}, "请写姓名"),
]


@pytest.mark.parametrize(("typed", "said"), BAD)
def test_a_bad_answer_is_told_at_its_field_and_spends_nothing(town: Town, typed, said) -> None:
    number = handed(town)
    address = link(town, number)
    answer = send(f"{address}/done", **typed)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert state(number) == "dispatched"
    assert send(f"{address}/done", **DONE).status_code == 302


def test_strange_names_do_no_harm(town: Town) -> None:
    number = handed(town)
    send(f"{link(town, number)}/keep", _who=f"{RTL}<b>{FOUR}")
    voice = Content.objects.get(order__number=number, name="_voice")
    assert voice.value["name"] == f"张师傅<b>{FOUR}"
    story = see(town, "desk", f"/orders/{number}")
    assert f"张师傅&lt;b&gt;{FOUR}" in story
    assert "\u202e" not in story


def test_a_lost_photo_does_not_lose_the_words(town: Town) -> None:
    number = handed(town)
    broken = SimpleUploadedFile("a.jpg", b"no picture", "image/jpeg")
    answer = send(f"{link(town, number)}/done", **DONE, photo=broken)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "换了灯管" in page
    assert "张师傅" in page


def test_too_many_from_one_source_wait(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filings, "most", 0)
    number = handed(town)
    answer = send(f"{link(town, number)}/keep")
    assert answer.status_code == 429
    assert state(number) == "dispatched"


# ── the desk ─────────────────────────────────────────────────────────────────────────────────────


def test_the_desk_copies_a_sheet_with_its_photo(town: Town) -> None:
    number = handed(town)
    desk = as_(town, "desk")
    address = f"/orders/{number}/receiver/done"
    answer = send(address, desk, **DONE, _who="李工", _scan=photo("#fff"))
    assert answer.status_code == 302, answer.content.decode()
    assert state(number) == "done"
    story = see(town, "desk", f"/orders/{number}")
    assert "李工" in story
    assert "纸上答复" in story
    assert "desk代录" in story
    assert "纸质答复单" in story
    assert Photo.objects.filter(order__number=number).count() == 1


@pytest.mark.parametrize(("name", "status"), [("clerk", 403), ("worker", 403), ("stranger", 404)])
def test_nobody_else_copies(town: Town, name: str, status: int) -> None:
    number = handed(town)
    client = as_(town, name)
    assert client.get(f"/orders/{number}/receiver/done").status_code == status
    posted = client.post(f"/orders/{number}/receiver/back", {"_who": "x", "reason": "x"})
    assert posted.status_code == status
    assert state(number) == "dispatched"


@pytest.mark.parametrize(("name", "status"), [("worker", 403), ("m1", 403), ("stranger", 404)])
def test_nobody_else_gives_a_link(town: Town, name: str, status: int) -> None:
    number = handed(town)
    assert as_(town, name).post(f"/orders/{number}/give_link").status_code == status
    assert not Link.objects.filter(unit__isnull=False).exists()


def test_the_clerk_gives_it_to_a_colleague_of_theirs(town: Town) -> None:
    number = handed(town)
    assert TEXT in read(link(town, number, by="clerk"))
    page = see(town, "clerk", f"/orders/{number}/receiver")
    assert "照着登记" not in page, "a clerk answers by their own buttons"


def test_an_order_that_no_unit_has_is_not_handed_out(town: Town) -> None:
    number = town.file().number
    answer = as_(town, "desk").post(f"/orders/{number}/give_link")
    assert answer.status_code == 409
    assert "先派单" in answer.content.decode()


@pytest.mark.parametrize(("typed", "kept"), [("0855-8220000", "08558220000"), ("abc", "")])
def test_the_desk_keeps_the_units_number(town: Town, typed: str, kept: str) -> None:
    number = handed(town)
    as_(town, "desk").post(f"/orders/{number}/receiver/phone", {"phone": typed})
    assert Unit.objects.get(pk=town.unit.pk).phone == kept
