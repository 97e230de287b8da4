"""A worker of the demo's community whose career the desk keeps, with a birth to be masked."""

from __future__ import annotations

from typing import Any


def hired(community: str, now: Any) -> dict[str, int]:
    from datetime import timedelta

    from django.utils import timezone

    from lianxin.growth.actions.careers import correct
    from lianxin.growth.actions.own_data import ask
    from lianxin.growth.actions.particulars import set_particulars
    from lianxin.growth.models import Fact
    from lianxin.registry.actions import Stamp

    day = timezone.localdate(now)
    spells = Fact.objects.on(day).filter(kind="worked", area__path__startswith=community)
    spell = spells.exclude(person__username="desk").select_related("person").order_by("pk")[0]
    set_particulars(Stamp(None, now), spell.person, born="1990-05-01")
    correct(Stamp(None, now), spell, until=day + timedelta(days=60))  # a contract to be renewed
    ask(Stamp(None, now), spell.person, "学历漏了：2019年硕士毕业。")
    post = Fact.objects.filter(person=spell.person, kind="post").order_by("-since")[0]
    return {"hired": spell.person_id, "fact": post.pk}
