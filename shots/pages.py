"""Which pages there are, and who reads them: found in a running demo, not written down twice."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page

NOBODY = "-"
# Name of a file → address. `{link}`, `{door}` and `{number}` come from the demo; an address that
# begins with a selector is followed from the page before it.
READERS: dict[str, dict[str, str]] = {
    NOBODY: {
        "home": "/", "file": "/file", "services": "/services", "services_kind": "/services/safety",
        "door": "/d/{door}", "track": "/track", "asked": "/o/{link}", "rate": "/o/{link}/rate",
        "slip": "/o/{link}/slip", "login": "/login", "not_found": "/d/none", "clock": "/clock",
    },
    "desk": {
        "desk": "/desk", "desk_all": "/desk?all=", "new": "/new/file_for", "register": "/orders",
        "order": "/orders/{first}", "dispatch": "/orders/{first}/dispatch", "calls": "/calls",
        "notices": "/notices", "account": "/account", "accounts": "/accounts",
    },
    "worker": {"today": "/today", "log": "/new/log"},
    "clerk": {"unit": "/unit", "unit_order": "/orders/{first}"},
    "li": {"pool": "/pool"},
    "leader": {"board": "/board"},
    "auditor": {"looks": "/looks"},
}  # fmt: skip
PASSWORD = "lianxin-demo"


@dataclass(frozen=True)
class Shot:
    """One page for one reader."""

    reader: str
    name: str
    address: str


def shots(base: str, var: Path, open_as: dict[str, Page]) -> Iterator[Shot]:
    """All pages of all readers, with what the demo knows filled in."""
    known = json.loads((var / "cast.json").read_text())
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
