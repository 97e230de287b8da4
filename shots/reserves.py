"""A reserve of the cast's community with a plan, whoever the demo keeps there."""

from __future__ import annotations

from typing import Any


def reared(community: str, now: Any) -> dict[str, int]:
    """Somebody without a case of their own, so that the page shows both of its forms."""
    from lianxin.growth.actions.reserves import keep, plan
    from lianxin.growth.models import Fact, Reserve
    from lianxin.registry.actions import Stamp
    from lianxin.registry.models import Area

    stamp = Stamp(None, now)
    kept = Reserve.objects.filter(until=None, order=None, area__path=community)
    row = kept.order_by("pk").first()
    if row is None:
        works = Fact.objects.on(stamp.day).filter(kind="worked", area__path__startswith=community)
        lasting = Reserve.objects.filter(until=None).values("person")
        free = works.exclude(person__in=lasting).order_by("pk")[0]
        row = keep(stamp, free.person, Area.objects.get(path=community, until=None), "chosen",
                   stamp.day)  # fmt: skip
    plan(stamp, row, "practice", "街道信访接待窗口", stamp.day)
    return {"reserve": row.pk}
