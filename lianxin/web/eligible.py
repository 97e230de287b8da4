"""`/eligible`: who may apply for a reserved post today, and of everybody why or why not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lianxin.core.career.eligible import CALLED, Answer
from lianxin.growth.careers import careers
from lianxin.growth.models import Fact, ReservedPost
from lianxin.growth.queries.eligible import Judged, judged, rules, workers_under
from lianxin.registry.models.placed import READS
from lianxin.registry.queries import names
from lianxin.web.access import access
from lianxin.web.posts import Reading, reading
from lianxin.web.words import say, speak

MANY = 50  # people on one page
SHOWS = ("yes", "open", "no")  # who may, of whom something is not known, who may not


@dataclass(frozen=True, slots=True)
class Line:
    """One person: what they hold, and each condition as a sentence with its colour."""

    name: str
    post: str
    told: list[tuple[str, str, str]]  # what it is about, the sentence, state


@access(*READS)
@never_cache
@require_safe
def eligible(request: HttpRequest) -> HttpResponse:
    """`kind` of post, `show` one of SHOWS, `page` from 1. Community workers of the post's place."""
    read, today = reading(request, READS), timezone.localdate()
    known = rules(today)
    kind = chosen(request, "kind", tuple(known))
    found = judged(kind, workers_under(read.path, today), today)
    split = {show: [j for j in found if stands(j) == show] for show in SHOWS}
    show = chosen(request, "show", SHOWS)
    page, shown = paged(request, split[show])
    asked = {"as": read.at, "kind": kind}
    return render(request, "growth/eligible.html", {
        **read.facts, "title": say("eligible.title"), "rule": known[kind], "show": show,
        "kinds": [(name, speak(rule.words), name == kind) for name, rule in known.items()],
        "tabs": [(s, len(split[s]), f"?{urlencode({**asked, 'show': s})}") for s in SHOWS],
        "rows": lines(shown, today), "all": len(found), "posts_left": left(read, kind, today),
        "next": more(asked | {"show": show}, page, len(split[show])),
    })  # fmt: skip


def chosen(request: HttpRequest, name: str, among: tuple[str, ...]) -> str:
    asked = request.GET.get(name, "")
    return asked if asked in among else among[0]


def stands(found: Judged) -> str:
    """`open`: nothing speaks against it, and something is not known."""
    if found.may:
        return "yes"
    missing = found.wrong is None and all(a.holds is not False for a in found.answers)
    return "open" if missing else "no"


def paged(request: HttpRequest, rows: list[Judged]) -> tuple[int, list[Judged]]:
    asked = request.GET.get("page", "1")
    page = max(1, int(asked[:6])) if asked.isascii() and asked.isdecimal() else 1
    return page, rows[(page - 1) * MANY : page * MANY]


def more(asked: dict[str, Any], page: int, n: int) -> str | None:
    return f"?{urlencode({**asked, 'page': page + 1})}" if page * MANY < n else None


def left(read: Reading, kind: str, today: date) -> tuple[int, int]:
    """Reserved posts of this year there: how many nobody has yet, of how many."""
    found = ReservedPost.objects.under([read.grant]).filter(kind=kind, year=today.year)
    return found.filter(person=None).count(), found.count()


# ── in words ─────────────────────────────────────────────────────────────────────────────────────


def lines(found: Iterable[Judged], today: date) -> list[Line]:
    rows = list(found)
    people = [j.person for j in rows]
    called, posts = names(people=people)["people"], posts_of(people, today)
    return [
        Line(called[str(j.person)], posts.get(j.person, ""), list(map(told, j.answers)) or wrong())
        for j in rows
    ]


def posts_of(people: list[int], today: date) -> dict[int, str]:
    """What each is in the career's own words; the latest."""
    table = careers().on(today).posts
    rows = Fact.objects.filter(person__in=people, kind=Fact.Kind.POST, since__lte=today)
    found = rows.order_by("since", "pk").values_list("person_id", "name")
    return {person: speak(table[name].words) for person, name in found if name in table}


def told(answer: Answer) -> tuple[str, str, str]:
    """The condition, how it stands, its colour."""
    how = {True: "yes", False: "no", None: "open"}[answer.holds]
    facts = {n: listed(v) if isinstance(v, tuple) else v for n, v in answer.facts.items()}
    state = {"yes": "done", "no": "late", "open": "waiting"}[how]
    key = f"eligible.conditions.{answer.what}.{how}"
    return speak(CALLED[answer.what]), say(key, **facts), state


def listed(values: tuple[Any, ...]) -> str:
    """Posts, degrees and certificates by their words, years as they are."""
    table = careers().rows[-1]
    known = {**table.posts, **table.degrees, **table.certificates}
    comma = say("orders.story.comma")
    return comma.join(speak(known[v].words) if v in known else str(v) for v in values)


def wrong() -> list[tuple[str, str, str]]:
    return [(say("eligible.conditions.career.title"), say("eligible.conditions.career.no"), "late")]
