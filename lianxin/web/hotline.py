"""`/hotline`: a hotline's sheet taken in at the desk: checked first, filed whole, taken back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from lianxin.orders.hotline import batches, import_hotline, undo_hotline
from lianxin.registry.actions import Stamp
from lianxin.registry.imports.outcome import Outcome
from lianxin.registry.refusal import NotPossible
from lianxin.registry.sheets.finding import Finding
from lianxin.web.access import access
from lianxin.web.findings import as_xlsx, remedy, visible, what
from lianxin.web.posts import Reading, reading
from lianxin.web.why_not import why_not
from lianxin.web.words import say, tongue

DESK = ("desk",)
LARGEST = 20 * 1024 * 1024  # bytes; a day of a province has a tenth of it
SHOWN = 200  # findings on the page; the report has all
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@access(*DESK)
@never_cache
@require_http_methods(["GET", "POST"])
def hotline(request: HttpRequest) -> HttpResponse:
    """`do`: `check` (nothing is written), `report` (the findings as a sheet), `all`, `good`."""
    read = reading(request, DESK)
    if request.method != "POST":
        return show(request, read)
    sent, do = request.FILES.get("file"), request.POST.get("do", "check")
    if sent is None or not sent.size:
        return show(request, read, wrong=say("hotline.no_file"), code=422)
    if sent.size > LARGEST:
        return show(request, read, wrong=say("hotline.too_large", mb=LARGEST >> 20), code=413)
    outcome = import_hotline(
        sent.read(), sent.name or "", request.who, read.grant,  # type: ignore[attr-defined]
        Stamp(request.user, timezone.now()),  # type: ignore[arg-type]
        check=do not in ("all", "good"), good_rows=do == "good",
    )  # fmt: skip
    if do == "report":
        return sheet(outcome)
    return show(request, read, outcome, code=422 if outcome.errors and not outcome.batch else 200)


@access(*DESK)
@require_POST
def hotline_undo(request: HttpRequest, id: int) -> HttpResponse:
    """One's own import; anybody else's is not there."""
    mine = {row.pk: row for row in batches(request.who)}  # type: ignore[attr-defined]
    if id in mine:
        try:
            undone = undo_hotline(mine[id], Stamp(request.user, timezone.now()))  # type: ignore[arg-type]
        except NotPossible as no:
            messages.error(request, why_not(no))
        else:
            told = {"removed": undone.removed, "kept": len(undone.kept)}
            messages.success(request, say("hotline.undone", **told))
            if undone.kept:
                kept = say("orders.story.list").join(undone.kept[:20])
                messages.info(request, say("hotline.kept", numbers=kept))
    return HttpResponseRedirect(reverse("hotline"))


def sheet(outcome: Outcome) -> HttpResponse:
    name = f"lianxin-hotline-{timezone.localdate():%Y%m%d}.xlsx"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(as_xlsx(outcome.findings), content_type=XLSX, headers=headers)


def show(
    request: HttpRequest, read: Reading, outcome: Outcome | None = None, *, wrong: str = "",
    code: int = 200,
) -> HttpResponse:  # fmt: skip
    facts: dict[str, Any] = {}
    if outcome:
        ordered = sorted(outcome.findings, key=lambda f: f.level != "error")
        facts = {
            "outcome": outcome, "findings": [told(f) for f in ordered[:SHOWN]],
            "rest": max(0, len(ordered) - SHOWN),
        }  # fmt: skip
    return render(request, "lists/hotline.html", {
        **read.facts, **facts, "title": say("hotline.title"), "wrong": wrong,
        "batches": batches(request.who),  # type: ignore[attr-defined]
    }, status=code)  # fmt: skip


def told(finding: Finding) -> tuple[str, str, str, str]:
    """(level, where, what, what would be right)."""
    lang = tongue()
    said = (what(finding, lang), remedy(finding, lang))
    return (finding.level, finding.where, *(visible(text) for text in said))
