"""Who has checked in, as the pages of members want it: one who waits, one with tasks and hours."""

from __future__ import annotations

from typing import Any


def checked_in(unit: Any, community: str, now: Any) -> dict[str, Any]:
    """Pressed as the cast would: the clerk confirms li, zhang waits, the lists have a line each."""
    from lianxin.orders import certificates
    from lianxin.orders.models import Order, Served
    from lianxin.registry.actions import Stamp
    from lianxin.registry.actions import check_ins as acts
    from lianxin.registry.actions import unit_check_ins as units
    from lianxin.registry.models import Area, Person, UnitCheckIn
    from lianxin.registry.queries.check_ins import own

    here = Area.objects.get(path=community, until=None)
    li, zhang, clerk, desk = (
        Person.objects.get(username=name) for name in ("li", "zhang", "clerk", "desk")
    )
    by = Stamp(clerk, now)
    for person in (li, zhang):
        if row := own(person.pk):
            acts.leave(Stamp(person, now), row)
    mine = acts.check_in(Stamp(li, now), li, unit, here)
    acts.confirm(by, mine)
    acts.take_task(Stamp(li, now), mine, "mediator")
    waits = acts.check_in(Stamp(zhang, now), zhang, unit, here)
    there = UnitCheckIn.objects.filter(unit=unit, area=here, until=None).first()
    pair = there or units.check_in_unit(by, unit, here)
    units.promise(Stamp(desk, now), pair, "need", "三栋的路灯要换")
    units.promise(by, pair, "resource", "会议室，周末可以借")
    units.end_promise(by, units.promise(by, pair, "project", "共建路灯维修队"), True)
    if not any(True for _ in certificates.years(li.pk)):  # a corner of the demo may give li none
        order = Order.objects.filter(path__startswith=community).order_by("pk")[0]
        Served.objects.create(order=order, person=li, nth=1, hours=2, day=by.day)
    year = next(certificates.years(li.pk))[0]
    return {"waits": waits.pk, "year": year, "certificate": certificates.code(li.pk, year, by.day)}
