"""`/me/data`: all the house holds of who reads it, to take along, correct and have erased."""

from __future__ import annotations

import io
import json
from datetime import date, datetime
from typing import Any

import xlsxwriter
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from lianxin.growth.actions.own_data import ask, erasable, erase
from lianxin.growth.fact_kinds import called, kinds
from lianxin.growth.keeping import OURS, keeping
from lianxin.growth.queries.own_data import Section, Value, own_data
from lianxin.registry.actions import Stamp
from lianxin.registry.refusal import NotPossible
from lianxin.registry.roles import all_roles
from lianxin.web import moments
from lianxin.web.access import access
from lianxin.web.account.mine import me
from lianxin.web.demo_flag import is_demo
from lianxin.web.desk.sheets import TYPES
from lianxin.web.why_not import why_not
from lianxin.web.words import rows as texts
from lianxin.web.words import say, speak

JSON = "application/json; charset=utf-8"


@access("person")
@never_cache
@require_safe
def data(request: HttpRequest) -> HttpResponse:
    return page(request)


def page(request: HttpRequest, problem: str = "", text: str = "") -> HttpResponse:
    person = me(request)
    stamp = Stamp(person, timezone.now())
    there = {section.name: section for section in own_data(person)}
    may = erasable(person, stamp)
    return render(request, "own_data/data.html", {
        "sections": [shown(section) for section in there.values() if section.rows],
        "kept": [kept(row, may) for row in keeping()], "may": [n for n in OURS if n in may],
        "problem": problem, "text": text,
    }, status=422 if problem else 200)  # fmt: skip


def kept(row: Any, may: list[str]) -> dict[str, Any]:
    return {
        "name": row.name, "words": row.words, "basis": row.basis, "term": row.term,
        "erasable": row.name in may,
    }  # fmt: skip


def shown(section: Section) -> dict[str, Any]:
    """A section as pairs, one list for each row; what is empty is left out."""
    rows = [
        [(say(f"own_data.column.{name}"), cell(section.name, name, value))
         for name, value in fact.items() if value not in (None, "")]
        for fact in section.facts
    ]  # fmt: skip
    return {"name": section.name, "rows": rows, "title": say(f"own_data.section.{section.name}")}


def cell(section: str, name: str, value: Value) -> str:
    """A value in words where there are any."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return moments.moment(value)
    if isinstance(value, date):
        return f"{value:%Y-%m-%d}"
    if name == "role" and value in all_roles():
        return speak(all_roles()[str(value)].words)
    if section == "career" and name == "kind":
        return speak(kinds()[str(value)])
    if name in ("what", "post"):
        found = (called(kind, str(value)) for kind in ("post", "degree", "certificate", "result"))
        return next((speak(words) for words in found if words.zh != value), str(value))
    key = f"own_data.value.{name}.{value}"
    return say(key) if key in texts() else str(value)


@access("person")
@never_cache
@require_safe
def file(request: HttpRequest, kind: str) -> HttpResponse:
    """All of it to take along: as a sheet with a page for each register, or for programs."""
    person = me(request)
    sections = own_data(person)
    if kind == "json":
        told = {section.name: section.facts for section in sections}
        body = json.dumps(told, default=plain, ensure_ascii=False, indent=1).encode()
    elif kind == "xlsx":
        body = as_xlsx(sections)
    else:
        raise Http404
    name = f"lianxin-{person.username}-{timezone.localdate():%Y%m%d}.{kind}"
    return HttpResponse(body, content_type=JSON if kind == "json" else TYPES[kind], headers={
        "Content-Disposition": f'attachment; filename="{ascii_of(name)}"',
        "Cache-Control": "private, no-store",
    })  # fmt: skip


def ascii_of(name: str) -> str:
    """A username may be Chinese, a header may not.

    >>> ascii_of("lianxin-李-1.json"), ascii_of('a"b.json')
    ('lianxin-_-1.json', 'a_b.json')
    """
    return "".join(c if c.isascii() and (c.isalnum() or c in "-_.") else "_" for c in name)


def plain(value: Any) -> str:
    return str(value.isoformat()) if isinstance(value, date) else str(value)


def as_xlsx(sections: list[Section]) -> bytes:
    out = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    with xlsxwriter.Workbook(out, options) as book:
        for section in sections:
            sheet = book.add_worksheet(say(f"own_data.section.{section.name}")[:31])
            head = [say(f"own_data.column.{name}") for name in section.columns]
            body = [[cell(section.name, *pair) for pair in row.items()] for row in section.facts]
            above = [[say("shell.demo")]] if is_demo() else []
            for n, row in enumerate([*above, head, *body]):
                for m, value in enumerate(row):
                    sheet.write_string(n, m, value)
            sheet.set_column(0, len(head), 18)
    return out.getvalue()


@access("person")
@require_POST
def gone(request: HttpRequest) -> HttpResponse:
    """Erases what was ticked."""
    person = me(request)
    try:
        names = erase(Stamp(person, timezone.now()), person, request.POST.getlist("what"))
    except NotPossible as no:
        return page(request, why_not(no))
    key = "own_data.erased" if names else "own_data.nothing_there"
    messages.success(request, say(key))
    return redirect("me_data")


@access("person")
@require_POST
def wrong(request: HttpRequest) -> HttpResponse:
    """Something about oneself is wrong: said in one's own words, answered by whoever keeps it."""
    person, text = me(request), request.POST.get("text", "").replace("\0", "")
    try:
        ask(Stamp(person, timezone.now()), person, text)
    except NotPossible as no:
        return page(request, why_not(no), text)
    messages.success(request, say("own_data.asked"))
    return redirect("me_data")
