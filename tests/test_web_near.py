"""What may be the same is hinted before sending: by distance and kind, never by a word of it."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from filing import Filing, at_a_door, html
from town import COMMUNITY, DAY, Town
from web_town import as_

from lianxin.orders import actions, follows
from lianxin.orders.models import Event, Follow, Order
from lianxin.orders.queries import near
from lianxin.registry.models import Area, AreaKind, Building, Door
from lianxin.web.api.pace import Pace
from lianxin.web.asking import near as hints

HERE = "韶山路12号幸福小区3栋"
SECRET_WORDS = {"text": "三楼李阿姨家门口的灯", "phone": "13800138000"}


@pytest.fixture
def town(request: pytest.FixtureRequest) -> Iterator[Town]:
    with at_a_door(request) as town:
        Building.objects.update(lon=108.5200, lat=25.9300)
        yield town


def filed(town: Town, category: str | None = "0101", **more: Any) -> Order:
    given = {**SECRET_WORDS, "address": HERE, **({"category": category} if category else {})}
    given |= {n: more.pop(n) for n in ("address", "point", "matter", "whom", "text") if n in more}
    area = more.pop("area", town.grid)
    done = actions.file("five-orders", "file", town["neighbour"], given, area=area, **more)
    return Order.objects.get(number=done.number)


def preview(category: str = "01", address: str = "/file?d=door23456789", **more: Any) -> Filing:
    way = Filing(address)
    way.what(category=category, **more)
    way.where()
    return way


def shown(way: Filing) -> list[str]:
    return re.findall(r'class="near".*?</section>', html(way.last), re.S)


def test_the_same_lamp_is_hinted_by_kind_and_place_alone(town: Town) -> None:
    order = filed(town, now=timezone.now() - timedelta(days=1))
    hint = shown(preview())[0]
    assert "就在这栋楼，路灯照明，昨天提的" in hint
    assert "收到了，正在安排人" in hint
    for word in (
        "李阿姨",
        SECRET_WORDS["phone"],
        order.number,
        order.pk.hex,
        str(order.pk),
        "neighbour",
        HERE,
    ):
        assert word not in hint


def test_the_distance_is_told_where_both_places_are_known(town: Town) -> None:
    far = Building.objects.create(name="5栋", street="韶山路", number="20", lon=108.5204, lat=25.93)
    Door.objects.create(code="door99999999", building=far, area=town.grid)
    filed(town, address="韶山路20号5栋，楼下")
    filed(town, address="x", point=[108.5206, 25.93])
    hint = shown(preview())[0]
    assert "约 40 米外，路灯照明，今天提的" in hint
    assert "约 60 米外" in hint


def test_english_is_whole(town: Town) -> None:
    filed(town)
    way = preview()
    way.client.cookies["language"] = "en"
    page = html(way.send(None))
    assert "In this very building, Street lighting, filed today" in page
    assert "It is the same: follow that one" in page


@pytest.mark.parametrize(
    ("category", "more"),
    [
        ("0201", {}),  # another kind
        ("0502", {}),  # what happens between neighbours is nobody's hint
        ("0101", {"now": -31}),  # long ago
        ("0101", {"matter": "complain"}),
        ("0101", {"whom": "物业"}),
        ("0101", {"address": "x", "point": [108.53, 25.93]}),  # a kilometre away
    ],
)
def test_what_is_not_hinted(town: Town, category: str, more: dict[str, Any]) -> None:
    if days := more.pop("now", 0):
        more["now"] = timezone.now() + timedelta(days=days)
    filed(town, category, **more)
    assert shown(preview()) == []


def test_what_has_ended_or_is_kept_from_somebody_is_not_hinted(town: Town) -> None:
    gone, kept = filed(town), filed(town)
    actions.step(gone.number, "withdraw", town["neighbour"], {})
    actions.step(kept.number, "establish", town["desk"], {"against": [str(town.unit.pk)]})
    assert shown(preview()) == []


@pytest.mark.parametrize("more", [{"matter": "complain"}, {"staff": "on"}, {"category": "05"}])
def test_a_complaint_or_what_is_at_home_asks_for_no_hint(town: Town, more: Any) -> None:
    filed(town)
    filed(town, None)
    assert shown(preview(**{"category": "", **more})) == []


def test_of_unknown_kind_only_what_is_close_is_hinted(town: Town) -> None:
    filed(town, None)
    filed(town, "0101", address="说不清")
    assert len(re.findall("<li>", shown(preview(""))[0])) == 1
    assert "还没有分类" in shown(preview(""))[0]
    assert "在这个网格里，路灯照明" in shown(preview())[0]


def test_a_public_order_is_shown_with_its_words(town: Town) -> None:
    order = filed(town, text="桥头的路灯全灭了")
    Order.objects.filter(pk=order.pk).update(public=True)
    assert "桥头的路灯全灭了" in shown(preview())[0]


def test_another_community_is_never_looked_into(town: Town) -> None:
    kind = AreaKind.objects.get(code="grid")
    other = Area.objects.create(kind=kind, path=COMMUNITY[:-1] + "2001001", name="x", since=DAY)
    filed(town, area=other, point=[108.52, 25.93])
    assert shown(preview()) == []


def test_whoever_looks_too_often_is_hinted_nothing_and_may_send(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hints, "looks", Pace("near", most=1, per_s=600))
    filed(town)
    assert shown(preview())
    way = preview()
    assert shown(way) == []
    assert way.send().status_code == 302


def test_the_look_is_two_queries(town: Town) -> None:
    filed(town)
    spot = near.Spot(town.grid.path, (108.52, 25.93))
    with CaptureQueriesContext(connection) as asked:
        assert len(near.alike("five-orders", spot, "01", timezone.now())) == 1
    assert len(asked) == 2


# --- following


def followed(town: Town) -> tuple[Order, Client, str]:
    order = filed(town)
    way = preview()
    token = re.search(r'name="follow" value="(\w+)"', html(way.last))[1]
    answer = way.press("/file/send", None, follow=token)
    assert answer.status_code == 302
    return order, way.client, answer["Location"]


def test_following_files_nothing_and_keeps_nobody(town: Town) -> None:
    order, _, address = followed(town)
    assert list(Order.objects.all()) == [order]
    row = Follow.objects.get()
    assert (row.order, row.person) == (order, None)
    assert address.rpartition("/")[2] not in row.secret
    assert Event.objects.filter(order=order).count() == 1


def test_a_follower_sees_states_and_no_word(town: Town) -> None:
    order, client, address = followed(town)
    for verb, name, given in (
        ("dispatch", "desk", {"unit": str(town.unit.pk)}), ("keep", "clerk", {}),
        ("comment", "clerk", {"text": "明天带梯子来"}),
        ("handle", "clerk", {"outcome": "solved", "text": "换了灯泡"}),
    ):  # fmt: skip
        actions.step(order.number, verb, town[name], given)
    page = html(client.get(address))
    for told in ("说是办完了，等提的人看过", "有单位接下了，正在办", "路灯照明"):
        assert told in page
    for word in (
        "李阿姨",
        SECRET_WORDS["phone"],
        order.number,
        "梯子",
        "灯泡",
        "clerk",
        "供电所",
        HERE,
    ):
        assert word not in page
    assert "noindex" in client.get(address)["X-Robots-Tag"]
    secret = address.rpartition("/")[2]
    assert client.get(f"/o/{secret}").status_code == 404  # it is no link of an asker


def test_following_goes_along_with_a_merge(town: Town) -> None:
    order, client, address = followed(town)
    other = filed(town, text="另一件")
    actions.step(order.number, "merge", town["desk"], {"into": other.number})
    actions.step(other.number, "dispatch", town["desk"], {"unit": str(town.unit.pk)})
    page = html(client.get(address))
    assert "已经交出去，等对方接手" in page
    assert other.number not in page
    assert "另一件" not in page


def test_a_kind_that_became_private_is_told_no_more(town: Town) -> None:
    order, client, address = followed(town)
    Order.objects.filter(pk=order.pk).update(category="0502")
    page = html(client.get(address))
    assert "邻里纠纷" not in page
    assert "还没有分类" in page


def test_letting_go_and_taking_up_again(town: Town) -> None:
    order, client, address = followed(town)
    assert follows.many(order.pk) == 1
    client.post(address)
    assert follows.many(order.pk) == 0
    assert "已经不再跟着看" in html(client.get(address))
    client.post(address)
    assert follows.many(order.pk) == 1


def test_pressed_five_times_it_follows_once(town: Town) -> None:
    filed(town)
    way = preview()
    draft = re.search(r'name="draft" value="([^"]+)"', html(way.last))[1]
    token = re.search(r'name="follow" value="(\w+)"', html(way.last))[1]
    sent = [way.client.post("/file/send", {"draft": draft, "follow": token}) for _ in range(5)]
    assert len({answer["Location"] for answer in sent}) == 1
    assert Follow.objects.count() == 1


@pytest.mark.parametrize("token", ["", "0" * 32, "<script>", "' OR 1=1"])
def test_only_what_was_hinted_can_be_followed(town: Town, token: str) -> None:
    order = filed(town)
    way = preview()
    for value in (token, order.pk.hex, order.number):
        answer = way.press("/file/send", None, follow=value)
        assert answer.status_code == 409
        assert "那一件已经不在了" in html(answer)
        assert "楼道灯坏了三天" in html(answer)
    assert not Follow.objects.exists()


def test_a_token_is_of_no_use_in_another_draft(town: Town) -> None:
    filed(town)
    first, second = preview(), preview()
    token = re.search(r'name="follow" value="(\w+)"', html(first.last))[1]
    assert second.press("/file/send", None, follow=token).status_code == 409


def test_who_is_signed_in_finds_what_they_follow_and_nobody_elses(town: Town) -> None:
    order, _, _ = followed(town)
    follows.follow(order.pk.hex, "draft", str(town.people["resident"].pk), timezone.now())
    mine = as_(town, "resident")
    page = html(mine.get("/track"))
    assert "我跟着看的" in page
    row = Follow.objects.get(person=town.people["resident"])
    assert as_(town, "neighbour").post(f"/follows/{row.pk}/end").status_code == 302
    assert follows.many(order.pk) == 2
    mine.post(f"/follows/{row.pk}/end")
    assert follows.many(order.pk) == 1
    assert Client().post(f"/follows/{row.pk}/end")["Location"].startswith("/login")


def test_a_link_that_follows_nothing_leads_on(db: None) -> None:
    answer = Client().get("/f/nobody-has-this")
    assert answer.status_code == 404
    assert 'href="/file"' in html(answer)


# --- the desk's side


def test_the_desk_is_offered_what_is_near_and_alike(town: Town) -> None:
    mine, twin = filed(town), filed(town, text="灯又不亮")
    filed(town, "0201", address="别处")
    form = html(as_(town, "desk").get(f"/orders/{mine.number}/merge"))
    offered = re.findall(r'name="into" value="([\w-]+)"', form)
    assert offered == [twin.number]
    assert "就在这栋楼，路灯照明，今天提的 · 待派单 · 灯又不亮" in form


def test_the_desk_finds_any_other_by_its_number(town: Town) -> None:
    mine, other = filed(town), filed(town, "0201", address="别处")
    desk = as_(town, "desk")
    found = desk.post(
        f"/orders/{mine.number}/merge", {"_q_into": other.number.lower(), "_find": "into"}
    )
    assert re.findall(r'name="into" value="([\w-]+)"', html(found)) == [other.number]
    desk.post(f"/orders/{mine.number}/merge", {"into": other.number, "_go": "1"})
    assert Order.objects.get(pk=mine.pk).state == "merged"


def test_a_struck_one_is_offered_and_opens_again(town: Town) -> None:
    old, mine = filed(town), filed(town)
    for verb, name, given in (
        ("dispatch", "desk", {"unit": str(town.unit.pk)}), ("keep", "clerk", {}),
        ("handle", "clerk", {"outcome": "solved", "text": "好了"}),
        ("rate", "neighbour", {"rating": 5}), ("call_back", "desk", {"callback": "solved"}),
        ("strike_off", "desk", {}),
    ):  # fmt: skip
        actions.step(old.number, verb, town[name], given)
    desk = as_(town, "desk")
    assert old.number in html(desk.get(f"/orders/{mine.number}/merge"))
    desk.post(f"/orders/{mine.number}/merge", {"into": old.number, "_go": "1"})
    assert Order.objects.get(pk=old.pk).state == "filed"
    form = html(desk.get(f"/orders/{mine.number}/unmerge"))
    own = dict(re.findall(r'name="(_\w+)" value="([^"]*)"', form))
    desk.post(f"/orders/{mine.number}/unmerge", own | {"reason": "不是一件事", "_go": "1"})
    assert Order.objects.get(pk=mine.pk).state == "filed"
    assert "并错的一单分出去了" in html(desk.get(f"/orders/{old.number}"))


def test_nothing_out_of_sight_is_offered(town: Town) -> None:
    mine = filed(town)
    filed(town, "0101", matter="complain", text="供电所的人态度不好")
    hidden = filed(town, "0101")
    actions.step(hidden.number, "establish", town["desk"], {"against": [str(town.unit.pk)]})
    form = html(as_(town, "desk").get(f"/orders/{mine.number}/merge"))
    assert hidden.number in form  # the desk's own to see
    assert near.mergeable(mine, town["clerk"], timezone.now()) == []
