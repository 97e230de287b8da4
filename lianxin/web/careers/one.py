"""`/career`: one's own career, grade and pay; `/careers/<person>`: of who works at one's place."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from lianxin.growth.actions import shown
from lianxin.growth.fact_kinds import kinds
from lianxin.growth.queries.workers import keeps, reads
from lianxin.registry.models import Person
from lianxin.registry.models.placed import READS
from lianxin.registry.refusal import NotPossible
from lianxin.web.access import access
from lianxin.web.account.mine import me
from lianxin.web.careers.sheet import sheet
from lianxin.web.why_not import why_not
from lianxin.web.words import speak


def read(request: HttpRequest, key: int) -> Person:
    """Somebody whose career the reader may see. Raises Http404."""
    who, day = request.who, timezone.localdate()  # type: ignore[attr-defined]
    person = Person.objects.filter(pk=key).first()
    if person is None or not reads(who, key, day):
        raise Http404
    return person


def kept(request: HttpRequest, key: int) -> Person:
    """Somebody whose career the reader writes. Raises Http404."""
    who, day = request.who, timezone.localdate()  # type: ignore[attr-defined]
    person = Person.objects.filter(pk=key).first()
    if person is None or not keeps(who, key, day):
        raise Http404
    return person


@access("person")
@never_cache
@require_safe
def own(request: HttpRequest) -> HttpResponse:
    facts = sheet(me(request), timezone.localdate()) | {"own": True}
    return render(request, "careers/career.html", facts)


@access(*READS)
@never_cache
@require_safe
def career(request: HttpRequest, key: int) -> HttpResponse:
    return shown_to(request, read(request, key))


def shown_to(request: HttpRequest, person: Person, status: int = 200, **more: Any) -> HttpResponse:
    day = timezone.localdate()
    facts = sheet(person, day) | more
    if keeps(request.who, person.pk, day):  # type: ignore[attr-defined]
        facts |= {"keeps": True, "masked": shown.masked(person), "kinds": adding()}
    return render(request, "careers/career.html", facts, status=status)


def adding() -> list[tuple[str, str]]:
    """What can be written down, by kind."""
    return [(kind, speak(words)) for kind, words in kinds().items()]


@access(*READS)
@never_cache
@require_POST
def particulars(request: HttpRequest, key: int) -> HttpResponse:
    """Birth and identity number in clear, in the place of the button that asked, or on the page."""
    person = kept(request, key)
    try:
        plain = shown.clear(request.who, person, timezone.now())  # type: ignore[attr-defined]
    except NotPossible as no:
        facts: dict[str, Any] = {"sentence": why_not(no)}
    else:
        facts = {"clear": plain}
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "careers/clear.html", facts)
    return shown_to(request, person, 429 if "sentence" in facts else 200, **facts)
