"""Units open, change and close; a duty says what a unit answers for and where."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction

from lianxin.registry.actions.people import mail_address
from lianxin.registry.actions.stamp import Stamp
from lianxin.registry.models import Area, Duty, Unit
from lianxin.registry.refusal import NotPossible


@transaction.atomic
def add_unit(
    stamp: Stamp,
    code: str,
    name: str,
    since: date,
    kind: str = "department",
    parent: Unit | None = None,
    area: Area | None = None,
    phone: str = "",
    mail: str = "",
) -> Unit:
    """A unit under a code of its own. Refuses: no_name, code_taken, bad_mail."""
    if not name.strip() or not code.strip():
        raise NotPossible("no_name")
    unit = Unit(
        code=code.strip(), name=name.strip(), kind=kind, parent=parent, area=area, since=since,
        phone=phone, mail=mail_address(mail),
    )  # fmt: skip
    try:
        with transaction.atomic():
            unit.save()
    except IntegrityError as taken:
        raise NotPossible("code_taken", code=code) from taken
    stamp.made("add", unit)
    return unit


@transaction.atomic
def change_unit(stamp: Stamp, unit: Unit, **values: Any) -> bool:
    """Changes name, kind, parent, area, phone, mail or until. Refuses: not_after, bad_mail. False:
    nothing differed."""
    row = Unit.objects.select_for_update().get(pk=unit.pk)
    until = values.get("until")
    if until is not None and until < row.since:
        raise NotPossible("not_after", on=until, since=row.since)
    if "mail" in values:
        values["mail"] = mail_address(values["mail"])
    return stamp.change("change", row, **values)


@transaction.atomic
def give_duty(stamp: Stamp, unit: Unit, category: str, area: Area) -> Duty:
    """The unit answers for all categories that begin so, in this area; once is enough."""
    duty, fresh = Duty.objects.get_or_create(unit=unit, category=category, area=area)
    if fresh:
        stamp.made("give", duty)
    return duty


@transaction.atomic
def drop_duty(stamp: Stamp, duty: Duty) -> None:
    """The row goes, its entries stay."""
    stamp.enter(
        "drop",
        duty,
        before={"unit_id": duty.unit_id, "category": duty.category, "area_id": duty.area_id},
    )
    duty.delete()
