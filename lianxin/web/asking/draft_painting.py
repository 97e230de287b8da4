"""`/file/paint`: a photo is painted over before it is sent; the photo as it was is thrown away."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from lianxin.core.step.refused import Refused
from lianxin.orders.models import Photo
from lianxin.orders.painting import cover_loose
from lianxin.orders.refusal import status
from lianxin.web.access import access
from lianxin.web.api.pace import pictures
from lianxin.web.asking.draft import Draft
from lianxin.web.asking.file import SEEN, ask_what, told, typed
from lianxin.web.forms.uploads import is_uuid
from lianxin.web.photo.drawing import Drawing
from lianxin.web.photo.painting import PAINT, canvas, changed, said
from lianxin.web.words import say


@access("anyone")
@never_cache
def paint(request: HttpRequest) -> HttpResponse:
    """The draft says which photos are its own: nobody paints on another's."""
    if request.method != "POST":
        return HttpResponseRedirect(reverse("file"))
    draft = typed(request)[0] if "text" in request.POST else Draft.of(request)
    photo = loose(draft, request.POST.get("paint", ""))
    do = said(request)
    if photo is None or do == "leave":
        return ask_what(request, draft)
    drawing = Drawing.of(photo, request.POST)
    if do not in PAINT or "tap.x" in request.POST:
        return draw(request, draft, photo, changed(drawing, request, do))
    if not drawing.parts:
        return draw(request, draft, photo, drawing, say("photos.paint.no_part"), 422)
    try:
        pictures.keep(request)
        cover_loose(photo, [list(part) for part in drawing.parts])
    except Refused as no:
        return draw(request, draft, photo, drawing, told(no), status(no))
    messages.success(request, say("photos.paint.loose_done"))
    return ask_what(request, draft)


def loose(draft: Draft, id: str) -> Photo | None:
    """A photo of the draft that no order has yet."""
    if id not in draft.photos or not is_uuid(id):
        return None
    return Photo.objects.filter(pk=UUID(id), order=None).first()


def draw(
    request: HttpRequest, draft: Draft, photo: Photo, drawing: Drawing, wrong: str = "",
    code: int = 200,
) -> HttpResponse:  # fmt: skip
    facts = {
        **canvas(drawing), "draft": draft, "photo": photo, "wrong": wrong,
        "action": reverse("file_paint"),
        "picture": reverse("draft_photo", args=[signing.dumps(str(photo.pk), salt=SEEN)]),
    }  # fmt: skip
    return render(request, "file/paint.html", facts, status=code)
