"""Photos on their pages: painted over without JavaScript, seen by whom, before beside after."""

import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from api_client import Caller, code
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from faces import dark, filed, handled, link_to, point, scene, taken
from filing import Filing
from town import Town, settled
from web_town import as_

from lianxin.core.step.who import Who
from lianxin.orders import actions, photos, recount
from lianxin.orders.models import Event, Look, Photo


@pytest.fixture
def town(request: pytest.FixtureRequest) -> Iterator[Town]:
    with settled(request) as town:
        yield town


def face(answer: Any) -> tuple[int, ...]:
    """The point in the middle of the face, in a picture of any size."""
    data = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return point(data)


def paint(client: Client, address: str, **more: Any) -> Any:
    said = {"do": "paint", "cover": "300,220,200,240", "why": "face", "_key": "k" * 20}
    return client.post(address, said | more)


def html(answer: Any) -> str:
    return str(answer.content.decode())


# ── what everybody sees ──────────────────────────────────────────────────────────────────────────


def test_everybody_sees_it_painted_at_once_in_every_size(town: Town) -> None:
    number, id = filed(town)
    secret = link_to(number)
    seen = {
        "clerk": (as_(town, "clerk"), f"/photos/{id}"),
        "resident": (as_(town, "resident"), f"/photos/{id}"),
        "link": (Client(), f"/o/{secret}/photos/{id}"),
        "desk": (as_(town, "desk"), f"/photos/{id}"),
    }
    for client, address in seen.values():
        assert not dark(face(client.get(f"{address}?w=320")))
    assert paint(as_(town, "desk"), f"/photos/{id}/paint").status_code == 302
    for name, (client, address) in seen.items():
        for width in ("", "?w=320", "?w=960"):
            assert dark(face(client.get(address + width))), (name, width)


def test_a_browser_asks_each_time_and_is_told_when_it_has_changed(town: Town) -> None:
    _, id = filed(town)
    client = as_(town, "clerk")
    first = client.get(f"/photos/{id}?w=320")
    assert first["Cache-Control"] == "private, no-cache"
    known = {"HTTP_IF_NONE_MATCH": first["ETag"]}
    assert client.get(f"/photos/{id}?w=320", **known).status_code == 304
    paint(as_(town, "desk"), f"/photos/{id}/paint")
    again = client.get(f"/photos/{id}?w=320", **known)
    assert again.status_code == 200 and dark(face(again)) and again["ETag"] != first["ETag"]


def test_programs_paint_and_see_it_painted(town: Town) -> None:
    number, id = filed(town)
    desk, clerk = Caller(town.token("desk")), Caller(town.token("clerk"))
    before = clerk.get(f"/photos/{id}")
    said = {"picture": id, "covers": [[300, 220, 200, 240]], "reason": "有人脸"}
    done = desk.post(f"/orders/{number}/steps/paint", {"answers": said})
    assert done.status_code == 200, done.content
    known = {"If-None-Match": before["ETag"]}
    shown = clerk.client.get(f"/api/v1/photos/{id}", headers=known)
    assert shown["Cache-Control"] == "private, no-cache"
    assert dark(face(shown))
    assert code(clerk.post(f"/photos/{id}/original")) == "no_original"
    original = desk.post(f"/photos/{id}/original")
    assert (original.status_code, original["Cache-Control"]) == (200, "private, no-store")
    assert not dark(face(original))
    assert Look.objects.get(what="picture").order.number == number
    bad = {"answers": said | {"covers": [[0, 0, -1, 5]]}}
    assert code(desk.post(f"/orders/{number}/steps/paint", bad)) == "not_a_cover"
    told = clerk.get(f"/orders/{number}/events").json()[0]
    assert [line["name"] for line in told["answers"]] == ["picture", "covers", "reason"]


# ── without JavaScript ───────────────────────────────────────────────────────────────────────────


def covers(answer: Any) -> list[str]:
    return re.findall(r'name="cover" value="([^"]+)"', html(answer))


def test_two_taps_make_a_part_and_one_step_back_takes_it_away(town: Town) -> None:
    _, id = filed(town)
    client, address = as_(town, "desk"), f"/photos/{id}/paint"
    first = client.post(address, {"tap.x": "120", "tap.y": "110"})
    assert 'name="corner" value="480,440"' in html(first) and covers(first) == []
    second = client.post(address, {"corner": "480,440", "tap.x": "80", "tap.y": "60"})
    assert covers(second) == ["320,240,160,200"] and "corner" not in covers(second)
    assert 'x="320" y="240" width="160" height="200"' in html(second)
    third = client.post(address, {"cover": covers(second), "tap.x": "1", "tap.y": "1"})
    assert covers(
        client.post(address, {"cover": covers(third), "corner": "4,4", "do": "undo"})
    ) == covers(second)
    assert covers(client.post(address, {"cover": covers(second), "do": "undo"})) == []
    assert not Event.objects.filter(verb="paint").exists()


def test_a_part_is_given_in_per_cent_by_keyboard_alone_and_dropped(town: Town) -> None:
    _, id = filed(town)
    client, address = as_(town, "desk"), f"/photos/{id}/paint"
    sides = {"left": "25", "top": "25", "width": "50", "height": "100"}
    one = client.post(address, {"do": "add", **sides})
    assert covers(one) == ["320,240,640,720"], "cut at the edge"
    assert covers(client.post(address, {"do": "add", **sides, "width": "999"})) == []
    two = client.post(address, {"do": "add", **sides, "left": "0", "cover": covers(one)})
    assert covers(client.post(address, {"do": "drop:0", "cover": covers(two)})) == covers(two)[1:]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"cover": ""}, "还没有画要遮的地方"),
        ({"cover": "nonsense"}, "还没有画要遮的地方"),
        ({"cover": "1280,0,5,5"}, "还没有画要遮的地方"),
        ({"cover": "-1,-1,5,5"}, "还没有画要遮的地方"),
        ({"cover": "NaN,0,1,1"}, "还没有画要遮的地方"),
        ({"cover": "9" * 5000}, "还没有画要遮的地方"),
        ({"why": "", "reason": " "}, "请选一下为什么遮"),
        ({"why": "nothing of ours"}, "请选一下为什么遮"),
        ({"cover": [f"{n},1,5,5" for n in range(900)]}, "遮的地方太多了"),
    ],
)
def test_what_cannot_be_painted_is_said_and_the_drawing_stays(
    town: Town, said: dict[str, Any], told: str
) -> None:
    _, id = filed(town)
    answer = paint(as_(town, "desk"), f"/photos/{id}/paint", **said)
    assert answer.status_code == 422 and told in html(answer)
    assert Photo.objects.get().covers == []


def test_pressed_twice_it_is_painted_once(town: Town) -> None:
    _, id = filed(town)
    client = as_(town, "desk")
    for _ in range(3):
        assert paint(client, f"/photos/{id}/paint").status_code == 302
    assert Event.objects.filter(verb="paint").count() == 1
    assert len(Photo.objects.get().covers) == 1


def test_the_asker_paints_their_own_by_their_link_and_no_other(town: Town) -> None:
    number, id = filed(town)
    secret = link_to(number)
    asker = Client()
    page = asker.get(f"/o/{secret}/photos/{id}/view")
    assert "遮盖一部分" in html(page) and "看原照片" not in html(page)
    assert page["Cache-Control"].count("no-store")
    theirs = taken(town, "clerk")
    actions.step(number, "photo", town["clerk"], {"photo": [theirs]})
    assert paint(asker, f"/o/{secret}/photos/{theirs}/paint").status_code == 403


def test_what_somebody_filed_without_account_is_painted_by_their_link(town: Town) -> None:
    id = taken(town, None)
    given = {"text": "路口违停", "photo": [id]}
    number = actions.file("five-orders", "file", Who(""), given, area=town.grid).number
    secret, asker = link_to(number), Client()
    answer = paint(asker, f"/o/{secret}/photos/{id}/paint")
    assert answer.headers["Location"] == f"/o/{secret}/photos/{id}/view"
    assert dark(face(asker.get(f"/o/{secret}/photos/{id}")))
    assert "您遮住了照片上的一部分" in html(asker.get(f"/o/{secret}"))
    other = link_to(filed(town)[0])
    for tail in ("", "/view", "/paint"):
        assert asker.get(f"/o/{other}/photos/{id}{tail}").status_code == 404


# ── refusals ─────────────────────────────────────────────────────────────────────────────────────

NOBODY = "00000000-0000-7000-8000-000000000000"
REFUSED = [
    # who, method, address, status
    ("clerk", "get", "/photos/{id}/paint", 403),
    ("clerk", "paint", "/photos/{id}/paint", 403),
    ("m1", "paint", "/photos/{id}/paint", 404),
    ("leader", "paint", "/photos/{id}/paint", 403),
    ("neighbour", "paint", "/photos/{id}/paint", 404),
    ("stranger", "paint", "/photos/{id}/paint", 404),
    ("stranger", "get", "/photos/{id}/view", 404),
    ("desk", "paint", f"/photos/{NOBODY}/paint", 404),
    ("desk", "get", f"/photos/{NOBODY}/view", 404),
    ("clerk", "get", "/photos/{id}/original", 403),
    ("clerk", "post", "/photos/{id}/original", 403),
    ("resident", "post", "/photos/{id}/original", 403),
    ("worker", "post", "/photos/{id}/original", 403),
    ("leader", "post", "/photos/{id}/original", 403),
    ("neighbour", "post", "/photos/{id}/original", 404),
    ("stranger", "post", "/photos/{id}/original", 404),
    (None, "post", "/photos/{id}/original", 302),
    (None, "get", "/photos/{id}/view", 404),
    (None, "paint", "/photos/{id}/paint", 404),
]


@pytest.mark.parametrize(("name", "how", "address", "status"), REFUSED)
def test_refused(town: Town, name: str | None, how: str, address: str, status: int) -> None:
    _, id = filed(town)
    paint(as_(town, "desk"), f"/photos/{id}/paint")
    client, address = as_(town, name) if name else Client(), address.format(id=id)
    if how == "paint":
        answer = paint(client, address, _key="other" * 4)
    else:
        answer = getattr(client, how)(address)
    assert answer.status_code == status
    assert not Look.objects.exists() and Photo.objects.get().covers == [[300, 220, 200, 240]]


def test_the_original_is_asked_for_first_shown_once_and_kept_by_nobody(town: Town) -> None:
    number, id = filed(town)
    desk, address = as_(town, "desk"), f"/photos/{id}/original"
    assert "没有遮盖过" in html(desk.get(address)) and desk.get(address).status_code == 404
    paint(desk, f"/photos/{id}/paint")
    asked = desk.get(address)
    assert "审计能看到" in html(asked) and "data:image" not in html(asked)
    assert not Look.objects.exists()
    shown = desk.post(address)
    assert 'src="data:image/jpeg;base64,' in html(shown) and "no-store" in shown["Cache-Control"]
    assert Look.objects.filter(what="picture", order__number=number).count() == 1
    listed = html(as_(town, "auditor").get("/looks?what=picture"))
    assert "查看原照片" in listed and number in listed and ">desk<" in listed


def test_uncovering_is_for_who_may_see_the_original(town: Town) -> None:
    _, id = filed(town)
    desk, address = as_(town, "desk"), f"/photos/{id}/paint"
    paint(desk, address)
    assert "左侧居中" in html(desk.get(address))
    assert "揭开" not in html(as_(town, "resident").get(address))
    said = {"do": "uncover", "off": "300,220,200,240", "reason_off": "遮错了"}
    assert desk.post(address, said | {"off": ""}).status_code == 422
    assert desk.post(address, said | {"reason_off": ""}).status_code == 422
    assert desk.post(address, said).status_code == 302
    assert desk.post(address, said | {"off": "1,1,1,1"}).status_code in (200, 409, 422)
    photo = Photo.objects.get(pk=UUID(id))
    assert photo.covers == [] and photo.sha256 == photo.original
    assert recount.verify().broken == 0


def test_a_photo_that_was_erased_is_painted_by_nobody(town: Town) -> None:
    number, id = filed(town)
    actions.step(number, "redact", town["desk"], {"entry": 1, "reason": "含他人"})
    for tail in ("view", "paint", "original"):
        assert as_(town, "desk").get(f"/photos/{id}/{tail}").status_code == 404


# ── before and after ─────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("before", [True, False], ids=["taken", "the asker's"])
def test_before_and_after_hang_beside_each_other(town: Town, before: bool) -> None:
    number, first, after = handled(town, before)
    secret = link_to(number)
    pages = (
        html(as_(town, "desk").get(f"/orders/{number}")), html(Client().get(f"/o/{secret}")),
        html(as_(town, "desk").get(f"/photos/{first}/view")),
        html(Client().get(f"/o/{secret}/photos/{after}/view")),
    )  # fmt: skip
    for page in pages:
        pair = page[page.index('class="galleries pair"') :]
        told = re.findall(r"<figcaption>([^<]+)", pair)[:2]
        hung = re.findall(r'<img src="[^"]*/photos/([0-9a-f-]{36})', pair)[:2]
        alts = re.findall(r'alt="(处置[前后])，第 1 张，[^"]+"', pair)[:2]
        assert told == alts == ["处置前", "处置后"] and hung == [first, after]


def test_one_photo_alone_is_no_pair(town: Town) -> None:
    number, _ = filed(town)
    assert 'class="galleries pair"' not in html(as_(town, "desk").get(f"/orders/{number}"))


# ── before it is sent ────────────────────────────────────────────────────────────────────────────


def sent_along() -> Any:
    return SimpleUploadedFile("a.jpg", scene(), "image/jpeg")


def test_a_photo_is_painted_before_it_is_sent_and_nothing_of_it_is_kept(
    town: Town, django_capture_on_commit_callbacks: Any
) -> None:
    way = Filing("/file")
    way.press("/file", None, text="门口有人堵车", photo=sent_along())
    photo = Photo.objects.get()
    before = photo.sha256
    drawn = way.press("/file/paint", None, text="门口有人堵车，还没走", paint=str(photo.pk))
    assert "还没有发出" in html(drawn) and "为什么遮" not in html(drawn)
    picture = re.search(r'src="(/file/photo/[^"]+)"', html(drawn))[1]
    assert not dark(face(way.client.get(picture)))
    part = {"paint": str(photo.pk), "cover": "300,220,200,240"}
    with django_capture_on_commit_callbacks(execute=True):
        done = way.press("/file/paint", None, do="paint", **part)
    assert "已遮盖" in html(done) and "门口有人堵车，还没走" in html(done)
    assert way.client.get(picture)["Cache-Control"] == "private, no-cache"
    assert dark(face(way.client.get(picture)))
    photo.refresh_from_db()
    assert photo.original == "" and not photos.path_of(before).exists()


def test_nobody_paints_on_a_photo_that_is_not_in_their_draft(town: Town) -> None:
    theirs = taken(town, "neighbour")
    way = Filing("/file")
    way.press("/file", None, text="门口有人堵车", photo=sent_along())
    mine = Photo.objects.exclude(pk=theirs).get()
    for id in (theirs, "nonsense", "", NOBODY):
        answer = way.press("/file/paint", None, do="paint", paint=id, cover="1,1,9,9")
        assert answer.status_code == 200 and 'name="text"' in html(answer)
    assert way.press("/file/paint", None, do="paint", paint=str(mine.pk)).status_code == 422
    assert way.client.get("/file/paint").status_code == 302
    assert {p.sha256 for p in Photo.objects.all()} == {mine.sha256}
