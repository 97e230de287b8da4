"""What the demo holds that an address is filled with: links, numbers, photos, people."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

from PIL import Image

from shots.courses import held
from shots.hired import hired
from shots.members import checked_in
from shots.openings import hiring
from shots.organisations import organised
from shots.reserves import reared


def known(var: Path) -> dict[str, Any]:
    """Read and made in the demo's own house, before anybody opens a page."""
    from django.utils import timezone

    from lianxin.demo import home, told
    from lianxin.orders import follows
    from lianxin.orders.models import Delivery, Order
    from lianxin.registry.models import Person, Post

    community, now = home.community(), timezone.now()
    told.tell_the_day(now)
    here = Order.objects.filter(path__startswith=community, open=True, wall="place")
    handed, shared = here.filter(state="dispatched").first(), here.filter(kind="case").first()
    worker = Post.objects.filter(person__username="worker", behalf_of=None).first()
    unit = Post.objects.filter(person__username="clerk", unit__isnull=False).first()
    call = Delivery.objects.filter(channel="call", state="queued", desk__startswith=community)
    lost = [name for name, row in (("dispatched", handed), ("open", shared), ("worker", worker),
                                   ("clerk", unit)) if row is None]  # fmt: skip
    assert handed and shared and worker and unit, f"the demo has lost a part of its cast: {lost}"
    return {
        **json.loads((var / "cast.json").read_text()), **checked_in(unit.unit, community, now),
        "handed": handed.number, "unit_link": unit_link(handed.number, now),
        "follow": follows.follow(shared.pk.hex, "s" * 24, "", now), "shared": shared.number,
        "photo": pictured(shared.number, now), "pictured": shared.number,
        "leader": Person.objects.get(username="leader").pk,
        "worker": Person.objects.get(username="worker").pk, "post": worker.pk,
        "unit": unit.unit_id, "community": community, "call": getattr(call.first(), "pk", ""),
        "grid": worker.area and worker.area.path,
        **organised(community), **hired(community, now), **held(community, now), **hiring(now),
        **reared(community, now),
    }  # fmt: skip


def pictured(number: str, now: Any) -> str:
    """A photo that the desk has put to the order: the demo itself has none."""
    from lianxin.orders import actions, photos

    file = io.BytesIO()
    Image.effect_noise((1200, 900), 60).convert("RGB").save(file, "JPEG")
    desk = at_desk(now)
    id = str(photos.take_in(io.BytesIO(file.getvalue()), int(desk.id), now).pk)
    actions.step(number, "photo", desk, {"photo": [id]}, now=now)
    return id


def unit_link(number: str, now: Any) -> str:
    """A link for the unit that has the order, as its desk gives it out."""
    from lianxin.orders.handing import give

    return give(number, at_desk(now), now).secret


def at_desk(now: Any) -> Any:
    from lianxin.core.step.who import Who
    from lianxin.registry.models import Person
    from lianxin.registry.queries import grants

    desk = Person.objects.get(username="desk")
    return Who(str(desk.pk), grants(desk, now))
