"""What stands around every page: switches, login, errors, drawings, contrast."""

import re
from http.cookies import SimpleCookie
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.urls import path

from lianxin.core.step.who import Grant, Who
from lianxin.web import access, errors, look, nav
from lianxin.web import urls as web_urls

WEB = Path(nav.__file__).resolve().parent
PASSWORD = "lantern-rain-42"


@access.access("anyone")
def breaks(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("a lamp fell over")


urlpatterns = [*web_urls.urlpatterns, path("breaks", breaks), path("look", look.look)]
handler404, handler500 = errors.missing, errors.broken
pytestmark = pytest.mark.urls(__name__)


@pytest.fixture
def person(db: None) -> object:
    return get_user_model().objects.create_user("lixue", PASSWORD, name="李雪", language="en")


def sign_in(client: Client, password: str, **more: str) -> HttpResponse:
    return client.post("/login", {"username": "lixue", "password": password, **more})


# --- language, theme, type size


def test_chinese_until_the_reader_says_otherwise(client: Client) -> None:
    page = client.get("/", headers={"accept-language": "en-US,en"})
    assert '<html lang="zh-CN">' in page.content.decode()
    assert "反映问题" in page.content.decode()
    client.cookies["language"] = "en"
    page = client.get("/")
    assert "Report a problem" in page.content.decode()
    assert page["Content-Language"] == "en"


@pytest.mark.parametrize(
    ("sent", "kept", "to"),
    [
        ({"language": "en", "next": "/look?wrong"}, {"language": "en"}, "/look?wrong"),
        ({"theme": "dark", "type": "large"}, {"theme": "dark", "type": "large"}, "/"),
        ({"theme": "pink", "next": "https://elsewhere.example/"}, {}, "/"),
        ({"type": "large", "next": "//elsewhere.example"}, {"type": "large"}, "/"),
    ],
)
def test_a_switch_is_kept_and_leads_back(
    client: Client, sent: dict[str, str], kept: dict[str, str], to: str
) -> None:
    answer = client.post("/switch", sent)
    assert answer["Location"] == to
    assert {name: cookie.value for name, cookie in answer.cookies.items()} == kept


def test_a_switch_is_never_pressed_by_a_link(client: Client) -> None:
    assert client.get("/switch?theme=dark").status_code == 405


@pytest.mark.parametrize(
    ("theme", "sheet"),
    [
        ("auto", 'dark.css" media="(prefers-color-scheme: dark)"'),
        ("dark", 'dark.css" media="all"'),
        ("light", None),
        ("pink", 'dark.css" media="(prefers-color-scheme: dark)"'),
    ],
)
def test_the_dark_sheet_follows_the_choice(client: Client, theme: str, sheet: str | None) -> None:
    client.cookies = SimpleCookie({"theme": theme, "type": "large"})
    page = client.get("/").content.decode()
    assert 'data-type="large"' in page
    assert sheet in page if sheet else "dark.css" not in page


# --- coming in


def test_signing_in_leads_on_and_brings_the_persons_language(
    client: Client, person: object
) -> None:
    answer = sign_in(client, PASSWORD, next="/look")
    assert (answer.status_code, answer["Location"]) == (302, "/look")
    assert answer.cookies["language"].value == "en"
    assert "Sign out" in client.get("/look").content.decode()
    assert client.post("/logout")["Location"] == "/"
    assert "Sign out" not in client.get("/look").content.decode()


@pytest.mark.usefixtures("person")
def test_a_wrong_password_names_nobody(client: Client) -> None:
    wrong = sign_in(client, "no").content.decode()
    unknown = client.post("/login", {"username": "nobody", "password": "no"})
    assert unknown.status_code == 422
    sentence = "用户名或密码不对"
    assert sentence in wrong
    assert sentence in unknown.content.decode()


@pytest.mark.usefixtures("person")
def test_guessing_ends_at_a_page_that_says_what_to_do(client: Client, settings: object) -> None:
    for _ in range(settings.AXES_FAILURE_LIMIT):
        last = sign_in(client, "guess")
    assert last.status_code == 429
    assert "15 分钟" in last.content.decode()
    assert sign_in(client, PASSWORD).status_code == 429


def test_an_empty_form_points_at_its_fields(client: Client) -> None:
    page = client.post("/login", {})
    assert page.status_code == 422
    for name in ("username", "password"):
        assert f'href="#id_{name}"' in page.content.decode()
        assert f'id="id_{name}_error"' in page.content.decode()


def test_the_login_never_leads_out_of_the_house(client: Client) -> None:
    page = client.get("/login?next=https://elsewhere.example/").content.decode()
    assert 'name="next" value="/"' in page


# --- where a day begins


def test_staff_begin_at_their_work(monkeypatch: pytest.MonkeyPatch, rf: RequestFactory) -> None:
    rows = (nav.Way("home", "home", ("anyone",)), nav.Way("login", "desk", ("desk",)))
    monkeypatch.setattr(nav, "WAYS", rows)
    request = rf.get("/")
    request.user = get_user_model()(username="lixue")
    request.who = Who("7", (Grant("desk"),))
    assert nav.today(request) == "/login"
    request.who = Who("7", (Grant("member"),))
    assert nav.today(request) is None


def test_every_way_has_an_address_a_drawing_and_words() -> None:
    for way in nav.WAYS:
        assert way.href.startswith("/")
        assert way.icon in drawings()
        assert set(way.doors) <= access.roles() | access.ALWAYS


def test_demo_data_says_so(client: Client, settings: object, tmp_path: Path) -> None:
    settings.VAR = tmp_path
    assert "演示数据" not in client.get("/").content.decode()
    (tmp_path / "demo").touch()
    assert "演示数据" in client.get("/").content.decode()


def test_the_watchman_hears_ok(client: Client, db: None) -> None:
    assert client.get("/healthz").content == b"ok"


# --- when something does not work: no test here has a database, nor do these pages ask for one


@pytest.mark.parametrize(("language", "says"), [("zh", "没有找到"), ("en", "There is no such")])
def test_a_missing_page(client: Client, language: str, says: str) -> None:
    client.cookies["language"] = language
    page = client.get("/nowhere")
    assert page.status_code == 404
    assert says in page.content.decode()


@pytest.mark.parametrize(("language", "says"), [("zh", "出了故障"), ("en", "Something broke")])
def test_a_broken_page(language: str, says: str) -> None:
    client = Client(raise_request_exception=False)
    client.cookies["language"] = language
    page = client.get("/breaks")
    assert page.status_code == 500
    assert says in page.content.decode()
    assert "lamp" not in page.content.decode()


def test_a_stale_form_says_so_and_keeps_nothing() -> None:
    page = Client(enforce_csrf_checks=True).post("/switch", {"theme": "dark"})
    assert page.status_code == 403
    assert "开得太久" in page.content.decode()
    assert "theme" not in page.cookies


def test_a_closed_door_says_whose_it_is(rf: RequestFactory) -> None:
    page = errors.forbidden(rf.get("/desk"), Exception())
    assert page.status_code == 403
    assert "不对您开放" in page.content.decode()


# --- the look


@pytest.mark.parametrize("address", ["/", "/login", "/look", "/look?wrong", "/look?desk", "/gone"])
def test_no_page_carries_code_or_style_of_its_own(client: Client, address: str) -> None:
    page = client.get(address).content.decode()
    assert re.findall(r"<style|\sstyle=|\son\w+=|javascript:|<script(?![^>]+src=)", page) == []


def test_the_style_guide_stays_at_home() -> None:
    assert "look" not in {str(entry.pattern) for entry in web_urls.urlpatterns}


def drawings() -> set[str]:
    sheet = (WEB / "static" / "icons.svg").read_text("utf-8")
    return set(re.findall(r'<symbol id="(\w+)"', sheet))


def test_every_icon_asked_for_is_drawn() -> None:
    asked = {
        name
        for page in (WEB / "templates").rglob("*.html")
        for name in re.findall(r'\{% icon "(\w+)"', page.read_text("utf-8"))
    }
    assert asked
    assert asked | set(look.STATES) <= drawings()


def test_a_state_is_colour_word_and_shape() -> None:
    for state in look.STATES:
        chip = render_to_string("parts/chip.html", {"state": state})
        assert f'class="chip {state}"' in chip
        assert f"icons.svg#{state}" in chip
        assert re.search(r"</svg>[\u4e00-\u9fff]+</span>", chip)


def colours(sheet: str, block: str) -> dict[str, str]:
    text = (WEB / "static" / sheet).read_text("utf-8")
    body = re.search(rf"^{re.escape(block)} \{{(.*?)^\}}", text, re.S | re.M).group(1)
    return dict(re.findall(r"--([\w-]+): (#[0-9A-F]{6});", body))


def contrast(one: str, two: str) -> float:
    """Ratio of relative luminance, WCAG 2.2."""

    def light(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        line = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return 0.2126 * line[0] + 0.7152 * line[1] + 0.0722 * line[2]

    low, high = sorted((light(one), light(two)))
    return (high + 0.05) / (low + 0.05)


WORDS = ("ink", "muted", "accent", "link", "waiting", "doing", "done", "late", "stopped")


@pytest.mark.parametrize(
    ("sheet", "root"), [("tokens.css", ":root"), ("dark.css", ":root, :root[data-theme]")]
)
def test_contrast_holds_by_day_and_by_night(sheet: str, root: str) -> None:
    day = colours(sheet, root)
    large = day | colours(sheet, ':root[data-type="large"]')
    for tokens, least in ((day, 4.5), (large, 7.0)):
        for ground in ("paper", "surface"):
            weak = {w: tokens[w] for w in WORDS if contrast(tokens[w], tokens[ground]) < least}
            assert weak == {}, f"{sheet} on {ground}"
            assert contrast(tokens["edge"], tokens[ground]) >= 3
        assert contrast(tokens["on-accent"], tokens["accent"]) >= least
        assert contrast(tokens["on-accent"], tokens["press"]) >= least
