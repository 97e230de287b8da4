"""Which pages there are, and who reads them: found in a running demo, not written down twice."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page

NOBODY = "-"
# Name of a file → address. What stands in braces comes from the demo (facts.py); `{first}` is the
# first order of the reader's own list.
READERS: dict[str, dict[str, str]] = {
    NOBODY: {
        "home": "/", "file": "/file", "services": "/services", "services_kind": "/services/safety",
        "service": "/services/economy/0601", "answered": "/answered",
        "door": "/d/{door}", "track": "/track", "asked": "/o/{link}", "rate": "/o/{link}/rate",
        "slip": "/o/{link}/slip", "followed": "/f/{follow}",
        "received": "/u/{unit_link}", "received_done": "/u/{unit_link}/done",
        "received_sheet": "/u/{unit_link}/sheet",
        "login": "/login", "not_found": "/d/none", "clock": "/clock",
    },
    "desk": {
        "desk": "/desk", "desk_all": "/desk?all=", "desk_search": "/desk?q=%E8%B7%AF%E7%81%AF",
        "desk_bulk": "/desk/bulk?as=0&n={first}", "new": "/new/file_for", "register": "/orders",
        "order": "/orders/{first}", "dispatch": "/orders/{first}/dispatch",
        "paper": "/orders/{first}/paper", "receiver": "/orders/{handed}/receiver",
        "pictured": "/orders/{pictured}", "photo_view": "/photos/{photo}/view",
        "photo_paint": "/photos/{photo}/paint", "calls": "/calls", "call": "/calls/{call}",
        "hotline": "/hotline", "notices": "/notices", "account": "/account",
        "accounts": "/accounts", "account_new": "/accounts/new", "account_of": "/accounts/{worker}",
        "office": "/account/office/{community}",
        "standins": "/standins", "standin": "/standins/{post}",
    },
    "worker": {
        "today": "/today", "log": "/new/log", "jot": "/jot", "worker_order": "/orders/{first}",
    },
    "clerk": {
        "unit": "/unit", "unit_order": "/orders/{first}", "unit_mail": "/account/unit/{unit}",
    },
    "li": {"pool": "/pool", "hours": "/pool/hours"},
    "leader": {"board": "/board"},
    "supervisor": {"board_over": "/board", "board_late": "/board/late"},
    "auditor": {"looks": "/looks"},
}  # fmt: skip
PASSWORD = "lianxin-demo"


@dataclass(frozen=True)
class Shot:
    """One page for one reader."""

    reader: str
    name: str
    address: str


def shots(base: str, known: dict[str, Any], open_as: dict[str, Page]) -> Iterator[Shot]:
    """All pages of all readers, with what the demo knows filled in."""
    for reader, pages in READERS.items():
        first = first_order(base, open_as[reader], next(iter(pages.values())))
        facts = {**known, "first": first}
        for name, address in pages.items():
            yield Shot(reader, name, address.format(**facts))


def first_order(base: str, page: Page, address: str) -> str:
    """Number of the first order that a reader's own list shows, "" where it has none."""
    if "{" in address:
        return ""
    page.goto(base + address)
    links = page.locator("main a[href^='/orders/']").evaluate_all("all => all.map(a => a.href)")
    found = (re.search(r"/orders/([\w-]+)$", link) for link in links)
    return next((match[1] for match in found if match), "")


def sign_in(base: str, page: Page, reader: str) -> None:
    if reader == NOBODY:
        return
    page.goto(base + "/login")
    page.fill("[name=username]", reader)
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit], main form button")
    page.wait_for_url(lambda url: "/login" not in url)
