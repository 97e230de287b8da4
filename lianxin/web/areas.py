"""`/areas/<path>.geojson`: the outlines of a place's parts, for whoever holds a post there."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils import timezone
from django.views.decorators.http import require_safe

from lianxin.core.place import path as paths
from lianxin.registry.models import Unit
from lianxin.registry.queries.shapes import Drawing, drawing, inside, outlines
from lianxin.web.access import access
from lianxin.web.nav import READERS

KEPT = 64  # drawings held in memory by one process
FINE = 5  # decimals of a degree: a metre, more than a screen shows


@access(*READERS)
@require_safe
def areas(request: HttpRequest, path: str) -> HttpResponse:
    """GeoJSON of the parts by which a place is shown. Kept by the browser, asked for again by its
    stamp; drawn anew only when somebody publishes new boundaries."""
    if not known(path) or not stands_over(request, path):
        raise Http404
    today = timezone.localdate()
    drawn = drawing(path, today)
    tag = f'"{path}-{drawn.stamp}-{today:%Y%m%d}"'
    if request.headers.get("If-None-Match") == tag:
        answer: HttpResponse = HttpResponseNotModified()
    else:
        answer = HttpResponse(drawn_once(Key(drawn)), content_type="application/geo+json")
    answer["ETag"], answer["Cache-Control"] = tag, "private, max-age=600"
    answer["Vary"] = "Cookie"
    return answer


def known(path: str) -> bool:
    try:
        paths.check(path)
    except paths.PathError:
        return False
    return True


def stands_over(request: HttpRequest, path: str) -> bool:
    """Whether one of the reader's posts is at this place or around it; a clerk's is the unit's."""
    grants = request.who.grants  # type: ignore[attr-defined]
    places = [g.path for g in grants if not g.unit]
    units = [int(g.unit) for g in grants if g.unit]
    if units:
        places += Unit.objects.filter(pk__in=units, area__isnull=False).values_list(
            "area__path", flat=True
        )
    return any(path.startswith(place) for place in places)


class Key:
    """A drawing as a key of the memory: by its generations and the day, not by its object."""

    def __init__(self, drawn: Drawing) -> None:
        self.drawn, self.day = drawn, timezone.localdate()
        self.same = connection.settings_dict["NAME"], drawn.path, drawn.stamp, self.day

    def __hash__(self) -> int:
        return hash(self.same)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Key) and self.same == other.same


@lru_cache(maxsize=KEPT)
def drawn_once(key: Key) -> bytes:
    features = [
        {"type": "Feature", "geometry": coarse(shape),
         "properties": {"path": path, "name": name, "at": coarse(list(inside(shape)))}}
        for path, name, shape in outlines(key.drawn, key.day)
    ]  # fmt: skip
    found = {"type": "FeatureCollection", "features": features}
    return json.dumps(found, ensure_ascii=False, separators=(",", ":")).encode()


def coarse(shape: Any) -> Any:
    """
    >>> coarse({"type": "Point", "coordinates": [108.1234567, 25.0]})
    {'type': 'Point', 'coordinates': [108.12346, 25.0]}
    """
    if isinstance(shape, dict):
        return {name: coarse(value) for name, value in shape.items()}
    if isinstance(shape, list):
        return [coarse(one) for one in shape]
    return round(shape, FINE) if isinstance(shape, float) else shape
