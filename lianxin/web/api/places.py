"""Places by name, code, door or point; and how a filing says where it is about."""

from datetime import date
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router, Schema
from pydantic import Field

from lianxin.core.step.refused import Refused
from lianxin.registry import queries
from lianxin.registry.models import Area
from lianxin.registry.queries.areas import area_by, successor_of
from lianxin.web.access import access
from lianxin.web.api import shapes
from lianxin.web.api.auth import ANYONE
from lianxin.web.api.operations import OPEN, says

router = Router(tags=["places"], auth=ANYONE)
AT_ONCE = 20


class Wanted(Schema):
    q: shapes.Short = Field("", description="how a name begins, or a whole path or grid code")
    within: shapes.Short = Field("", description="path of the area to look in")
    lon: shapes.Lon | None = None
    lat: shapes.Lat | None = None
    door: shapes.Short = Field("", description="the code on a door's sticker")


@router.get("/places", response=says(200, list[shapes.Area], 422), openapi_extra=OPEN)
@access("anyone")
def find_places(request: HttpRequest, wanted: Query[Wanted]) -> Any:
    """Areas in force today: those a point or a door lies in, or whose name begins so."""
    today = timezone.localdate()
    if wanted.lon is not None and wanted.lat is not None:
        found = [queries.grid_at(wanted.lon, wanted.lat, today)]
    elif wanted.door:
        address = queries.door(wanted.door)
        found = [address.area if address else None]
    else:
        found = list(named(wanted.q, wanted.within, today))
    return [area_out(area) for area in found if area]


def named(q: str, within: str, day: date) -> Any:
    areas = Area.objects.on(day).select_related("kind").filter(path__startswith=within)
    if q:
        exact = areas.filter(path=q) | areas.filter(grid_code=q)
        areas = exact | areas.filter(name__startswith=q)
    return areas.order_by("path")[:AT_ONCE]


def area_out(area: Area) -> dict[str, Any]:
    return {
        "id": area.pk, "path": area.path, "kind": {"zh": area.kind.zh, "en": area.kind.en},
        "name": area.name, "grid_code": area.grid_code,
    }  # fmt: skip


def located(place: shapes.Place, day: date) -> Area:
    """The area meant, on that day. Raises Refused: outside, unknown."""
    if place.point:
        area = queries.grid_at(*place.point, day)
        if area is None:
            raise Refused("outside")
        return area
    (name, value), *_ = place.model_dump(exclude_none=True).items()
    area = by_door(value) if name == "door" else area_by(name, value, day)
    if area is None:
        raise Refused("unknown", field="place", value=str(value)[:40])
    return area


def by_door(code: str) -> Area | None:
    address = queries.door(code)
    return successor_of(address.area) if address else None
