"""Forms made from what a page asks: every type, who is offered, what a mistake keeps."""

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.template.loader import render_to_string
from django.test import Client
from django.utils import timezone
from PIL import Image
from town import COMMUNITY, COUNTY, GRID, Town, settled
from web_town import as_, busy, hidden, picture, see

from lianxin.core.flow.page import Page, Step
from lianxin.core.step.order import Order as Kernel
from lianxin.orders import actions
from lianxin.orders.book import book
from lianxin.orders.models import Content, Event, Order, Photo
from lianxin.registry.models import Duty
from lianxin.web.forms import StepForm
from lianxin.web.words import say


@pytest.fixture
def town(request: pytest.FixtureRequest) -> Iterator[Town]:
    with settled(request) as town:
        yield town


def jpeg(name: str = "lamp.jpg", size: tuple[int, int] = (640, 480)) -> SimpleUploadedFile:
    file = io.BytesIO()
    Image.new("RGB", size, "#365").save(file, "JPEG")
    return SimpleUploadedFile(name, file.getvalue(), "image/jpeg")


def form(page: Page, step: Step, data: dict[str, Any] | None = None) -> StepForm:
    """The form of a step on an order that nobody has touched."""
    order = Kernel(id="1", flow=page.flow, since=page.since, path=GRID, desk=COMMUNITY)
    alone = SimpleNamespace(two_go=lambda order: False)
    row = SimpleNamespace(area=None, path=GRID)
    sheet = SimpleNamespace(order=order, page=page, row=row, family=alone)
    sent = None
    if data is not None:
        sent = QueryDict(mutable=True)
        for name, value in data.items():
            sent.setlist(name, value if isinstance(value, list) else [value])
    return StepForm(sheet, step, timezone.now(), sent)


def asking(name: str, type: str, **more: Any) -> tuple[Page, Step]:
    """A page of ours with one field changed, and a step that asks it."""
    page = book().page("five-orders", timezone.localdate())
    about = replace(page.fields["reason"], name=name, type=type, **more)
    step = replace(page.steps["release"], asks=(replace(page.steps["release"].asks[0], name=name),))
    return replace(page, fields={**page.fields, name: about}), step


# --- every page of the house has its forms


@pytest.mark.django_db
@pytest.mark.usefixtures("town")
@pytest.mark.parametrize("flow", sorted(book().pages))
def test_every_step_has_a_form_without_code_of_its_own(flow: str) -> None:
    page = book().page(flow, timezone.localdate())
    for step in page.steps.values():
        facts = {"form": form(page, step), "step": step, "order": {"number": "LX-1"}}
        html = render_to_string("orders/form.html", facts)
        for name in step.asked:
            there = re.search(rf'(name|for)="(id_|_q_)?{name}(_0)?"', html)
            assert there or name in (*step.drops, step.swaps), (step.name, name)
        assert html.count('class="button main') == 1


@pytest.mark.parametrize(
    ("type", "typed", "kept"),
    [
        ("text", " 灯不亮\r\n请来 ", "灯不亮\r\n请来".replace("\r", "")),
        ("number", "1,200", 1200),
        ("money", "1,200.50 元", 1200.5),
        ("hours", "2.5", 2.5),
        ("rating", "4", 4),
        ("yes", "no", False),
        ("moment", "2026-09-30T16:30", "2026-09-30T16:30:00+08:00"),
        ("date", "2026-09-30", "2026-09-30"),
        ("point", "25.9317, 108.5213", [108.5213, 25.9317]),
        ("point", "108.5213，25.9317", [108.5213, 25.9317]),
        ("phone", "138 0013 8000", "138 0013 8000"),
        ("signature", "吴小梅", "吴小梅"),
        ("order", "LX-000001", "LX-000001"),
        ("room", "7", "7"),
    ],
)
def test_what_is_typed_is_what_is_kept(type: str, typed: str, kept: Any) -> None:
    sent = form(*asking("thing", type), {"thing": typed})
    assert sent.is_valid(), sent.errors
    assert sent.answers() == {"thing": kept}


def test_several_lines_are_several_answers() -> None:
    sent = form(*asking("thing", "text", many=True), {"thing": "一\r\n\r\n 二 \r\n"})
    assert sent.is_valid()
    assert sent.answers() == {"thing": ["一", "二"]}


@pytest.mark.parametrize(
    ("type", "typed", "more", "sentence"),
    [
        ("text", "  ", {}, "还没填"),
        ("text", "长" * 201, {"max": 200}, "最多200个字"),
        ("number", "二", {}, "要填数字"),
        ("number", "51", {"min": 1, "max": 50}, "在 1 到 50 之间"),
        ("rating", "6", {}, "数字不在范围内"),
        ("rating", "", {}, "还没选"),
        ("yes", "perhaps", {}, "没有这个选项"),
        ("moment", "soon", {}, "要填日期和时间"),
        ("date", "30.9.", {}, "要填日期"),
        ("point", "here", {}, "要填位置"),
        ("point", "300, 10", {}, "要填位置"),
    ],
)
def test_what_cannot_be_kept_is_said_at_its_field(
    type: str, typed: str, more: dict[str, Any], sentence: str
) -> None:
    sent = form(*asking("thing", type, **more), {"thing": typed})
    assert not sent.is_valid()
    assert sentence in sent.errors["thing"][0]


# --- who is offered


@pytest.mark.django_db
def test_who_answers_for_it_comes_first_with_the_reason(town: Town) -> None:
    Duty.objects.create(unit=town.units["V"], category="0101", area=town.areas[COUNTY])
    given = {"text": "灯", "category": "0101"}
    number = actions.file("five-orders", "file", town["resident"], given, area=town.grid).number
    html = see(town, "desk", f"/orders/{number}/dispatch")
    assert re.findall(r"<span>(水务所|供电所)", html) == ["水务所", "供电所"]
    assert f"负责 路灯照明 · {COUNTY}" in html


@pytest.mark.django_db
def test_the_one_complained_of_is_never_offered(town: Town) -> None:
    Duty.objects.create(unit=town.unit, category="", area=town.areas[COUNTY])
    given = {"text": "不来", "against": [str(town.unit.pk)]}
    number = actions.file("five-orders", "file", town["resident"], given, area=town.grid).number
    client = as_(town, "desk")
    html = client.get(f"/orders/{number}/dispatch").content.decode()
    assert "水务所" in html
    assert f'name="unit" value="{town.unit.pk}"' not in html
    forced = client.post(f"/orders/{number}/dispatch", {"unit": str(town.unit.pk)})
    assert forced.status_code == 409
    assert "要回避" in forced.content.decode()


@pytest.mark.django_db
def test_a_unit_is_found_by_name_and_what_was_chosen_stays(town: Town) -> None:
    number = town.file().number
    sent = {"_q_unit": "水务", "_find": "unit", "unit": str(town.unit.pk), "severity": "high"}
    answer = as_(town, "desk").post(f"/orders/{number}/dispatch", sent)
    html = answer.content.decode()
    assert answer.status_code == 200
    assert "还没选" not in html
    for value in (f'name="unit" value="{town.unit.pk}"', 'name="severity" value="high"'):
        assert re.search(rf"{value}[^>]*checked", html)
    assert f'name="unit" value="{town.units["V"].pk}"' in html
    assert Order.objects.get(number=number).state == "filed"


@pytest.mark.django_db
def test_only_members_of_the_unit_are_offered_a_seat(town: Town) -> None:
    number = busy(town)
    actions.step(number, "release", town["m2"], {"reason": "生病"})
    html = see(town, "clerk", f"/orders/{number}/assign")
    assert set(re.findall(r"<span>(\w+)<small>", html)) == {"m2", "m3", "m4", "m5"}
    html = see(town, "clerk", f"/orders/{number}/no_show")
    assert re.findall(r"<span>(\w+)</span></span>", html) == ["m1"]
    assert "_q_holder" not in html


@pytest.mark.django_db
@pytest.mark.parametrize("stranger", ["999999", "abc", "9" * 40, "-1", "１"])
def test_who_is_not_in_the_registry_is_not_taken(town: Town, stranger: str) -> None:
    number = town.file().number
    answer = as_(town, "desk").post(f"/orders/{number}/dispatch", {"unit": stranger})
    assert answer.status_code == 422
    assert "找不到所填的对象" in answer.content.decode()


# --- what is kept when something is wrong


@pytest.mark.django_db
def test_a_mistake_loses_neither_words_nor_photos(town: Town) -> None:
    number = busy(town)
    client, sent = as_(town, "m1"), {"text": "换了灯头", "photo": [jpeg(), jpeg(size=(64, 64))]}
    answer = client.post(f"/orders/{number}/handle", sent)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "“办理结果”还没选。" in html
    assert "换了灯头" in html
    kept = re.findall(r'name="_kept_photo" value="([^"]+)" checked', html)
    assert len(kept) == 2
    again = {**hidden(html), "text": "换了灯头", "outcome": "solved", "_kept_photo": kept[:1]}
    assert client.post(f"/orders/{number}/handle", again).status_code == 302
    assert Content.objects.get(order__number=number, name="photo", nth__gt=1).value == kept[:1]
    assert str(Photo.objects.get(order=None).pk) == kept[1]


@pytest.mark.django_db
def test_another_persons_upload_cannot_be_claimed(town: Town) -> None:
    number = busy(town)
    theirs = picture(town.people["m2"])
    sent = {"text": "好了", "outcome": "solved", "_kept_photo": [theirs, "no-id"]}
    assert as_(town, "m1").post(f"/orders/{number}/handle", sent).status_code == 302
    assert Photo.objects.get(pk=theirs).order is None


@pytest.mark.django_db
def test_what_is_no_photo_is_said_at_its_field(town: Town) -> None:
    number = busy(town)
    wrong = SimpleUploadedFile("a.jpg", b"<svg onload=alert(1)>", "image/jpeg")
    answer = as_(town, "m1").post(f"/orders/{number}/photo", {"photo": [wrong]})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert 'href="#id_photo"' in html
    assert "这不是能用的照片" in html
    assert "还没填" not in html
    assert Event.objects.filter(order__number=number, verb="photo").count() == 0


@pytest.mark.django_db
def test_a_double_click_with_photos_counts_once(town: Town) -> None:
    number = busy(town)
    client = as_(town, "m1")
    for _ in range(2):
        sent = {"photo": [jpeg()], "_key": "k" * 36}
        assert client.post(f"/orders/{number}/photo", sent).status_code == 302
    assert Event.objects.filter(order__number=number, verb="photo").count() == 1


# --- photos


@pytest.mark.django_db
def test_a_photo_is_seen_by_those_who_see_its_order(town: Town) -> None:
    number = busy(town)
    id = Photo.objects.get().pk
    assert f'src="/photos/{id}?w=320"' in see(town, "desk", f"/orders/{number}")
    answer = as_(town, "desk").get(f"/photos/{id}?w=320")
    assert Image.open(io.BytesIO(b"".join(answer.streaming_content))).size == (320, 240)
    assert answer["Cache-Control"].startswith("private")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"].startswith("inline")
    same = as_(town, "desk").get(f"/photos/{id}?w=320", headers={"if-none-match": answer["ETag"]})
    assert same.status_code == 304
    for name, address in [("stranger", id), ("other_clerk", id), ("desk", f"{id}?w=321")]:
        assert as_(town, name).get(f"/photos/{address}").status_code == 404
    assert Client().get(f"/photos/{id}").status_code == 404
    Photo.objects.update(public=True)
    assert Client().get(f"/photos/{id}").status_code == 200


@pytest.mark.django_db
def test_an_upload_is_its_senders_until_an_order_takes_it(town: Town) -> None:
    id = picture(town.people["m1"])
    assert as_(town, "m1").get(f"/photos/{id}").status_code == 200
    assert as_(town, "m2").get(f"/photos/{id}").status_code == 404


@pytest.mark.django_db
def test_a_photo_erased_from_the_story_is_gone(town: Town) -> None:
    number = busy(town)
    Content.objects.filter(order__number=number, name="photo").update(
        value=None, salt=None, erased=timezone.now()
    )
    assert as_(town, "desk").get(f"/photos/{Photo.objects.get().pk}").status_code == 404
    assert say("orders.story.erased") in see(town, "desk", f"/orders/{number}")


@pytest.mark.django_db
def test_before_and_after_stand_side_by_side(town: Town) -> None:
    number = busy(town)
    shots: dict[str, Any] = {n: [picture(town.people["m1"])] for n in ("photo", "photo_before")}
    actions.step(number, "handle", town["m1"], {"outcome": "solved", "text": "好了", **shots})
    html = see(town, "desk", f"/orders/{number}")
    assert re.findall(r"<figcaption>([^<]+)<", html) == ["处置前", "处置后"]
    assert html.index(shots["photo_before"][0]) < html.index(shots["photo"][0])
