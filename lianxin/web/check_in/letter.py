"""A unit's letter of thanks for a year, as DOCX: who served, how many hours, for what."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lianxin.core.step.who import Grant
from lianxin.orders.looks import SHEET, looked
from lianxin.orders.thanked import thanked
from lianxin.registry.models import CheckIn, Unit
from lianxin.registry.models.placed import UNIT_READS
from lianxin.registry.queries import standing
from lianxin.web.access import access
from lianxin.web.check_in.paper import as_docx
from lianxin.web.posts import held
from lianxin.web.words import say

WRITERS = (*UNIT_READS, "desk")
FIRST, BACK = 2017, 3  # the first year there can be one of; how many are offered
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@access(*WRITERS)
@never_cache
@require_safe
def letter(request: HttpRequest, key: int, year: int) -> HttpResponse:
    """For the unit's clerk of all its members, for a desk of those who live there. That the names
    left the house is written down."""
    unit, today = Unit.objects.filter(pk=key).first(), timezone.localdate()
    clerk, grants = grants_for(request, key)
    known = clerk or CheckIn.objects.under(grants).filter(unit=key).exists()
    if unit is None or not known or not FIRST <= year <= today.year:
        raise Http404
    rows = thanked(key, year, grants)
    if not rows:
        messages.info(request, say("check_in.letter.nobody", year=year))
        return redirect("unit_communities", key=key) if clerk else redirect("partners")
    name, path = standing(grants[:1])[0]
    looked(request.who, SHEET, n=len(rows), path=path, about=f"letter unit={key} year={year}")  # type: ignore[attr-defined]
    file = as_docx(unit.name, year, rows, "" if clerk else name, today)
    headers = {
        "Content-Disposition": f'attachment; filename="lianxin-letter-{key}-{year}.docx"',
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(file, content_type=DOCX, headers=headers)


def grants_for(request: HttpRequest, key: int) -> tuple[bool, list[Grant]]:
    """Whether the reader is a clerk of this unit, and by which posts they read of it."""
    posts = held(request, WRITERS)
    own = [grant for grant in posts if grant.unit == str(key)]
    return bool(own), own or [grant for grant in posts if not grant.unit]


def years_of(today: date) -> list[int]:
    """The years a letter may be asked for, this one first."""
    return [year for year in range(today.year, today.year - BACK, -1) if year >= FIRST]
