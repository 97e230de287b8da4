"""A grid worker's phone, as tests carry it about: written on without a network, back in one."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from conftest import Live
from django.db import connection
from test_web_order_story import shot
from thin_wire import Wire, wired
from town import Town, settled

from lianxin.orders.models import Content

PASSWORD = "lantern-rain-42"
ORDERS, PHOTOS = "/api/v1/orders", "/api/v1/photos"
LIES_READY = """async () => navigator.serviceWorker.controller
    && Boolean(await caches.match("/jot")) && Boolean(await caches.match("/today"))
    && Boolean(await self.jot.me())"""
NOTHING_WAITS = "async () => (await self.jot.count()).waiting === 0"
STAGES = """async () => {
    const asked = indexedDB.open("lianxin-jot");
    const db = await new Promise((done) => { asked.onsuccess = () => done(asked.result); });
    const all = db.transaction("notes").objectStore("notes").getAll();
    await new Promise((done) => { all.onsuccess = done; });
    db.close();
    return all.result.map(({ key, who, stage, at, sealed }) => (
        { key, who, stage, at, text: new TextDecoder().decode(sealed.data) }));
}"""
TYPE = """async (texts) => {
    const form = document.querySelector("form.jot"), { text } = form.elements;
    for (const [n, words] of texts.entries()) {
        text.value = words;
        text.dispatchEvent(new Event("input", { bubbles: true }));
        form.querySelector(`[name=door][value=${n % 3 ? "log" : "file_for"}]`).click();
        form.requestSubmit();
        const end = Date.now() + 10_000;
        while (text.value) {
            if (Date.now() > end) throw new Error(`${n} is not taken: ${form.innerText}`);
            await new Promise((done) => { setTimeout(done, 1); });
        }
    }
}"""


class Phone:
    """Open pages, cut the wire, write, and wait for what becomes of it."""

    def __init__(self, page: Any, wire: Wire) -> None:
        self.page, self.wire = page, wire

    def ready(self) -> Phone:
        """On the round: the day's list has been seen once, and the page to write on lies ready."""
        self.page.goto("/today")
        self.until(LIES_READY)
        return self

    def until(self, asked: str, within_s: float = 20) -> None:
        """Until the page says yes to a question, which may take its time."""
        end = time.monotonic() + within_s
        while not self.page.evaluate(asked):
            assert time.monotonic() < end, f"not within {within_s} s: {asked}"
            time.sleep(0.05)

    def out(self) -> None:
        self.wire.cut = True
        self.page.context.set_offline(True)

    def back(self) -> None:
        self.wire.cut = False
        self.page.context.set_offline(False)

    def again(self) -> None:
        """The page is closed, and opened once more."""
        context = self.page.context
        self.page.close()
        self.page = context.new_page()
        self.page.set_default_timeout(10_000)
        self.page.goto("/jot")

    def write(self, text: str, door: str = "log", photos: int = 0) -> None:
        if not self.page.url.endswith("/jot"):
            self.page.goto("/jot")
        self.page.fill("[name=text]", text)
        self.page.check(f"[name=door][value={door}]")
        self.until("!document.querySelector('form.jot .main').disabled")
        if photos:
            self.page.set_input_files("#photo", [shot(c) for c in ("#a33", "#3a3")[:photos]])
            self.page.wait_for_selector(f".picture:nth-child({photos})")
        self.keep()

    def keep(self) -> None:
        self.page.click("form.jot .main")
        self.until("document.querySelector('[name=text]').value === ''")

    def type(self, texts: list[str]) -> None:
        """Many through the real form, as fast as it takes them."""
        self.until("!document.querySelector('form.jot .main').disabled")
        self.page.evaluate(TYPE, texts)

    def row(self, stage: str, text: str) -> Any:
        return self.page.locator(f".jotted[data-stage={stage}]", has_text=text)

    def notes(self, stage: str = "") -> list[dict[str, Any]]:
        """What lies in the phone's database, as a thief would read it."""
        found = self.page.evaluate(STAGES)
        return [note for note in found if stage in ("", note["stage"])]

    def all_sent(self, within_s: float = 20) -> None:
        self.until(NOTHING_WAITS, within_s)

    def sign_in(self, username: str, password: str) -> None:
        self.page.fill("[name=username]", username)
        self.page.fill("[name=password]", password)
        with self.page.expect_navigation():
            self.page.click("main form button")


def told() -> list[str]:
    """The words of all orders, in the order in which they were heard."""
    rows = Content.objects.filter(name="text", nth=1).order_by("order__filed")
    return [row.value for row in rows]


def filed_by_key() -> dict[str, list[Any]]:
    """Key of a note → moments of the orders that it has become."""
    found: dict[str, list[Any]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT k.key, o.filed FROM orders_key k JOIN orders_order o ON o.id = k.order_id"
        )
        for key, filed in cursor.fetchall():
            found.setdefault(key, []).append(filed)
    return found


# ── fixtures: a test's module names those it takes ───────────────────────────────────────────────


@pytest.fixture
def wire_and_live(fresh: str, application: Callable[..., Any]) -> Iterator[tuple[Live, Wire]]:
    with wired(application, fresh) as both:
        yield both


@pytest.fixture
def live(wire_and_live: tuple[Live, Wire]) -> Live:
    return wire_and_live[0]


@pytest.fixture
def wire(wire_and_live: tuple[Live, Wire]) -> Wire:
    return wire_and_live[1]


@pytest.fixture
def town(request: pytest.FixtureRequest, live: Live) -> Iterator[Town]:
    with settled(request) as town:
        yield town


@pytest.fixture
def phone(open_as: Callable[..., Any], wire: Wire) -> Phone:
    return Phone(open_as("worker"), wire).ready()
