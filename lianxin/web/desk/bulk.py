"""`/desk/bulk`: one step for several orders of a list, and what became of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from lianxin.core.flow.page import Page, Step
from lianxin.core.step.order import Order as Kernel
from lianxin.core.step.refused import Refused
from lianxin.core.step.who import Grant
from lianxin.orders import actions
from lianxin.orders.actions import Done
from lianxin.orders.book import book
from lianxin.orders.bulk import Press, take_many
from lianxin.orders.models import Order
from lianxin.orders.queries import Row, rows
from lianxin.orders.refusal import sentence
from lianxin.orders.sight import unit_parties
from lianxin.web.access import access
from lianxin.web.desk import bulk_replies
from lianxin.web.desk.cards import Card, card
from lianxin.web.desk.lists import DESKS
from lianxin.web.forms import StepForm
from lianxin.web.forms.opening import Opening, Spot
from lianxin.web.forms.step import number as whole
from lianxin.web.nav import AT_DESK, CLERK
from lianxin.web.order.telling import PHOTOS
from lianxin.web.posts import Reading, reading
from lianxin.web.words import say, tongue

LONGEST = 1000  # signs of the address of a list
MOST = 50  # orders of one go: what a page of a list shows
STEPS = ("dispatch", "keep", "urge", "remark", "comment")  # that are said of many in one breath


@dataclass(frozen=True, slots=True)
class Came:
    """What became of one order: `no` is why it did not go, "" where it did."""

    row: Card
    no: str
    nth: int = 0


@access(*AT_DESK, *CLERK)
@never_cache
@require_http_methods(["GET", "POST"])
def bulk(request: HttpRequest, name: str) -> HttpResponse:
    """Ticked orders (`n`, by number), a step to choose, its form; then each as it went."""
    read, now = reading(request, DESKS[name]), timezone.now()
    found = chosen(request, now)
    if not found:
        return HttpResponseRedirect(list_of(request, name, read))
    page = common(found)
    steps = offered(page, read.grant)
    data = request.POST if request.method == "POST" else request.GET
    step = next((s for s in steps if s.name == data.get("step")), steps[0] if steps else None)
    if step is None:
        return show(request, name, read, found, [], None, None)
    opening = opened(page, read.grant, found)
    leave = tuple(f for f in step.asked if page.field(f).type in PHOTOS)
    if request.method != "POST":
        blank = bulk_replies.offered(StepForm(opening, step, now, leave=leave))
        return show(request, name, read, found, steps, step, blank)
    sent = bulk_replies.put_in(page, step, request.POST)
    form = bulk_replies.offered(StepForm(opening, step, now, sent, leave=leave))
    if form.searching or not form.is_valid():
        if form.searching:
            form.unjudged()
        code = 200 if form.searching else 422
        return show(request, name, read, found, steps, step, form, code)
    return told(request, name, read, step, press(request, found, step, form, now))


@access(*AT_DESK, *CLERK)
@require_POST
def bulk_undo(request: HttpRequest, name: str) -> HttpResponse:
    """Take back what has just been done to several, each while nobody has acted on it."""
    read, now = reading(request, DESKS[name]), timezone.now()
    came = []
    for row in chosen(request, now):
        try:
            actions.undo(row.number, request.who, nth=seen(request, "e", row), now=now)  # type: ignore[attr-defined]
            came.append(Came(card(row), ""))
        except Refused as no:
            came.append(Came(card(row), sentence(no, tongue(), row.page)))
    return told(request, name, read, None, came)


def list_of(request: HttpRequest, name: str, read: Reading) -> str:
    """The list one came from, as it was narrowed; the whole list where none of ours is named."""
    asked = request.POST if request.method == "POST" else request.GET
    root, back = reverse(name), asked.get("back", "")
    path = back.partition("?")[0]
    ours = len(back) <= LONGEST and (path == root or path.startswith(f"{root}/"))
    return back if ours else f"{root}?as={read.at}"


# ── which orders, which steps ────────────────────────────────────────────────────────────────────


def chosen(request: HttpRequest, now: datetime) -> list[Row]:
    """The ticked orders that this reader sees, in the order of their numbers."""
    asked = request.POST if request.method == "POST" else request.GET
    numbers = {n[:40] for n in asked.getlist("n")[:MOST]}
    if not numbers:
        return []
    who = request.who  # type: ignore[attr-defined]
    found = Order.objects.visible_to(who).filter(number__in=numbers, kind="case")
    return rows(found.order_by("number"), now, limit=MOST, whole=True)


def common(found: Iterable[Row]) -> Page:
    """The page that most of them go by; the others are told that they have no such step."""
    flow = Counter((row.flow_name, row.since) for row in found).most_common(1)[0][0]
    return book().exact(*flow)


def offered(page: Page, grant: Grant) -> list[Step]:
    """The steps of many that this post may take at all; whether on each, the kernel says."""
    mine = {grant.role} | (set(unit_parties()) if grant.unit else set())
    named = (page.steps[name] for name in STEPS if name in page.steps)
    return [s for s in named if mine & set(s.by)]


def opened(page: Page, grant: Grant, found: list[Row]) -> Opening:
    """What the form stands on: the place of the post, the category if all have the same."""
    kinds = {row.category for row in found}
    fields = {"category": kinds.pop()} if len(kinds) == 1 else {}
    path = grant.path or found[0].path
    return Opening(page, Kernel("", page.flow, page.since, path, path, fields=fields), Spot(path))


def seen(request: HttpRequest, mark: str, row: Row) -> int | None:
    """What the reader had seen of an order when the form was opened."""
    return whole(request.POST.get(f"{mark}_{row.number}", ""))


# ── pressing, and telling of it ──────────────────────────────────────────────────────────────────


def press(
    request: HttpRequest, found: list[Row], step: Step, form: StepForm, now: datetime
) -> list[Came]:
    """All in one transaction; an order that is refused harms no other. Sent twice, done once."""
    who, given = request.who, form.answers()  # type: ignore[attr-defined]
    presses = [
        Press(who, step.name, given, number=row.number, visit=seen(request, "v", row),
              key=f"{form.key}:{row.number}"[:100])
        for row in found
    ]  # fmt: skip
    answers = take_many(presses, now=now)
    return [came(row, answer) for row, answer in zip(found, answers, strict=True)]


def came(row: Row, answer: Done | Refused) -> Came:
    if isinstance(answer, Done):
        return Came(card(row), "", answer.nth)
    return Came(card(row), sentence(answer, tongue(), row.page))


def told(
    request: HttpRequest, name: str, read: Reading, step: Step | None, found: list[Came]
) -> HttpResponse:
    done = [one for one in found if not one.no]
    what = step.words if step else say("orders.press.undo")
    return render(request, "lists/bulk_done.html", {
        **read.facts, "name": name, "done": done, "not_done": [o for o in found if o.no],
        "title": say("bulk.done", step=what, n=len(done), all=len(found)),
        "undo": step is not None and bool(done), "back": list_of(request, name, read),
    })  # fmt: skip


def show(
    request: HttpRequest, name: str, read: Reading, found: list[Row], steps: list[Step],
    step: Step | None, form: StepForm | None, code: int = 200,
) -> HttpResponse:  # fmt: skip
    sent = {row.number: seen(request, "v", row) for row in found} if code != 200 else {}
    visits = [(card(r), sent.get(r.number) or (r.order.visit if r.order else 0)) for r in found]
    return render(request, "lists/bulk.html", {
        **read.facts, "name": name, "title": say("bulk.title", n=len(found)), "rows": visits,
        "steps": steps, "step": step, "form": form, "back": list_of(request, name, read),
        "query": "&".join(f"n={row.number}" for row in found),
    }, status=code)  # fmt: skip
