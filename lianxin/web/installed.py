"""The house as an app on a phone: its name there, and what of it is kept for no network."""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lianxin.place import place
from lianxin.web.access import access
from lianxin.web.switches import CODES, TAGS
from lianxin.web.words import say

PAPER = "#FBFAF7"  # as in tokens.css: the bar of the phone is of the page's paper
ICONS = (
    {"src": "icon-192.png", "sizes": "192x192", "type": "image/png"},
    {"src": "icon-512.png", "sizes": "512x512", "type": "image/png"},
    {"src": "icon-round.png", "sizes": "512x512", "type": "image/png", "purpose": "maskable"},
    {"src": "mark.svg", "sizes": "any", "type": "image/svg+xml"},
)
# What the worker's script is made of, and what else the kept pages are drawn with.
PARTS = ("phone/store.js", "phone/parcel.js", "phone/send.js", "phone/worker.js")
SHELL = (
    "tokens.css", "dark.css", "app.css", "vendor/pico.min.css", "parts.css", "lists.css",
    "jot.css", "icons.svg", "mark.svg", "django_htmx/htmx-2.min.js", "app.js", "lists.js",
    "phone/store.js", "phone/parcel.js", "phone/send.js", "phone/aboard.js", "phone/picture.js",
    "phone/form.js", "phone/list.js",
)  # fmt: skip
POLICY = "default-src 'none'; script-src 'self'; connect-src 'self'"


@access("anyone")
@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """What a phone asks before it puts us among its apps. It asks without cookies, so that the
    page's language stands in the address."""
    lang = asked if (asked := request.GET.get("lang")) in CODES else "zh"
    name = place() or say("shell.site", lang)
    facts = {
        "id": "/today", "start_url": reverse("today"), "scope": "/", "display": "standalone",
        "name": name, "short_name": name[:12], "description": say("jot.app", lang),
        "lang": TAGS[lang], "dir": "ltr", "background_color": PAPER, "theme_color": PAPER,
        "icons": [icon | {"src": static(icon["src"])} for icon in ICONS],
        "shortcuts": [{"name": say("jot.title", lang), "url": reverse("jot")}],
    }  # fmt: skip
    plain = {"ensure_ascii": False}
    return JsonResponse(facts, content_type="application/manifest+json", json_dumps_params=plain)


@access("anyone")
@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The script that stands between the pages and the network; it lies at the root because it may
    speak only for what lies beneath it."""
    facts = {"version": version(), "shell": [static(name) for name in SHELL]}
    parts = ", ".join(json.dumps(static(name)) for name in PARTS)
    text = f"self.HOUSE = {json.dumps(facts)};\nimportScripts({parts});\n"
    headers = {"Cache-Control": "no-cache", "Content-Security-Policy": POLICY}
    return HttpResponse(text, content_type="text/javascript; charset=utf-8", headers=headers)


@lru_cache(maxsize=1)
def version() -> str:
    """Another one whenever a file of the shell is another: what is kept is then fetched anew."""
    found = hashlib.sha256()
    for name in dict.fromkeys((*SHELL, *PARTS)):
        found.update(Path(str(finders.find(name))).read_bytes())
    return found.hexdigest()[:12]


@access("anyone")
@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """What a phone shows in place of a page that it cannot fetch; about nobody in particular."""
    return render(request, "jot/offline.html", {"plain": True, "ways": ()})


@access("anyone")
@never_cache
@require_safe
def left(request: HttpRequest) -> HttpResponse:
    """After signing out on a phone that still holds what was not sent: that it is not lost."""
    n = int(said) if (said := request.GET.get("n", "")).isdecimal() and len(said) < 5 else 0
    return render(request, "jot/left.html", {"n": n, "plain": True})
