"""A certificate that was handed in and agrees with the paper counts in the career."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.utils import timezone

from lianxin.core.step.order import Order
from lianxin.core.step.refused import Refused
from lianxin.growth.loops.facts import here
from lianxin.growth.loops.facts import note as write
from lianxin.growth.loops.writing import Done, Loop
from lianxin.growth.models import Fact, plain_number
from lianxin.orders.models import Content


def used(number: str) -> bool:
    rows = Fact.objects.filter(kind=Fact.Kind.CERTIFICATE, number=plain_number(number))
    return rows.exists()


def hand_in(order: Order, given: Mapping[str, Any]) -> None:
    """Refuses: works_elsewhere, certificate_used, dates_turned."""
    here(str(given["holder"]), order.path, timezone.localdate())
    if used(str(given["serial"])):
        raise Refused("certificate_used", number=given["serial"])
    expiry = given.get("expiry")
    if expiry and day(expiry) <= day(given["from"]):
        raise Refused("dates_turned")


def agrees(order: Order, given: Mapping[str, Any]) -> None:
    """Another may have been noted meanwhile. Refuses: certificate_used."""
    said = Content.objects.filter(order=UUID(order.id), name="serial", erased=None).first()
    if said and used(str(said.value)):
        raise Refused("certificate_used", number=said.value)


def note(done: Done) -> None:
    fields = done.order.fields
    write(
        done, done.person, Fact.Kind.CERTIFICATE, name=fields["certificate"],
        number=plain_number(done.said("serial")), since=day(fields["from"]),
        until=day(fields["expiry"]) if fields.get("expiry") else None,
    )  # fmt: skip


def day(value: Any) -> date:
    """As a form gives it, or as an order keeps it."""
    return value if isinstance(value, date) else date.fromisoformat(str(value)[:10])


CERTIFICATE = Loop(checks={"hand_in": hand_in, "note": agrees}, writes={"note": note})
