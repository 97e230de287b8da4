"""Photos sent with a form: taken in before the form is judged, so that a mistake loses none."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest

from lianxin.core.flow.page import Page, Step
from lianxin.core.step.refused import Refused
from lianxin.orders import photos
from lianxin.orders.models import Photo
from lianxin.web.api.pace import pictures

MOST = 9  # photos of one answer; a phone's album offers no fewer
PHOTOS = ("photo", "file")


@dataclass
class Uploads:
    """Ids of photos by field, kept from before or just taken in; and what could not be taken."""

    kept: dict[str, list[str]] = field(default_factory=dict)
    refused: dict[str, Refused] = field(default_factory=dict)
    wrong: dict[str, str] = field(default_factory=dict)


def take(
    request: HttpRequest, page: Page, step: Step, now: datetime, more: tuple[str, ...] = ()
) -> Uploads:
    """Take in what was sent under the photo fields of a step, and under these besides."""
    found = Uploads()
    by = request.user.pk if request.user.is_authenticated else None
    names = (name for name in step.asked if page.field(name).type in PHOTOS)
    for name in (*names, *more):
        ids = still_mine(request.POST.getlist(f"_kept_{name}"), by)
        try:
            for sent in request.FILES.getlist(name)[: max(MOST - len(ids), 0)]:
                if by is None:
                    pictures.keep(request)
                ids.append(str(photos.take_in(sent, by, now).pk))
        except Refused as no:
            found.refused[name] = no
        found.kept[name] = ids
    return found


def still_mine(sent: list[str], by: int | None) -> list[str]:
    """Ids of photos this person took in and no order has yet, in the order they were sent."""
    wanted = [id for id in sent[:MOST] if is_uuid(id)]
    mine = set(Photo.objects.filter(pk__in=wanted, by=by, order=None).values_list("pk", flat=True))
    return [id for id in wanted if UUID(id) in mine]


def is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
