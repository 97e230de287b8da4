"""The story of an order over HTTP: everybody with their own token, and one without any."""

import io

import pytest
from api_client import Caller, code
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image
from town import COMMUNITY, COUNTY, GRID, settled

from lianxin.orders.models import Order, Photo
from lianxin.web.api import pace

LAMP = {"text": "三栋路灯不亮 𠮷"}


@pytest.fixture
def town(request):
    with settled(request) as town:
        yield town


@pytest.fixture
def call(town):
    """`call("desk")`: that person with a token; `call()`: a passer-by."""
    return lambda name=None, **headers: Caller(town.token(name) if name else None, **headers)


def filed(caller, town, **more):
    body = {"answers": LAMP, "place": {"path": GRID}} | more
    answer = caller.post("/orders", body)
    assert answer.status_code == 201, answer.content.decode()
    return answer.json()


def jpeg(side=8, **more):
    out = io.BytesIO()
    Image.new("RGB", (side, side), "red").save(out, "JPEG", **more)
    return out.getvalue()


def send(caller, data, name="a.jpg"):
    upload = io.BytesIO(data)
    upload.name = name
    return caller.client.post("/api/v1/photos", {"photo": upload})


def test_one_order_all_the_way_round(call, town):
    resident, desk, clerk = call("resident"), call("desk"), call("clerk")
    number = filed(resident, town)["number"]
    steps = {s["step"]: s for s in desk.get(f"/orders/{number}").json()["steps"]}
    assert steps["dispatch"]["main"]
    assert steps["dispatch"]["answers"]["required"] == ["unit"]
    desk.step(number, "dispatch", unit="U")
    clerk.step(number, "accept", seats=2)
    for name in ("m1", "m2"):
        assert code(call(name).step(number, "grab")) == "200"
    assert code(call("m3").step(number, "grab")) == "too_late"
    call("m1").step(number, "handle", outcome="solved", text="已更换灯泡")
    resident.step(number, "rate", rating=5)
    desk.step(number, "call_back", callback="solved")
    done = desk.step(number, "strike_off").json()
    assert (done["state"], done["nth"]) == ("struck", 9)
    told = resident.get(f"/orders/{number}/events").json()
    assert [e["step"] for e in told] == [
        "strike_off", "call_back", "rate", "handle", "grab", "grab", "accept", "dispatch", "file",
    ]  # fmt: skip
    assert {line["name"]: line["value"] for line in told[-1]["answers"]}["text"] == LAMP["text"]


def test_an_order_shows_whose_turn_and_what_it_may_ask(call, town):
    number = filed(call("resident"), town)["number"]
    row = call("desk").get(f"/orders/{number}").json()
    assert (row["state"], row["turn"], row["words"]["zh"]) == ("filed", "desk", "待派单")
    assert row["clocks"][0]["due"] and not row["clocks"][0]["late"]
    assert {"text"} <= {f["name"] for f in row["fields"]}
    own = call("resident").get(f"/orders/{number}").json()
    assert "withdraw" in {s["step"] for s in own["steps"]}
    assert "dispatch" not in {s["step"] for s in own["steps"]}
    assert call("leader").get(f"/orders/{number}").json()["steps"] == []


def test_a_press_can_be_taken_back(call, town):
    number = filed(call("resident"), town)["number"]
    desk = call("desk")
    desk.step(number, "dispatch", unit="U")
    assert desk.post(f"/orders/{number}/undo").json()["state"] == "filed"
    assert code(call("clerk").get(f"/orders/{number}")) == "not_found"


# ── without an account


def test_a_passer_by_files_and_follows_by_a_link(call, town):
    done = filed(call(), town)
    bearer = Caller(done["link"])
    assert bearer.get("/me").json()["order"] == done["number"]
    assert [o["number"] for o in bearer.get("/orders").json()["items"]] == [done["number"]]
    assert code(bearer.step(done["number"], "withdraw")) == "200"
    other = filed(call("resident"), town)["number"]
    assert code(bearer.get(f"/orders/{other}")) == "not_found"
    assert filed(call("resident"), town)["link"] is None


def test_a_passer_by_needs_a_place_and_a_good_key(call, town):
    body = {"answers": LAMP}
    assert code(call().post("/orders", body)) == "missing"
    assert code(call().post("/orders", body | {"place": {"path": GRID}}, key="1")) == "bad_key"


def test_a_flood_is_slowed_and_told_for_how_long(call, town, monkeypatch):
    monkeypatch.setattr(pace.filings, "most", 2)
    filed(call(), town)
    filed(call(), town)
    answer = call().post("/orders", {"answers": LAMP, "place": {"path": GRID}})
    assert code(answer) == "slow_down"
    assert 0 < int(answer["Retry-After"]) <= 600
    filed(call("resident"), town)


# ── lists


def test_a_list_is_read_under_one_grant_page_by_page(call, town):
    numbers = [filed(call("resident"), town)["number"] for _ in range(3)]
    desk = call("desk")
    first = desk.get("/orders", limit=2).json()
    assert [o["number"] for o in first["items"]] == numbers[:0:-1]
    rest = desk.get("/orders", limit=2, after=first["after"]).json()
    assert ([o["number"] for o in rest["items"]], rest["after"]) == (numbers[:1], None)
    assert [o["number"] for o in call("resident").get("/orders").json()["items"]] == numbers[::-1]
    assert call("neighbour").get("/orders").json()["items"] == []
    assert call("stranger").get("/orders").json()["items"] == []


def test_a_list_is_narrowed(call, town):
    number = filed(call("resident"), town)["number"]
    desk, clerk = call("desk"), call("clerk")

    def found(by=desk, **query):
        return [o["number"] for o in by.get("/orders", **query).json()["items"]]

    for query in ({"turn": "mine"}, {"state": "filed"}, {"path": COMMUNITY}, {"open": "true"}):
        assert found(**query) == [number], query
    for query in ({"flow": "whistle"}, {"open": "false"}, {"path": "99"}, {"category": "01"}):
        assert found(**query) == [], query
    desk.step(number, "dispatch", unit="U", category="0101")
    assert found(category="01") == [number]
    assert found(turn="mine") == []
    assert found(by=clerk, turn="mine") == [number]


def test_somebody_with_two_posts_chooses_one(call, town):
    desk = call("desk")
    names = [g["as"] for g in desk.get("/me").json()["grants"]]
    assert names == [f"desk@{COMMUNITY}"]
    filed(desk, town)
    assert len(desk.get("/orders", **{"as": "me"}).json()["items"]) == 1
    assert code(desk.get("/orders", **{"as": f"supervisor@{COUNTY}"})) == "not_your_grant"


def test_a_token_and_a_list_cost_few_queries(call, town):
    filed(call("resident"), town)
    desk = call("desk")
    desk.get("/orders")
    with CaptureQueriesContext(connection) as asked:
        desk.get("/orders")
    assert len(asked) == 2, [q["sql"][:80] for q in asked]


# ── places


@pytest.mark.parametrize("by", ["id", "path", "grid_code", "door", "answers"])
def test_a_place_is_named_in_many_ways(call, town, by):
    from lianxin.registry.models import Building, Door

    town.grid.grid_code = "G522601001001001"
    town.grid.save(update_fields=["grid_code"])
    door = Door.objects.create(building=Building.objects.create(name="3栋"), area=town.grid)
    place = {"id": town.grid.pk, "path": GRID, "grid_code": town.grid.grid_code, "door": door.code}
    if by == "answers":
        body = {"answers": LAMP | {"place": str(town.grid.pk)}, "place": None}
    else:
        body = {"place": {by: place[by]}}
    done = filed(call("resident"), town, **body)
    assert Order.objects.get(number=done["number"]).path == GRID


def test_a_point_is_found_in_its_grid(call, town):
    from datetime import date

    from django.utils import timezone

    from lianxin.registry import actions

    ring = [[109.2, 26.3], [109.3, 26.3], [109.3, 26.4], [109.2, 26.4], [109.2, 26.3]]
    drawn = {town.grid.pk: {"type": "Polygon", "coordinates": [ring]}}
    actions.publish_boundaries(
        actions.Stamp(None, timezone.now()), COUNTY, "2020", date(2020, 1, 1), drawn
    )
    assert [a["path"] for a in call().get("/places", lon=109.25, lat=26.35).json()] == [GRID]
    done = filed(call("resident"), town, place={"point": [109.25, 26.35]})
    assert Order.objects.get(number=done["number"]).path == GRID
    far = {"answers": LAMP, "place": {"point": [1, 1]}}
    assert code(call("resident").post("/orders", far)) == "outside"


# ── photos


def test_a_photo_is_seen_with_its_order_and_by_nobody_else(call, town, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    resident = call("resident")
    sent = send(resident, jpeg(exif=b"Exif\0\0secret")).json()
    assert code(call("desk").get(f"/photos/{sent['id']}")) == "no_photo"
    assert resident.get(f"/photos/{sent['id']}").status_code == 200
    filed(resident, town, answers=LAMP | {"photo": [sent["id"]]})
    shown = call("desk").get(f"/photos/{sent['id']}")
    data = b"".join(shown.streaming_content)
    assert (shown["Content-Type"], data[:2]) == ("image/jpeg", b"\xff\xd8")
    assert b"secret" not in data
    assert code(call("stranger").get(f"/photos/{sent['id']}")) == "no_photo"
    body = {"answers": LAMP | {"photo": [sent["id"]]}, "place": {"path": GRID}}
    again = call("neighbour").post("/orders", body)
    assert code(again) == "unknown", "a guessed id brings nobody else's photo to light"


def test_pages_and_programs_agree_on_every_photo(call, town, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    resident = call("resident")
    sent = send(resident, jpeg()).json()["id"]
    filed(resident, town, answers=LAMP | {"photo": [sent]})

    def seen(name):
        page = Client()
        page.force_login(town.people[name])
        answers = (page.get(f"/photos/{sent}"), call(name).get(f"/photos/{sent}"))
        found = {answer.status_code for answer in answers}
        assert len(found) == 1, name
        return found.pop()

    names = ("resident", "desk", "neighbour", "other_clerk")
    assert [seen(n) for n in names] == [200, 200, 404, 404]
    Photo.objects.update(public=True)
    assert {seen(n) for n in names} == {200}
    for file in tmp_path.rglob("*.jpg"):
        file.unlink()
    assert {seen(n) for n in names} == {404}, "a file lost from the disk is not our mistake"


def test_what_is_not_a_photo_is_refused(call, town, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    assert code(send(call("resident"), b"GIF89a not really")) == "not_a_photo"
    assert code(call("resident").post("/photos", {})) == "bad_request"
    assert Photo.objects.count() == 0


# ── what there is


def test_a_demo_says_so_in_every_answer(call, town, settings, tmp_path):
    settings.MEDIA_ROOT, settings.VAR = tmp_path / "photos", tmp_path
    desk = call("desk")
    photo = send(desk, jpeg()).json()["id"]
    number = filed(call("resident"), town)["number"]
    order, image = f"/orders/{number}", f"/photos/{photo}"
    reads = ("/me", "/orders", order, f"{order}/events", image, "/flows", "/places", "/problems")
    reads += ("/openapi.json", "/orders/none", "/nonsense")

    def said():
        answers = [desk.get(address) for address in reads]
        answers += [desk.step(number, "dispatch"), call().get("/orders"), call().post("/me")]
        return {answer.headers.get("Lianxin-Demo") for answer in answers}

    assert said() == {None}
    (tmp_path / "demo").touch()
    assert said() == {"1"}
    for operation in desk.get("/openapi.json").json()["paths"].values():
        for answers in (op["responses"] for op in operation.values()):
            assert all("Lianxin-Demo" in answer["headers"] for answer in answers.values())


def test_flows_say_what_they_ask(call, town):
    names = {f["flow"] for f in call().get("/flows").json()}
    assert {"five-orders", "whistle"} <= names
    page = call().get("/flows/five-orders").json()
    file = next(s for s in page["steps"] if s["step"] == "file")
    assert file["answers"]["required"] == ["place", "text"]
    assert "pass_up" in {s["step"] for s in page["steps"]}
    assert "unrated" not in {s["step"] for s in page["steps"]}, "the clock's own"
    assert code(call().get("/flows/nonsense")) == "unknown_flow"
    assert code(call().get("/flows/five-orders", on="1999-01-01")) == "unknown_flow"


def test_categories_and_codes_are_open(call, town):
    assert "0101" in {c["code"] for c in call().get("/categories").json()["categories"]}
    assert "too_late" in {p["code"] for p in call().get("/problems").json()}
    assert call().get("/places", q="5226010").json()[0]["path"] == "522601001"
