"""Photos: sent before the step that takes them in, shown to who may see their order."""

from typing import Any
from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.utils import timezone
from ninja import File, Router, Status, UploadedFile

from lianxin.core.step.refused import Refused
from lianxin.orders.photos import path_of, take_in
from lianxin.orders.queries.photo import hung, original, visible_photo
from lianxin.web.access import access
from lianxin.web.api import pace, shapes
from lianxin.web.api.auth import ANYONE, CALLER, who_of
from lianxin.web.api.operations import OPEN, says
from lianxin.web.photo.photos import FRESH

router = Router(tags=["photos"])
IMAGE = {"description": "the photo", "content": {"image/jpeg": {}}}


@router.post(
    "/photos", auth=ANYONE, openapi_extra=OPEN,
    response=says(201, shapes.PhotoOut, 400, 403, 413, 415, 422, 429, 507),
)  # fmt: skip
@access("anyone")
def send_photo(request: HttpRequest, photo: File[UploadedFile]) -> Any:
    """Keep one photo, without its hidden data; its id goes into the answers of a step."""
    who = who_of(request)
    if not who.id:
        pace.pictures.keep(request)
    kept = take_in(photo.file, int(who.id) if who.id else None, timezone.now())
    size = {"width": kept.width, "height": kept.height, "size": kept.size}
    return Status(201, {"id": str(kept.pk), **size})


@router.get(
    "/photos/{uuid:id}", auth=CALLER, response=says(200, None, 404),
    openapi_extra={"responses": {200: IMAGE}},
)  # fmt: skip
@access("anyone")
def read_photo(request: HttpRequest, id: UUID) -> Any:
    """One photo of an order that the caller may see."""
    return sent(request, visible_photo(id, who_of(request)).sha256, FRESH)


@router.post(
    "/photos/{uuid:id}/original", auth=CALLER, response=says(200, None, 403, 404),
    openapi_extra={"responses": {200: IMAGE}},
)  # fmt: skip
@access("anyone")
def open_original(request: HttpRequest, id: UUID) -> Any:
    """A painted photo as it was, for the desk of its order and the supervisor. Each call is written
    down, with who, when and which order; a link that reads cannot make it."""
    now = timezone.now()
    return sent(request, original(hung(id, who_of(request), now), now), "private, no-store")


def sent(request: HttpRequest, name: str, kept: str) -> HttpResponseBase:
    path, tag = path_of(name), f'"{name[:32]}"'
    if not path.exists():
        raise Refused("no_photo")
    headers = {"Cache-Control": kept, "ETag": tag, "X-Content-Type-Options": "nosniff"}
    if request.method == "GET" and request.headers.get("If-None-Match") == tag:
        return HttpResponseNotModified(headers=headers)
    return FileResponse(path.open("rb"), content_type="image/jpeg", headers=headers)
