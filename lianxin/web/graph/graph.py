"""`/graph`: organisations and places in one tree, opened level by level: a picture, and a list that
says the same and works without a script."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lianxin.core.step.who import Grant
from lianxin.registry.models.placed import READS
from lianxin.registry.queries import graph as nodes
from lianxin.registry.queries.graph import Node
from lianxin.registry.queries.graph_search import Found, search
from lianxin.web.access import access
from lianxin.web.graph.drawing import SIGNS, drawn, grown
from lianxin.web.graph.words import nested, told
from lianxin.web.posts import reading
from lianxin.web.words import say

LONGEST = 20  # of a key in an address


@access(*READS)
@never_cache
@require_safe
def graph(request: HttpRequest) -> HttpResponse:
    """The reader's own place with what is below it, opened down to `at`; and what `q` finds."""
    read, today = reading(request, READS), timezone.localdate()
    words = request.GET.get("q", "").replace("\0", "").strip()[:64]
    at = request.GET.get("at", "")[:LONGEST]
    opened = way(read.grant, at or read.grant.path, today)
    root = node(read.grant, opened[0], today)
    tree = nested(root, nodes.levels(opened, read.grant, today))
    found = search(words, read.grant, today) if words else []
    return render(request, "graph/graph.html", {
        **read.facts, "title": say("graph.title"), "tree": tree, "picture": tree.plain(),
        "at": opened[-1], "q": words, "on": today, "opened": opened,
        "found": [hit(one, read.at) for one in found],
    })  # fmt: skip


@access(*READS)
@never_cache
@require_safe
def level(request: HttpRequest, key: str) -> HttpResponse:
    """What is directly below one node, for the picture."""
    read, today = reading(request, READS), timezone.localdate()
    opened = way(read.grant, key[:LONGEST], today)[-1]
    below = nodes.levels([opened], read.grant, today)[opened]
    return JsonResponse({"key": opened, "below": [told(one).plain() for one in below]})


@access(*READS)
@never_cache
@require_safe
def paper(request: HttpRequest) -> HttpResponse:
    """One sheet of A3, to be printed or kept as a PDF by the browser."""
    read, today = reading(request, READS), timezone.localdate()
    opened = way(read.grant, request.GET.get("path", read.grant.path)[:LONGEST], today)
    asked = urlencode({"path": opened[-1], "as": read.at})
    return render(request, "graph/paper.html", {
        "title": say("graph.title"), "place": node(read.grant, opened[-1], today).name,
        "on": today, "asked": asked, "back": urlencode({"at": opened[-1], "as": read.at}),
    })  # fmt: skip


@access(*READS)
@never_cache
@require_safe
def drawing(request: HttpRequest) -> HttpResponse:
    """The sheet itself: what lies below a place, as deep as fits on it."""
    read, today = reading(request, READS), timezone.localdate()
    opened = way(read.grant, request.GET.get("path", read.grant.path)[:LONGEST], today)
    root = node(read.grant, opened[-1], today)
    sheet = drawn(grown(root, read.grant, today))
    facts = {"sheet": sheet, "title": say("graph.title"), "on": today}
    facts["place"] = root.name.translate(SIGNS)
    made = render(request, "graph/drawing.svg", facts, content_type="image/svg+xml")
    made["Content-Disposition"] = f'inline; filename="lianxin-graph-{opened[-1]}.svg"'
    return made


def way(reader: Grant, key: str, on: date) -> list[str]:
    """The keys from the reader's place down to a node. Raises Http404 for what lies elsewhere, is
    no more, or is not for this reader: nobody learns which."""
    found = nodes.line(reader, key, on) if key.isascii() and key.replace("-", "").isalnum() else []
    if not found:
        raise Http404
    return found


def node(reader: Grant, key: str, on: date) -> Node:
    """Raises Http404, like `way`."""
    found = nodes.node(key, reader, on)
    if found is None:
        raise Http404
    return found


def hit(one: Found, at: int) -> dict[str, Any]:
    """A result, with the address that opens the tree down to it."""
    said = [say(f"graph.role.{one.role}"), one.name, one.where] if one.person else [one.where]
    kind = say(f"graph.kind.{one.kind}")
    parts: Sequence[str] = [kind, *(part for part in said if part)]
    address = f"?{urlencode({'at': one.key, 'as': at})}#n-{one.key}"
    return {"name": one.person or one.name, "about": " · ".join(parts), "href": address}
