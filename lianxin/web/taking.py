"""A sheet taken in at a page: checked first, written whole, reported as a sheet, taken back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from lianxin.registry.actions import Stamp
from lianxin.registry.imports.outcome import Outcome, batches_of
from lianxin.registry.models import Batch
from lianxin.registry.refusal import NotPossible
from lianxin.registry.sheets.finding import Finding
from lianxin.web.desk.sheets import TYPES
from lianxin.web.findings import as_xlsx, remedy, visible, what
from lianxin.web.posts import Reading
from lianxin.web.why_not import why_not
from lianxin.web.words import say, tongue

LARGEST = 20 * 1024 * 1024  # bytes; a day of a province's hotline has a tenth of it
SHOWN = 200  # findings on the page; the report has all
NAMED = 20  # of what an undo keeps


class Take(Protocol):
    """Takes the bytes of a file in, or only checks them."""

    def __call__(
        self, data: bytes, file_name: str, stamp: Stamp, *, check: bool, good_rows: bool
    ) -> Outcome: ...


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of sheet at its page. `what`: of its batches. `words`: where its own words stand
    (is, columns, done, stopped, checked, read, n). `back`: the address that takes a batch back."""

    what: str
    words: str
    title: str
    back: Callable[[int], str]
    more: Mapping[str, Any] = field(default_factory=dict)


def page(request: HttpRequest, read: Reading, kind: Kind, take: Take) -> HttpResponse:
    """`do`: `check` (nothing is written), `report` (the findings as a sheet), `all`, `good`."""
    if request.method != "POST":
        return show(request, read, kind)
    sent, do = request.FILES.get("file"), request.POST.get("do", "check")
    if sent is None or not sent.size:
        return show(request, read, kind, wrong=say("taking.no_file"), code=422)
    if sent.size > LARGEST:
        return show(request, read, kind, wrong=say("taking.too_large", mb=LARGEST >> 20), code=413)
    outcome = take(
        sent.read(), sent.name or "", Stamp(request.user, timezone.now()),  # type: ignore[arg-type]
        check=do not in ("all", "good"), good_rows=do == "good",
    )  # fmt: skip
    if do == "report":
        return report(kind, outcome)
    wrong = outcome.errors and not outcome.batch
    return show(request, read, kind, outcome, code=422 if wrong else 200)


def report(kind: Kind, outcome: Outcome) -> HttpResponse:
    name = f"lianxin-{kind.what}-{timezone.localdate():%Y%m%d}.xlsx"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(as_xlsx(outcome.findings), content_type=TYPES["xlsx"], headers=headers)


def show(
    request: HttpRequest, read: Reading, kind: Kind, outcome: Outcome | None = None, *,
    wrong: str = "", code: int = 200,
) -> HttpResponse:  # fmt: skip
    facts: dict[str, Any] = {**read.facts, **kind.more, "title": kind.title, "wrong": wrong}
    facts |= {name: say(f"{kind.words}.{name}", **kind.more) for name in ("is", "columns")}
    if outcome:
        facts |= came_of(kind, outcome)
    facts["batches"] = [
        {"row": batch, "n": say(f"{kind.words}.n", n=batch.rows), "back": kind.back(batch.pk)}
        for batch in batches_of(kind.what, int(request.who.id))  # type: ignore[attr-defined]
    ]
    return render(request, "lists/taking.html", facts, status=code)


def came_of(kind: Kind, outcome: Outcome) -> dict[str, Any]:
    """What the page says of a sheet, errors first."""
    ordered = sorted(outcome.findings, key=lambda f: f.level != "error")
    how, n = "checked", outcome.made + outcome.changed
    if outcome.batch:
        how = "done"
    elif outcome.errors:
        how, n = "stopped", len(outcome.errors)
    counts = {name: getattr(outcome, name) for name in ("rows", "made", "changed", "same", "bad")}
    return {
        "heading": say(f"{kind.words}.{how}", n=n), "counts": say(f"{kind.words}.read", **counts),
        "findings": [told(f) for f in ordered[:SHOWN]], "rest": max(0, len(ordered) - SHOWN),
    }  # fmt: skip


def told(finding: Finding) -> tuple[str, str, str, str]:
    """(level, where, what, what would be right)."""
    lang = tongue()
    said = (what(finding, lang), remedy(finding, lang))
    return (finding.level, finding.where, *(visible(text) for text in said))


def take_back(
    request: HttpRequest, what: str, id: int, undo: Callable[[Batch, Stamp], tuple[str, list[str]]]
) -> None:
    """One's own import; anybody else's is not there. `undo` says what it did, and names of what
    stays."""
    mine = {row.pk: row for row in batches_of(what, int(request.who.id))}  # type: ignore[attr-defined]
    if id not in mine:
        messages.error(request, say("taking.not_there"))
        return
    try:
        done, kept = undo(mine[id], Stamp(request.user, timezone.now()))  # type: ignore[arg-type]
    except NotPossible as no:
        messages.error(request, why_not(no))
        return
    messages.success(request, done)
    if kept:
        names = say("orders.story.list").join(visible(name) for name in kept[:NAMED])
        messages.info(request, say("taking.kept", names=names))
