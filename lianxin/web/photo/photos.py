"""`/photos/<id>`: a photo to those who may see it in its order, whole or as a thumbnail."""

from __future__ import annotations

import io
from pathlib import Path
from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.views.decorators.http import require_safe
from PIL import Image

from lianxin.core.step.refused import Refused
from lianxin.orders import photos
from lianxin.orders.models import Photo
from lianxin.orders.queries.photo import visible_photo
from lianxin.web.access import access

WIDTHS = ("320", "960")  # pixels of the thumbnails that are made; others are not there
FRESH = "private, no-cache"  # kept, and never shown without asking whether it has changed
QUALITY = 80


@access("anyone")
@require_safe
def photo(request: HttpRequest, id: UUID) -> HttpResponse:
    """The door is open to anyone since a public photo is; the query decides on the row."""
    width = request.GET.get("w", "")
    if width and width not in WIDTHS:
        raise Http404
    try:
        row = visible_photo(id, request.who)
    except Refused as no:
        raise Http404 from no
    path = thumbnail(row, int(width)) if width else photos.path_of(row.sha256)
    if not path.exists():
        raise Http404
    tag = f'"{row.sha256[:32]}-{width}"'
    if request.headers.get("If-None-Match") == tag:
        return dressed(HttpResponseNotModified(), row, tag)
    return dressed(FileResponse(path.open("rb"), content_type="image/jpeg"), row, tag)


def dressed(answer: HttpResponse, row: Photo, tag: str) -> HttpResponse:
    """Kept by this browser alone, and asked for each time whether it is still the one: a photo may
    be painted over or taken out. Never anything but a picture."""
    answer["Cache-Control"] = FRESH
    answer["ETag"] = tag
    answer["Vary"] = "Cookie"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Disposition"] = f'inline; filename="{row.pk}.jpg"'
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    return answer


def thumbnail(row: Photo, width: int) -> Path:
    """Made when first asked for, then kept beside the photo; the photo itself where it is small."""
    whole = photos.path_of(row.sha256)
    if row.width <= width or not whole.exists():
        return whole
    name = f"{row.sha256}-{width}"
    path = photos.path_of(name)
    if not path.exists():
        photos.keep(name, smaller(whole, width))
    return path


def smaller(whole: Path, width: int) -> bytes:
    """A JPEG of that width (and at most thrice as high)."""
    with Image.open(whole, formats=["JPEG"]) as opened:
        opened.draft("RGB", (width, width * 3))
        picture = opened.convert("RGB")
    picture.thumbnail((width, width * 3))
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=QUALITY, optimize=True)
    return out.getvalue()
