"""An invitation as it is handed over: an address, a code to scan, and the lines of a terminal."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import segno
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from lianxin.registry.models import Invitation
from lianxin.web.pictures import picture_of
from lianxin.web.words import say


def address(secret: str) -> str:
    """What people type: always the address of the house as it is known outside."""
    return settings.PUBLIC_URL + reverse("join", args=[secret])


def sheet(secret: str, made: Invitation) -> dict[str, Any]:
    """What accounts/sheet.html prints. The secret is in it, so it is shown this once."""
    where = address(secret)
    return {
        "person": made.person, "address": where, "until": made.until,
        "login": settings.PUBLIC_URL + reverse("login"),
        "code": picture_of(where),
    }  # fmt: skip


def lines(secret: str, made: Invitation) -> Iterator[str]:
    """The same for a terminal, with a code of half blocks to scan off the screen."""
    until = f"{timezone.localtime(made.until):%Y-%m-%d %H:%M}"
    facts = {"name": made.person.name, "username": made.person.username, "until": until}
    for lang in ("zh", "en"):
        yield say("account.sheet.terminal", lang, **facts)
    yield address(secret)
    out = io.StringIO()
    segno.make(address(secret), error="m").terminal(out=out, compact=True)
    yield out.getvalue().rstrip("\n")
