"""Every page is looked at: an address that is added has its picture taken, or a reason why not."""

import re
import uuid
from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, resolve

from shots.pages import READERS

NUMBERS = {
    "branch",
    "course",
    "fact",
    "hired",
    "leader",
    "post",
    "reserve",
    "worker",
    "unit",
    "call",
    "waits",
    "year",
}
# Addresses that are no page of their own, or one that another shows.
NOT_SHOT = {
    "takes a press and answers with another page": {
        "logout", "account_password", "account_act", "vetting", "standin_end", "switch", "undo",
        "desk_bulk_undo", "unit_bulk_undo", "board_bulk_undo", "call_answer", "call_right",
        "notices_read", "notice", "hotline_undo", "roll_undo", "enough", "unfollow", "account_ways",
        "follow_phone", "follow_mail", "receiver_phone", "phone_open", "phone_leave", "give_link",
        "code", "check_in_leave", "check_in_tasks", "account_mail", "file_where", "file_send",
        "file_paint", "jot_left", "contact_tie", "contact_untie", "contact_visit",
        "contact_visit_order",
        "organisation_press", "me_data_erase", "me_data_ask", "correction_answer",
        "career_particulars", "career_assess_undo", "course_press",
        "opening_apply", "opening_object",
    },
    "a fragment, a file or an answer for programs": {
        "desk_fresh", "desk_card", "unit_fresh", "unit_card", "areas", "here", "photo",
        "asked_photo", "received_photo", "draft_photo", "register_sheet", "board_sheet",
        "roll_sheet", "healthz",
        "graph_level", "graph_drawing", "jot_me", "worker_script", "manifest", "unit_letter",
        "me_data_file",
    },
    "the same page under another address": {
        "unit_bulk", "board_bulk", "asked_photo_view", "asked_photo_paint", "asked_part", "sent",
        "look", "receiver_answer", "offline", "photo_original", "phone", "step",
    },
    "opens by a secret that was made for one person": {
        "join", "login_code", "login_setup", "account_setup", "account_second", "follow_code",
        "account_mail_confirm", "phone_mine", "follow_mail_confirm",
    },
    "stands where a gateway is; test_web_phone_login looks at it": {"phone_ask", "phone_code"},
    "for whoever keeps the machine; the demo has nobody": {"operator"},
}  # fmt: skip


def filled(address: str) -> str:
    """With something of the right kind in each brace, as far as an address can tell."""

    def one(found: re.Match[str]) -> str:
        name = found[1]
        return str(uuid.UUID(int=1)) if name == "photo" else "1" if name in NUMBERS else "LX-1"

    return re.sub(r"{(\w+)}", one, address).partition("?")[0]


def named(patterns: Any = None) -> Iterator[str]:
    """Names of all addresses but those of programs."""
    for entry in patterns or get_resolver().url_patterns:
        if isinstance(entry, URLPattern) and entry.name:
            yield entry.name
        elif isinstance(entry, URLResolver) and "api" not in str(entry.pattern):
            yield from named(entry.url_patterns)


def test_every_page_is_looked_at() -> None:
    addresses = [a for pages in READERS.values() for a in pages.values() if a != "/d/none"]
    shot = {resolve(filled(address)).url_name for address in addresses}
    excused = set().union(*NOT_SHOT.values())
    there = set(named())
    assert sorted(there - shot - excused) == []
    assert sorted(excused - there - {"look"}) == [], "excused, and not there"


def test_no_two_pictures_have_one_name() -> None:
    names = [f"{reader} {name}" for reader, pages in READERS.items() for name in pages]
    assert len(names) == len(set(names))
