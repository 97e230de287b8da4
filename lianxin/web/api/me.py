"""Who the caller is here, and by which posts."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router

from lianxin.core.step.who import Grant
from lianxin.orders import served
from lianxin.orders.models import Order
from lianxin.registry.models import Unit
from lianxin.registry.roles import all_roles
from lianxin.web.access import access
from lianxin.web.api import shapes
from lianxin.web.api.auth import CALLER, name_of, who_of
from lianxin.web.api.operations import says

router = Router(tags=["me"], auth=CALLER)


@router.get("/me", response=says(200, shapes.Me), by_alias=True)
@access("anyone")
def read_me(request: HttpRequest) -> Any:
    """The person behind the token with the posts of today; or the order that a link opens."""
    who = who_of(request)
    if who.party:
        number = Order.objects.visible_to(who).values_list("number", flat=True).get()
        return {"id": None, "name": None, "grants": [], "order": number, "party": who.party[1],
                "hours": None}  # fmt: skip
    codes = dict(Unit.objects.filter(pk__in=who.units).values_list("pk", "code"))
    return {
        "id": who.id, "name": request.user.name, "order": None, "party": None,
        "grants": [grant_out(g, codes) for g in who.grants],
        "hours": served.totals(int(who.id), timezone.localdate()),
    }  # fmt: skip


def grant_out(grant: Grant, codes: dict[int, str]) -> dict[str, Any]:
    role = all_roles()[grant.role]
    return {
        "as": name_of(grant), "role": grant.role, "words": shapes.words(role.words),
        "path": "" if grant.unit else grant.path,
        "unit": codes.get(int(grant.unit)) if grant.unit else None,
    }  # fmt: skip
