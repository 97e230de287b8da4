"""The head of every page: drawn once for all who would see the same; then name, address and token
of the reader are put in."""

from __future__ import annotations

from functools import lru_cache

from django import template
from django.template.context import RequestContext
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from lianxin.web.nav import Way, addresses
from lianxin.web.notices import Bell
from lianxin.web.once import HERE, NAME, TOKEN, cut, filled
from lianxin.web.switches import Switches
from lianxin.web.templatetags.speech import foreign, site
from lianxin.web.words import tongue

register = template.Library()


@register.simple_tag(takes_context=True)
def bar(context: RequestContext) -> SafeString:
    request, user = context.get("request"), context.get("user")
    path = request.path if request else ""
    signed_in = bool(user and user.is_authenticated)
    pieces = drawn(
        tongue(), site(), tuple(context.get("ways") or ()), path if path in addresses() else "",
        bool(context.get("plain")), context.get("switches"), str(context.get("keeps") or ""),
        context["bell"]() if signed_in and not context.get("plain") else None,
        signed_in, bool(context.get("keeps_accounts")), bool(context.get("reads_people")),
    )  # fmt: skip
    return filled(pieces, {
        TOKEN: context.get("csrf_token", ""), HERE: request.get_full_path() if request else "",
        NAME: foreign(user.name or user.username) if signed_in else "",
    })  # fmt: skip


@lru_cache(maxsize=1000)
def drawn(
    lang: str, site: str, ways: tuple[Way, ...], path: str, plain: bool, switches: Switches | None,
    keeps: str, ring: Bell | None, signed_in: bool, keeps_accounts: bool,
    reads_people: bool,
) -> tuple[str, ...]:  # fmt: skip
    """The head in pieces, each mark a piece of its own. `path`: which of the ways is open."""
    facts = {
        "site": site, "ways": ways, "path": path, "plain": plain, "switches": switches,
        "keeps": keeps, "ring": ring, "signed_in": signed_in, "keeps_accounts": keeps_accounts,
        "reads_people": reads_people,
        "works": any(way.works for way in ways), "csrf_token": TOKEN, "here": HERE, "name": NAME,
    }  # fmt: skip
    return cut(render_to_string("parts/bar.html", facts))
