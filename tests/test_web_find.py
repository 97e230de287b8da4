"""The one box of a list: a number, words, an address, the end of a phone; and who looked."""

from collections.abc import Iterator
from datetime import timedelta
from re import fullmatch
from re import search as search_words
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from test_web_lists import numbers
from town import GRID, Town, settled
from web_town import as_, see

from lianxin.orders import actions, looks
from lianxin.orders.models import Content, Look, Order
from lianxin.orders.queries.typed import FOUND, NIL, SAID, ending, pairs

pytestmark = pytest.mark.django_db
LONG_AGO = timedelta(days=91)


@pytest.fixture
def town(request: pytest.FixtureRequest) -> Iterator[Town]:
    with settled(request) as town:
        yield town


def filed(town: Town, text: str = "路灯不亮", by: str = "resident", **more: Any) -> str:
    when = {name: more.pop(name) for name in ("now", "area") if name in more}
    area = when.pop("area", town.grid)
    given = {"text": text, **more}
    return actions.file("five-orders", "file", town[by], given, area=area, **when).number


def search(town: Town, q: str, name: str = "desk", address: str = "/desk", **more: str) -> str:
    return see(town, name, f"{address}?{urlencode({'q': q, **more})}")


# --- number


def test_a_number_is_found_by_its_end_in_whichever_list(town: Town) -> None:
    number = filed(town)
    actions.step(number, "dispatch", town["desk"], {"unit": str(town.unit.pk)})
    end = number[-3:]
    for typed in (number, number.lower(), end, number[-6:], f" {end} ", number.replace("-", ""),
                  "".join(chr(ord(c) + 0xFEE0) for c in number)):  # fmt: skip
        assert numbers(search(town, typed)) == [number], typed
    assert numbers(search(town, number, "stranger")) == []


def test_ends_of_numbers_need_no_index() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT setval('orders_number', 2345)")
    assert ending("345") == ["LX-002345", "LX-001345", "LX-000345"]
    assert ending("2346") == []
    assert ending("002345") == ["LX-002345"]
    assert ending("7")[:2] == ["LX-002337", "LX-002327"]
    assert len(ending("5")) == 235
    assert ending("9" * 30) == []


# --- words


def test_chinese_is_found_by_words_not_bytes(town: Town) -> None:
    lamp, noise = filed(town, "路灯，坏了３天 WiFi也没有"), filed(town, "半夜施工太吵 𠮷")
    for typed, found in (
        ("路灯", [lamp]), ("灯", [lamp]), ("坏了3天", [lamp]), ("wifi", [lamp]),
        ("施工 吵", [noise]), ("路灯坏", []), ("灯路", []), ("路灯 吵", []), ("𠮷", [noise]),
        ("天", [lamp]), ("%", []), ("'", []), ("\\", []), ("路灯' | '吵", []), ("!路灯", [lamp]),
    ):  # fmt: skip
        assert numbers(search(town, typed)) == found, typed


def test_later_words_are_for_other_eyes(town: Town) -> None:
    number = filed(town)
    actions.step(number, "comment", town["desk"], {"text": "已联系张三丰"})
    assert numbers(search(town, "张三丰")) == []


def test_what_was_erased_is_found_no_more(town: Town) -> None:
    filed(town, "我家在幸福里")
    assert len(numbers(search(town, "幸福里"))) == 1
    Content.objects.filter(name="text").update(value=None, salt=None, erased=timezone.now())
    assert numbers(search(town, "幸福里")) == []


def test_waiting_words_can_be_looked_for_in_all(town: Town) -> None:
    number = filed(town)
    actions.step(number, "dispatch", town["desk"], {"unit": str(town.unit.pk)})
    page = search(town, "路灯")
    assert numbers(page) == []
    assert "在全部工单里找" in page
    assert numbers(search(town, "路灯", all="")) == [number]


def test_the_index_of_pairs_is_used(town: Town) -> None:
    for n in range(100):
        filed(town, f"第{n}盏路灯不亮" if n % 20 == 0 else f"第{n}处太吵")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE orders_content; SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {FOUND}", [pairs("路灯"), list(SAID), ["address"], NIL, NIL])
        assert "content_grams" in str(cursor.fetchall())


# --- address


def test_an_address_finds_what_is_recent_and_no_flats_history(town: Town) -> None:
    now = timezone.now()
    old = filed(town, "漏水", address="3栋2单元501", now=now - LONG_AGO)
    told = filed(town, "3栋2单元501又漏水", now=now - LONG_AGO)
    new = filed(town, "漏水", address="3栋2单元501")
    for typed in ("3栋2单元501", "3栋", "2单元501", "3栋 漏水"):
        assert numbers(search(town, typed, all="")) == [new], typed
    assert numbers(search(town, "漏水", all="")) == [new, *sorted((old, told), reverse=True)]


def test_who_may_not_read_an_address_finds_nothing_by_it(town: Town) -> None:
    number = filed(town, "漏水", address="桂花巷")
    assert numbers(search(town, "桂花巷", "desk")) == [number]
    for name in ("leader", "auditor", "inspector"):
        assert numbers(search(town, "桂花巷", name, "/orders")) == []
        assert numbers(search(town, "漏水", name, "/orders")) == [number]
    assert numbers(search(town, "桂花巷", "worker", "/orders")) == [number]
    actions.step(number, "dispatch", town["desk"], {"unit": str(town.unit.pk)})
    assert numbers(search(town, "桂花巷", "clerk", "/unit")) == [number]


def test_a_place_is_found_by_its_name(town: Town) -> None:
    town.grid.name = "滨江第三网格"
    town.grid.save()
    number = filed(town)
    assert numbers(search(town, "滨江")) == [number]
    assert numbers(search(town, "滨江 路灯")) == [number]
    assert numbers(search(town, "滨江", "stranger")) == []


# --- the end of a phone


def test_the_end_of_a_phone_is_looked_up_and_the_look_is_kept(town: Town) -> None:
    number = filed(town, phone="138 0013-8000")
    filed(town, phone="13900001111")
    page = search(town, "8000")
    assert numbers(page) == [number]
    assert "这次查找已记入查看记录" in page
    assert "138 0013" not in page
    for typed in ("13800138000", "+86 138 0013 8000", "００１３８０００"):
        assert numbers(search(town, typed)) == [number], typed
    assert numbers(search(town, "98000")) == []
    kept = list(Look.objects.order_by("pk").values_list("who__username", "what", "n", "path"))
    assert kept[:4] == [("desk", "phone", 1, "522601001001")] * 4
    assert kept[4] == ("desk", "phone", 0, "522601001001")
    assert len(kept) == 5
    marks = Look.objects.order_by("pk").values_list("about", flat=True)
    assert all(fullmatch("[0-9a-f]{32}", mark) for mark in marks), "marks alone, no digits typed"
    assert marks[1] == marks[2], "one phone, one mark"


def test_only_ones_own_area_and_the_last_90_days(town: Town) -> None:
    now = timezone.now()
    filed(town, phone="13800138000", now=now - LONG_AGO)
    elsewhere = filed(town, phone="13800138000", area=town.areas["522602001001"])
    assert numbers(search(town, "8000", all="")) == []
    assert numbers(search(town, "8000", "stranger")) == [elsewhere]


@pytest.mark.parametrize(
    ("name", "address"),
    [("supervisor", "/desk"), ("leader", "/orders"), ("auditor", "/orders"), ("clerk", "/unit")],
)
def test_who_may_not_read_phones_finds_nobody_by_one(town: Town, name: str, address: str) -> None:
    number = filed(town, phone="13800138000")
    actions.step(number, "dispatch", town["desk"], {"unit": str(town.unit.pk)})
    for typed in ("8000", "13800138000"):
        assert numbers(search(town, typed, name, address)) == []
        assert numbers(search(town, typed, name, address, phone="")) == []
    assert not Look.objects.exists()


def test_digits_are_a_number_first(town: Town) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT setval('orders_number', 8999)")
    number = filed(town)  # LX-009000
    other = filed(town, phone="13800139000")
    page = search(town, "9000")
    assert numbers(page) == [number]
    assert "按电话尾号 9000 查" in page
    assert not Look.objects.exists()
    assert numbers(search(town, "9000", phone="")) == [other]
    assert Look.objects.count() == 1


def test_never_more_than_ten_and_only_so_often(town: Town) -> None:
    for _ in range(12):
        filed(town, phone="13800138000")
    page = search(town, "8000")
    assert len(numbers(page)) == 10
    assert "多写几位再查" in page
    for _ in range(looks.bounds()["a_day"] - 1):
        search(town, "8000")
    answer = as_(town, "desk").get("/desk?q=8000")
    assert answer.status_code == 429
    assert "今天按电话查得够多了" in answer.content.decode()
    assert numbers(answer.content.decode()) == []
    assert Look.objects.count() == looks.bounds()["a_day"]
    assert numbers(search(town, "路灯")), "other questions go on"


def test_a_phone_gathers_nobody_by_another_way(town: Town) -> None:
    filed(town, "我的电话13800138000，灯坏了", phone="13800138000")
    for typed in ("电话13800138000", "13800138000灯", "138001 38000灯"):
        assert numbers(search(town, typed)) == [], typed
    assert as_(town, "desk").get("/orders.csv?q=13800138000").content.decode().count("路灯") == 0
    assert not Look.objects.filter(what="phone").exists()


# --- who looked


def test_an_export_is_kept_and_the_auditor_reads_it(town: Town) -> None:
    filed(town, phone="13800138000")
    search(town, "8000")
    as_(town, "desk").get("/orders.csv?q=路灯&category=01&open=0&days=7")
    as_(town, "clerk").get("/orders.xlsx")
    as_(town, "stranger").get("/orders.xlsx")
    page = see(town, "auditor", "/looks")
    for said in ("按电话尾号查找", "导出台账", "按文字", "类别 01", "近几天 7"):
        assert said in page
    assert not search_words(r"\b8000\b", page), "a mark may hold these digits by chance"
    assert "路灯" not in page
    assert "stranger" not in page, "another county is another auditor's"
    assert page.count("<tr>") == 3
    assert see(town, "auditor", "/looks?what=phone").count("<tr>") == 2
    assert see(town, "auditor", f"/looks?who={town.people['desk'].pk}").count("<tr>") == 3
    for wrong in ("who=x", "after=²", "what=%00", "who=" + "9" * 40, "as=9"):
        assert see(town, "auditor", f"/looks?{wrong}").count("<tr>") == 3
    see(town, "auditor", "/looks", "en")


def test_the_looks_go_on_over_pages(town: Town) -> None:
    for n in range(60):
        looks.looked(town["desk"], looks.SHEET, n=n, path=GRID)
    page = see(town, "auditor", "/looks")
    assert page.count("<tr>") == 51
    last = Look.objects.order_by("-pk")[49].pk
    assert f"after={last}" in page
    assert see(town, "auditor", f"/looks?after={last}").count("<tr>") == 11


@pytest.mark.parametrize("name", ["desk", "leader", "supervisor", "clerk", "resident"])
def test_looks_are_the_auditors_alone(town: Town, name: str) -> None:
    assert as_(town, name).get("/looks").status_code == 403


def test_a_look_is_never_changed(town: Town) -> None:
    looks.looked(town["desk"], looks.SHEET, n=1)
    rows = Look.objects.filter(n=1)
    for act in (lambda: rows.update(n=0), rows.delete):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            act()
    with (
        pytest.raises(DatabaseError, match="append-only"), transaction.atomic(),
        connection.cursor() as cursor,
    ):  # fmt: skip
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("TRUNCATE orders_look")


def test_a_kind_of_look_has_words(town: Town) -> None:
    with pytest.raises(AssertionError, match="KINDS"):
        looks.looked(town["desk"], "curiosity")
    assert not Order.objects.exists()
