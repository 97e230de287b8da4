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
        "certificate": "/certificates/{certificate}",
        "login": "/login", "not_found": "/d/none", "clock": "/clock",
        "openings": "/openings", "opening": "/openings/{opening}",
        "opening_shown": "/openings/{showing}",
    },
    "desk": {
        "desk": "/desk", "desk_all": "/desk?all=", "desk_search": "/desk?q=%E8%B7%AF%E7%81%AF",
        "desk_bulk": "/desk/bulk?as=0&n={first}", "new": "/new/file_for", "register": "/orders",
        "order": "/orders/{first}", "dispatch": "/orders/{first}/dispatch",
        "paper": "/orders/{first}/paper", "receiver": "/orders/{handed}/receiver",
        "pictured": "/orders/{pictured}", "photo_view": "/photos/{photo}/view",
        "photo_paint": "/photos/{photo}/paint", "calls": "/calls", "call": "/calls/{call}",
        "hotline": "/hotline", "notices": "/notices", "account": "/account", "rolls": "/rolls",
        "roll": "/rolls/posts", "roll_take": "/rolls/posts/sheet",
        "accounts": "/accounts", "account_new": "/accounts/new", "account_of": "/accounts/{worker}",
        "office": "/account/office/{community}",
        "standins": "/standins", "standin": "/standins/{post}",
        "careers": "/careers", "careers_differ": "/careers?show=differs",
        "career_read": "/careers/{hired}",
        "corrections": "/corrections", "same": "/accounts/{worker}/same",
        "contact_find": "/contact-points/new?q=%E7%8E%8B",
        "people_grids": "/people/grids", "people_hand": "/people/grids/{grid}",
        "reserve": "/reserves/{reserve}",
        "cases": "/cases", "case": "/cases/assessment/begin", "course_new": "/courses/new",
        "course": "/courses/{course}", "course_sheet": "/courses/{course}/sheet",
        "coverage": "/coverage", "coverage_rows": "/coverage/group_work?show=gaps",
        "organisation": "/organisations/{branch}",
        "organisation_form": "/organisations/{branch}/elect",
        "organisation_new": "/organisations/new?kind=branch&area={quarter}",
    },
    "street": {
        "careers_kept": "/careers", "career_assess": "/careers/assess",
        "career_of": "/careers/{hired}", "career_fact": "/careers/{hired}/facts/{fact}",
        "career_add": "/careers/{hired}/add/certificate", "career_born": "/careers/{hired}/born",
        "career_renew": "/careers/{hired}/renew",
        "career_new": "/careers/new", "career_proposals": "/careers/proposals",
    },
    "worker": {
        "today": "/today", "log": "/new/log", "jot": "/jot", "worker_order": "/orders/{first}",
        "career": "/career", "own_data": "/me/data", "courses": "/courses",
        "came_in": "/c/{course_code}",
    },
    "clerk": {
        "unit": "/unit", "unit_order": "/orders/{first}", "unit_mail": "/account/unit/{unit}",
        "check_ins": "/check-ins?all=1", "check_in_of": "/check-ins/{waits}",
        "partners": "/partners", "unit_communities": "/units/{unit}/communities",
        "members": "/rolls/members", "check_in": "/check-in",
    },
    "li": {
        "pool": "/pool", "hours": "/pool/hours", "checked_in": "/check-in",
        "check_in_move": "/check-in/move", "own_certificate": "/check-in/certificate/{year}",
    },
    "leader": {
        "coverage_over": "/coverage", "elections": "/coverage/elections",
        "coverage_far": "/coverage/core_households?show=all",
        "board": "/board", "people": "/people", "eligible": "/eligible",
        "graph": "/graph", "graph_open": "/graph?at={community}", "graph_paper": "/graph/paper",
        "contact_points": "/contact-points", "contact_mine": "/contact-points/mine",
        "contact_leader": "/contact-points/{leader}",
    },
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
