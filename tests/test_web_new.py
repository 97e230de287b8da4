"""What staff file themselves: whose door, which places, once only, and as of when it was heard."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from town import COMMUNITY, DAY, GRID, QUARTER, Town, settled
from web_town import as_, hidden, see

from lianxin.core.step.refused import Refused
from lianxin.orders import actions
from lianxin.orders.models import Content, Event, Order, Photo
from lianxin.registry.models import Area, Building, Door

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(request: pytest.FixtureRequest) -> Iterator[Town]:
    with settled(request) as town:
        yield town


def house(town: Town, area: Area | None = None) -> Door:
    building = Building.objects.create(name="3栋", street="韶山路", number="12")
    return Door.objects.create(building=building, area=area or town.grid, label="1单元")


def send(client: Client, door: str, **said: Any) -> Any:
    page = client.get(f"/new/{door}").content.decode()
    chosen = re.search(r'<option value="((?:area|door):\w+)"', page)
    answers = {**hidden(page), "_place": chosen[1], "text": "帮老人换了灯泡", **said}
    return client.post(f"/new/{door}", answers)


def test_a_worker_logs_what_was_solved_with_one_sentence(town: Town) -> None:
    worker = as_(town, "worker")
    answer = send(worker, "log")
    assert answer.headers["Location"] == "/"
    order = Order.objects.get()
    assert (order.state, order.outcome, order.path) == ("struck", "solved", GRID)
    assert Event.objects.get(order=order).actor == str(town.people["worker"].pk)
    page = worker.get("/today").content.decode()
    assert f"随手办结已记下，编号 {order.number}。" in page


def test_a_building_is_chosen_and_becomes_the_address(town: Town) -> None:
    door = house(town)
    page = see(town, "worker", "/new/log")
    assert f'<option value="door:{door.code}">韶山路12号3栋 1单元</option>' in page
    send(as_(town, "worker"), "log", _place=f"door:{door.code}", _address="402")
    assert Content.objects.get(name="address").value == "韶山路12号3栋 1单元，402"


def test_a_resident_is_filed_for_and_the_desk_finds_it(town: Town) -> None:
    answer = send(as_(town, "worker"), "file_for", phone="13800138000", category="0101")
    order = Order.objects.get()
    assert answer.headers["Location"] == f"/orders/{order.number}"
    assert (order.state, order.category) == ("filed", "0101")
    assert order.number in see(town, "desk", "/desk")
    assert "13800138000" not in see(town, "worker", "/today"), "behind a press that is kept"
    shown = as_(town, "worker").post(f"/orders/{order.number}/phone").content.decode()
    assert 'href="tel:13800138000"' in shown


def test_a_desk_names_any_grid_of_its_community(town: Town) -> None:
    other = Area.objects.create(
        kind_id="grid", path=QUARTER + "002", name="第二网格", since=DAY
    )  # fmt: skip
    page = see(town, "desk", "/new/file_for")
    assert re.findall(r'<optgroup label="(.+?)"><option value="area', page) == [GRID, "第二网格"]
    send(as_(town, "desk"), "file_for", _place=f"area:{other.pk}")
    assert Order.objects.get().path == other.path
    communities = see(town, "street_desk", "/new/file_for")
    assert f"area:{town.areas[COMMUNITY].pk}" in communities
    assert f"area:{other.pk}" not in communities


def test_what_was_heard_yesterday_counts_from_yesterday(town: Town) -> None:
    heard = timezone.localtime() - timedelta(days=1)
    send(as_(town, "worker"), "file_for", _at=f"{heard:%Y-%m-%dT%H:%M}")
    event = Event.objects.get()
    assert event.at == heard.replace(second=0, microsecond=0)
    assert event.recorded > event.at


def test_it_is_filed_as_of_when_it_was_heard_and_the_desk_has_its_time(town: Town) -> None:
    heard = (timezone.localtime() - timedelta(days=1)).replace(hour=16, minute=40, second=0)
    heard = heard.replace(microsecond=0)
    answer = send(as_(town, "desk"), "file_for", _at=f"{heard:%Y-%m-%dT%H:%M}")
    order = Order.objects.get()
    assert order.filed == heard
    told = Event.objects.get().recorded.replace(microsecond=0)
    assert order.due == told + timedelta(hours=2), "two urgent hours, from when the desk can know"
    page = see(town, "desk", answer.headers["Location"])
    assert "16:40" in page
    assert "补记" in page


def test_what_the_form_proposed_means_now(town: Town) -> None:
    page = see(town, "desk", "/new/file_for")
    proposed = re.search(r'name="_at" value="([^"]+)" min="([^"]+)" max="([^"]+)"', page)
    assert hidden(page)["_was_at"] == proposed[1] == proposed[3]
    stale = "2026-01-01T08:00"  # however long the form stood open
    send(as_(town, "desk"), "file_for", _at=stale, _was_at=stale)
    event = Event.objects.get()
    assert event.at == event.recorded


def test_nothing_is_recorded_more_than_two_weeks_later(town: Town) -> None:
    local, desk = timezone.localtime(), as_(town, "desk")
    early, late = local - timedelta(days=14, minutes=2), local - timedelta(days=14, minutes=-2)
    answer = send(desk, "file_for", _at=f"{early:%Y-%m-%dT%H:%M}")
    assert answer.status_code == 422
    assert "最多只能补记 14 天以内的事" in answer.content.decode()
    assert f'value="{early:%Y-%m-%dT%H:%M}"' in answer.content.decode()
    assert Order.objects.count() == 0
    assert send(desk, "file_for", _at=f"{late:%Y-%m-%dT%H:%M}").status_code == 302
    number = Order.objects.get().number
    before = timezone.now() - timedelta(days=15)
    given = {"unit": str(town.unit.pk)}
    with pytest.raises(Refused, match="too_long_ago"):
        actions.step(number, "dispatch", town["desk"], given, at=before)
    fresh = town.file(now=timezone.now() - timedelta(days=1)).number
    with pytest.raises(Refused, match="too_early"):
        actions.step(fresh, "dispatch", town["desk"], given, at=local - timedelta(days=2))
    given = {"text": "灯已经亮了"}
    actions.step(number, "comment", town["worker"], given, at=late + timedelta(hours=1))


def test_programs_are_told_the_same(town: Town) -> None:
    when = (timezone.now() - timedelta(days=15)).isoformat()
    body = {"flow": "five-orders", "door": "file_for", "answers": {"text": "灯"},
            "place": {"id": town.grid.pk}, "at": when}  # fmt: skip
    answer = Client().post(
        "/api/v1/orders", body, content_type="application/json",
        headers={"Authorization": f"Bearer {town.token('desk')}"},
    )  # fmt: skip
    assert (answer.status_code, answer.json()["code"]) == (422, "too_long_ago")


def test_sent_five_times_is_filed_once(town: Town) -> None:
    worker = as_(town, "worker")
    page = worker.get("/new/log").content.decode()
    sent = {**hidden(page), "_place": f"area:{town.grid.pk}", "text": "扶老人过马路"}
    for _ in range(5):
        assert worker.post("/new/log", sent).status_code == 302
    assert worker.post("/new/log", {**sent, "text": "别的事"}).status_code == 302
    assert Order.objects.count() == 1


def test_a_photo_survives_a_mistake(town: Town, shot: Any) -> None:
    worker = as_(town, "worker")
    answer = send(worker, "log", text="", photo=shot)
    assert answer.status_code == 422
    page = answer.content.decode()
    kept = re.search(r'name="_kept_photo" value="([^"]+)"', page)[1]
    send(worker, "log", _kept_photo=kept)
    assert Photo.objects.get().order == Order.objects.get()


@pytest.fixture
def shot() -> Any:
    import io

    from django.core.files.uploadedfile import SimpleUploadedFile
    from PIL import Image

    file = io.BytesIO()
    Image.new("RGB", (320, 240), "#365").save(file, "JPEG")
    return SimpleUploadedFile("lamp.jpg", file.getvalue(), "image/jpeg")


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"text": "  "}, "“说明”还没填。"),
        ({"text": "长" * 10_001}, "太长"),
        ({"_place": ""}, "请从您负责的地方里选一个。"),
        ({"_place": "area:999999999999999999999"}, "请从您负责的地方里选一个。"),
        ({"_place": "door:nosuchdoor"}, "请从您负责的地方里选一个。"),
        ({"_at": "昨天"}, "时间没有看懂"),
        ({"_at": "2999-01-01T08:00"}, "时间还没有到"),
        ({"category": "nothing"}, ""),
    ],
)  # fmt: skip
def test_refusals_keep_the_words(town: Town, said: dict[str, str], sentence: str) -> None:
    answer = send(as_(town, "worker"), "log", **said)
    page = answer.content.decode()
    assert 400 <= answer.status_code < 500
    assert 'class="errors"' in page
    assert sentence in page
    assert said.get("text", "帮老人换了灯泡").strip()[:50] in page
    assert Order.objects.count() == 0


def test_nobody_files_where_they_hold_no_post(town: Town) -> None:
    away = house(town, town.areas["522602001001"])
    for place in (f"area:{town.areas['522602001001'].pk}", f"door:{away.code}"):
        assert send(as_(town, "worker"), "log", _place=place).status_code == 422
    assert Order.objects.count() == 0


@pytest.mark.parametrize("door", ["file", "part", "dispatch", "nothing"])
def test_other_steps_are_no_doors_here(town: Town, door: str) -> None:
    assert as_(town, "worker").get(f"/new/{door}").status_code == 404
