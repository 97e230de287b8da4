"""Everything the house tells one reader: each address there is, asked for once, as plain text.

A page that is added tomorrow is walked as well: the addresses come from the table of addresses.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from typing import Any
from urllib.parse import quote

from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from town import COMMUNITY

from lianxin.orders.book import book
from lianxin.orders.models import Order, Photo
from lianxin.registry.models import Person
from lianxin.registry.rolls import rolls

CHANNELS = ("page", "api", "sheet", "search", "notice", "map", "feed")
# How the addresses of a channel begin or end; whatever is none of these is a page.
SIGNS = {
    "api": r"^/api/", "sheet": r"\.(csv|xlsx)(\?|$)|/paper", "search": r"\?.*\bq=",
    "notice": r"^/(notices|calls)", "map": r"\.geojson|^/board", "feed": r"/(fresh|card|here)",
}  # fmt: skip
NOT_ASKED = re.compile(r"^/(login|logout|join|switch|healthz|media|static)|look$|openapi|problems")
PART = re.compile(r"<(?:(\w+):)?(\w+)>")
MARKS = re.compile(r"<[^>]+>")


@dataclass(frozen=True, slots=True)
class Told:
    """One answer that was given, not refused."""

    channel: str
    address: str
    text: str


def outlets(
    person: Person | None, number: str, words: tuple[str, ...] = (), language: str = "zh"
) -> list[Told]:
    """All that somebody (None: a passer-by) is told, about an order and beside it. `words`: what
    they type into every box they find."""
    client = Client(raise_request_exception=True)
    client.cookies["language"] = language
    if person:
        client.force_login(person)
    found = []
    for address in dict.fromkeys([*addresses(number), *searches(words)]):
        answer = client.get(address)
        assert answer.status_code < 500, address
        if answer.status_code == 200:
            found.append(Told(channel(address), address, read(answer)))
    return found


def leaks(found: list[Told], *secrets: str) -> list[str]:
    """Where any of these words stands. The question that was asked is no answer to it."""
    return [
        f"{one.channel} {one.address}: {secret}"
        for one in found for secret in secrets
        if secret in one.text and quote(secret) not in one.address
    ]  # fmt: skip


def channel(address: str) -> str:
    return next((name for name, sign in SIGNS.items() if re.search(sign, address)), "page")


def read(answer: Any) -> str:
    """As a person reads it: entities turned into signs, a workbook's words out of its parts."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as book_of:
            body = b"".join(book_of.read(n) for n in book_of.namelist() if n.endswith(".xml"))
    return unescape(body.decode("utf-8", "replace"))


# ── which addresses there are ────────────────────────────────────────────────────────────────────


def addresses(number: str) -> Iterator[str]:
    """Every address that can be filled in with what somebody may know or guess."""
    for route in routes(get_resolver().url_patterns):
        if NOT_ASKED.search(f"/{route}"):
            continue
        for filled in fillings(route, number):
            yield f"/{filled}"


def routes(patterns: Any, within: str = "") -> Iterator[str]:
    for entry in patterns:
        where = within + str(entry.pattern).removeprefix("^").removesuffix("$")
        if isinstance(entry, URLResolver):
            yield from routes(entry.url_patterns, where)
        elif isinstance(entry, URLPattern):
            yield where


def fillings(route: str, number: str) -> list[str]:
    made = [route]
    for kind, name in PART.findall(route):
        part = f"<{kind}:{name}>" if kind else f"<{name}>"
        made = [one.replace(part, value) for one in made for value in values(name, route, number)]
    return made


def values(name: str, route: str, number: str) -> list[str]:
    order = Order.objects.filter(number=number).first()
    page = book().exact(order.flow, order.since) if order else book().page_today()
    known = {
        "number": [number], "kind": ["csv", "xlsx"] if "." in route else ["safety", "culture"],
        "verb": [name for name, step in page.steps.items() if not step.door],
        "door": [step.name for step in page.doors], "path": [COMMUNITY],
        "id": [str(p) for p in Photo.objects.filter(order=order).values_list("pk", flat=True)],
        "step": [], "flow": ["five-orders"],
        "key": [str(p) for p in Person.objects.values_list("pk", flat=True)[:4]],
        "pk": ["1", "2"], "name": list(rolls()) if route.startswith("rolls/") else [],
    }  # fmt: skip
    return known.get(name, [])


def searches(words: tuple[str, ...]) -> Iterator[str]:
    for word in words:
        for list_ in ("/desk", "/unit", "/orders", "/orders.csv", "/today", "/pool", "/desk?all="):
            yield f"{list_}{'&' if '?' in list_ else '?'}q={quote(word)}"
