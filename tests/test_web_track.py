"""One's own request by its link: what it shows, what may be done with it, and what never leaks."""

import io
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from conftest import Live
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image
from town import Town, settled

from lianxin.core.step.who import Who
from lianxin.orders import actions, links
from lianxin.orders.models import Content, Event, Link, Order
from lianxin.registry.models import Area

HOSTILE = ("<script>alert(1)</script>", "\u202e右到左 عربى", "𠮷龘 {% now %}", "灯\x00坏了")


@pytest.fixture
def town(request: pytest.FixtureRequest) -> Iterator[Town]:
    with settled(request) as town:
        yield town


class Asker:
    """Somebody with a link and nothing else."""

    def __init__(self, town: Town, text: str = "路灯不亮", **more: Any) -> None:
        self.town, self.client = town, Client()
        now = timezone.now()
        done = actions.file("five-orders", "file", NOBODY, {"text": text}, area=town.grid)
        self.number = done.number
        self.secret = links.make(done.id, "filer", now, **more)
        self.here = f"/o/{self.secret}"

    def look(self) -> str:
        return self.client.get(self.here).content.decode()

    def press(self, verb: str, **typed: Any) -> Any:
        form = self.client.get(f"{self.here}/{verb}").content.decode()
        own = dict(re.findall(r'name="(_\w+)" value="([^"]*)"', form))
        return self.client.post(f"{self.here}/{verb}", own | typed)

    def step(self, verb: str, who: str, **given: Any) -> None:
        actions.step(self.number, verb, self.town[who], given)

    def handled(self) -> None:
        self.step("dispatch", "desk", unit=str(self.town.unit.pk))
        self.step("keep", "clerk")
        self.step("handle", "clerk", outcome="solved", text="换了灯泡")

    @property
    def order(self) -> Order:
        return Order.objects.get(number=self.number)


NOBODY = Who("")


def verbs(page: str) -> set[str]:
    return set(re.findall(r'/o/[\w-]+/(\w+)"', page))


# --- what the page shows


def test_a_fresh_request_says_whose_turn_it_is_and_until_when(town: Town) -> None:
    asker = Asker(town)
    page = asker.look()
    assert "收到了，正在安排人" in page
    assert re.search(r"（\d+月\d+日）\d\d:\d\d 前会有下一步", page)
    assert "您把这件事告诉了社区" in page
    assert "路灯不亮" in page
    assert verbs(page) == {"withdraw", "urge", "comment", "photo"}


def test_done_work_is_shown_and_rated_where_one_stands(town: Town) -> None:
    asker = Asker(town)
    asker.handled()
    page = asker.look()
    assert "clerk（供电所）说办完了" in page
    assert "换了灯泡" in page
    assert 'type="radio" name="rating" value="5"' in page
    assert {"rate", "reopen", "urge", "comment", "photo"} == verbs(page)


def test_the_page_is_not_kept_not_indexed_and_does_not_leak_its_address(town: Town) -> None:
    asker = Asker(town)
    own = [asker.here + end for end in ("", "/sent", "/comment")]
    for address in (*own, "/o/nobody-has-this"):
        answer = asker.client.get(address)
        assert "no-store" in answer["Cache-Control"]
        assert "noindex" in answer["X-Robots-Tag"]
        assert answer["Referrer-Policy"] == "same-origin"
        assert not re.search(r'(?:src|href|action)="(?:https?:)?//(?!127|testserver|localhost)',
                             answer.content.decode())  # fmt: skip


@pytest.mark.parametrize("gone", ["unknown", "over", "spent"])
def test_a_link_that_opens_nothing_leads_on(town: Town, gone: str) -> None:
    asker = Asker(town)
    if gone == "over":
        Link.objects.update(until=timezone.now() - timedelta(days=1))
    if gone == "spent":
        Link.objects.update(spent=timezone.now())
    end = "/x" if gone == "unknown" else ""
    answer = asker.client.get(f"/o/wrong{end}" if gone == "unknown" else asker.here)
    assert answer.status_code == 404
    told = "这个链接已经用过了" if gone == "spent" else "这个链接打不开"
    assert told in answer.content.decode()
    assert 'href="/file"' in answer.content.decode()


def test_a_link_opens_its_own_order_alone(town: Town) -> None:
    asker, other = Asker(town), Asker(town, "邻居家的事")
    assert "邻居家的事" not in asker.look()
    assert other.number not in asker.look()
    assert asker.client.get(f"/orders/{other.number}").status_code in (302, 403, 404)


def test_after_a_merge_the_state_of_the_other_is_told_and_never_its_words(town: Town) -> None:
    asker, other = Asker(town), Asker(town, "别人的话别人的家")
    asker.step("merge", "desk", into=other.number)
    other.step("dispatch", "desk", unit=str(town.unit.pk))
    other.step("keep", "clerk")
    page = asker.look()
    assert "和另一件合在一起办了" in page
    assert "那一件现在：有单位接下了，正在办" in page
    assert "别人的话" not in page
    assert other.number not in page
    assert "路灯不亮" not in other.look()


# --- what may be done


def test_rating_is_kept_and_thanked_for(town: Town) -> None:
    asker = Asker(town)
    asker.handled()
    assert asker.press("rate", rating="4", text="挺快的")["Location"] == asker.here
    assert asker.order.state == "rated"
    assert "谢谢您，评价记下了" in asker.look()
    assert "4 分" in asker.look()


def test_no_star_chosen_is_said_and_the_words_stay(town: Town) -> None:
    asker = Asker(town)
    asker.handled()
    wrong = asker.press("rate", text="挺快的")
    assert wrong.status_code == 422
    assert "“您给几颗星”还没选" in wrong.content.decode()
    assert "挺快的" in wrong.content.decode()


@pytest.mark.parametrize(
    ("verb", "typed", "state", "told"),
    [
        ("withdraw", {}, "withdrawn", "您撤回了"),
        ("urge", {"text": "等了三天"}, "filed", "您催了一次"),
        ("comment", {"text": "是二单元"}, "filed", "您补充了几句"),
    ],
)
def test_each_thing_one_may_do(
    town: Town, verb: str, typed: dict[str, str], state: str, told: str
) -> None:
    asker = Asker(town)
    assert asker.press(verb, **typed).status_code == 302
    assert asker.order.state == state
    assert told in asker.look()


def test_reopening_wants_a_reason_and_brings_it_back(town: Town) -> None:
    asker = Asker(town)
    asker.handled()
    assert asker.press("reopen").status_code == 422
    assert asker.press("reopen", reason="还是不亮").status_code == 302
    assert asker.order.state == "dispatched"
    assert "您说没办好，重新办" in asker.look()


def test_photos_are_added_and_shown_to_the_bearer_alone(town: Town) -> None:
    asker = Asker(town)
    out = io.BytesIO()
    Image.new("RGB", (60, 40)).save(out, "JPEG")
    sent = SimpleUploadedFile("a.jpg", out.getvalue(), "image/jpeg")
    assert asker.press("photo", photo=sent).status_code == 302
    address = re.search(rf'src="({asker.here}/photos/[^"?]+)', asker.look())[1]
    assert asker.client.get(address)["Content-Type"] == "image/jpeg"
    assert asker.client.get(f"/photos/{address.rsplit('/', 1)[1]}").status_code == 404
    other = Asker(town)
    assert other.client.get(address.replace(asker.secret, other.secret)).status_code == 404


def test_a_form_sent_twice_counts_once(town: Town) -> None:
    asker = Asker(town)
    form = asker.client.get(f"{asker.here}/comment").content.decode()
    own = dict(re.findall(r'name="(_\w+)" value="([^"]*)"', form))
    for _ in range(3):
        asker.client.post(f"{asker.here}/comment", own | {"text": "是二单元"})
    assert Event.objects.filter(order=asker.order, verb="comment").count() == 1


@pytest.mark.parametrize("verb", ["dispatch", "strike_off", "file", "redact", "nonsense"])
def test_what_is_not_the_askers_is_refused_in_words(town: Town, verb: str) -> None:
    asker = Asker(town)
    for answer in (asker.client.get(f"{asker.here}/{verb}"), asker.press(verb)):
        assert answer.status_code in (403, 404, 409)
        assert "这一步现在办不了" in answer.content.decode()
    assert asker.order.nth == 1


def test_too_late_says_why_and_gives_the_words_back(town: Town) -> None:
    asker = Asker(town)
    form = asker.client.get(f"{asker.here}/withdraw").content.decode()
    own = dict(re.findall(r'name="(_\w+)" value="([^"]*)"', form))
    asker.handled()
    answer = asker.client.post(f"{asker.here}/withdraw", own | {"reason": "已经自己修好"})
    assert answer.status_code == 409
    assert "已经自己修好" in answer.content.decode()
    assert asker.order.state == "done"


def test_a_link_for_one_use_serves_one_step(town: Town) -> None:
    asker = Asker(town, once=True)
    asker.handled()
    assert "办得怎么样" in asker.client.get(f"{asker.here}/rate").content.decode()
    thanks = asker.press("rate", rating="5")
    assert thanks.status_code == 200
    assert "这个链接只能用一次" in thanks.content.decode()
    assert asker.client.get(asker.here).status_code == 404
    assert asker.press("comment", text="再说一句").status_code == 404


def once(town: Town) -> tuple[Asker, dict[str, str]]:
    """Somebody with a link for one use, and the form of rating as they would send it."""
    asker = Asker(town, once=True)
    asker.handled()
    form = asker.client.get(f"{asker.here}/rate").content.decode()
    return asker, dict(re.findall(r'name="(_\w+)" value="([^"]*)"', form)) | {"rating": "5"}


def test_the_form_of_a_link_for_one_use_is_thanked_for_again(town: Town) -> None:
    asker, form = once(town)
    first, again = (asker.client.post(f"{asker.here}/rate", form) for _ in range(2))
    assert first.status_code == again.status_code == 200
    assert asker.number in again.content.decode()
    assert re.findall("<h1>(.*?)</h1>", first.content.decode()) == re.findall(
        "<h1>(.*?)</h1>", again.content.decode()
    )
    assert Event.objects.filter(order=asker.order, verb="rate").count() == 1


@pytest.mark.parametrize(
    ("verb", "other"),
    [("rate", {"rating": "1"}), ("rate", {"_key": "another"}), ("rate", {"rating": "x"}),
     ("rate", {"_key": "k" * 101}), ("reopen", {"reason": "没好"}), ("nonsense", {})],
)  # fmt: skip
def test_anything_else_by_a_spent_link_is_refused_in_words(
    town: Town, verb: str, other: dict[str, str]
) -> None:
    asker, form = once(town)
    asker.client.post(f"{asker.here}/rate", form)
    answer = asker.client.post(f"{asker.here}/{verb}", form | other)
    assert answer.status_code == 404
    assert "这个链接已经用过了" in answer.content.decode()
    assert "路灯不亮" not in answer.content.decode()
    assert asker.order.state == "rated"


def test_the_next_day_a_spent_link_says_nothing_more(town: Town) -> None:
    asker, form = once(town)
    asker.client.post(f"{asker.here}/rate", form)
    Link.objects.update(spent=timezone.now() - links.AGAIN_FOR)
    assert asker.client.post(f"{asker.here}/rate", form).status_code == 404


def test_a_refused_step_does_not_spend_the_link(town: Town) -> None:
    asker, form = once(town)
    asker.step("comment", "desk", text="还在看")
    asker.step("urge", "supervisor")
    form |= {"_visit": "99"}
    assert asker.client.post(f"{asker.here}/rate", form).status_code == 409
    assert Link.objects.get(order=asker.order).spent is None


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_are_words(town: Town, words: str) -> None:
    asker = Asker(town, words)
    asker.press("comment", text=words)
    asker.press("urge", text=words)
    asker.handled()
    asker.press("rate", rating=words, text=words)
    asker.press("reopen", reason=words)
    page = asker.look()
    assert "<script>a" not in page
    assert page.count('dir="auto"') >= 4
    clean = words.replace("\x00", "")
    kept = Content.objects.filter(order=asker.order, name__in=("text", "reason"))
    assert [c.value for c in kept].count(clean) == 4


# --- finding it again


def test_the_link_is_found_by_pasting_it(town: Town) -> None:
    asker = Asker(town)
    for typed in (f"看这里 http://x.example{asker.here} 谢谢", asker.secret):
        assert asker.client.post("/track", {"link": typed})["Location"] == asker.here
    wrong = asker.client.post("/track", {"link": "LX-000001"})
    assert wrong.status_code == 422
    assert "请看看是不是复制完整了" in wrong.content.decode()


def test_who_is_signed_in_finds_their_own_requests_and_nobody_elses(town: Town) -> None:
    mine, other = town.file("resident", "我的事"), Asker(town, "别人的事")
    client = Client()
    client.force_login(town.people["resident"])
    page = client.get("/track").content.decode()
    assert mine.number in page
    assert other.number not in page


# --- in a browser


@pytest.mark.parametrize("script", [True, False])
def test_rating_and_reopening_on_a_phone(
    live: Live, town: Town, pages: Callable[..., Any], script: bool
) -> None:
    asker = Asker(town)
    asker.handled()
    page = pages(java_script_enabled=script)
    page.goto(asker.here)
    assert page.locator("h1").inner_text() == "说是办完了，请您看看"
    page.click("label:has-text('非常满意')")
    page.fill("[name=text]", "灯很亮")
    page.dblclick("main button.main")
    page.wait_for_selector("h1:text('谢谢评价')")
    page.click("text=没办好，请再办")
    page.fill("[name=reason]", "晚上又灭了")
    page.click("main button.main")
    page.wait_for_selector(".notice.success")
    assert asker.order.state == "dispatched"
    assert Event.objects.filter(order=asker.order, verb="rate").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth") if script else True


def test_it_says_what_one_said_and_whom_to_telephone(town: Town) -> None:
    asker = Asker(town, "楼道的灯不亮，晚上看不见路")
    assert "您说的：" not in asker.look(), "the story itself has just begun with it"
    assert "也可以打电话说" not in asker.look(), "no office here has a number"
    Area.objects.filter(pk=town.grid.pk).update(phone="0000-0000219")
    asker.step("dispatch", "desk", unit=str(town.unit.pk))
    page = asker.look()
    assert page.index("您说的：") < page.index("经过") and page.count("楼道的灯不亮") == 2
    assert "tel:0000-0000219" in page
    assert "0000-0000219" in asker.client.get(f"{asker.here}/slip").content.decode()


def test_an_address_is_marked_as_chinese_and_no_markup_is_read(town: Town) -> None:
    asker = Asker(town)
    given = {"text": "灯", "address": "樟溪路<b>1号</b>"}
    done = actions.file("five-orders", "file", NOBODY, given, area=town.grid)
    asker.here = f"/o/{links.make(done.id, 'filer', timezone.now())}"
    asker.client.cookies["language"] = "en"
    page = asker.look()
    assert '<span lang="zh-CN">樟溪路&lt;b&gt;1号&lt;/b&gt;</span>' in page
