"""A card of a thumb list: drawn once as long as it says the same, its forms' own keys put in."""

from __future__ import annotations

from functools import lru_cache
from uuid import uuid4

from django import template
from django.template.context import RequestContext
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from lianxin.web.desk.cards import Card
from lianxin.web.once import KEY, TOKEN, cut, filled
from lianxin.web.words import tongue

register = template.Library()
KEPT = 6000  # cards, some two thousand bytes each


@register.simple_tag(takes_context=True)
def thumb(context: RequestContext, row: Card) -> SafeString:
    """Pressed twice a form is one: each draws a key of its own."""
    token = str(context.get("csrf_token", ""))
    return filled(drawn(row, tongue()), {TOKEN: token, KEY: lambda: str(uuid4())})


@lru_cache(maxsize=KEPT)
def drawn(row: Card, lang: str) -> tuple[str, ...]:
    facts = {"row": row, "csrf_token": TOKEN, "key": KEY}
    return cut(render_to_string("lists/card.html", facts))
