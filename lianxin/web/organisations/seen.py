"""Which organisation somebody may open, and what they may do there."""

from __future__ import annotations

from django.http import Http404, HttpRequest

from lianxin.core.step.who import Who
from lianxin.registry.models import Officer, Organisation
from lianxin.web.coverage.place import keeps

LONGEST = 1000  # signs of an address
SAFE = ("/coverage", "/organisations", "/rolls", "/graph")  # where one may be sent back to


def one(request: HttpRequest, key: int) -> Organisation:
    """Of the reader's places, or one they hold an office in."""
    found = Organisation.objects.visible_to(request.who).filter(pk=key)  # type: ignore[attr-defined]
    row = found.select_related("area", "parent__area", "successor").first()
    if row is None:
        raise Http404
    return row


def kept(request: HttpRequest, row: Organisation) -> bool:
    """Whether the reader changes it: a desk or a secretary at its place or over it."""
    return keeps(request.who, row.area.path)  # type: ignore[attr-defined]


def serves(who: Who, row: Organisation) -> bool:
    """Whether the reader holds an office there, and so may write down what it took part in."""
    held = Officer.objects.filter(organisation=row, until=None, person=int(who.id or 0))
    return held.exists()


def back_to(request: HttpRequest, usual: str) -> str:
    """Where one came from, if that is a page of ours."""
    asked = str((request.POST or request.GET).get("back", ""))
    path = asked.partition("?")[0]
    ours = any(path == root or path.startswith(f"{root}/") for root in SAFE)
    plain = len(asked) < LONGEST and "\\" not in asked and "//" not in path
    return asked if ours and plain else usual
