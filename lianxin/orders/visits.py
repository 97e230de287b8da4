"""A leader's visit to a contact point, and what was taken away as an order: both or none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from lianxin.core.step.who import Who
from lianxin.orders import actions
from lianxin.orders.book import book
from lianxin.registry.actions import Stamp
from lianxin.registry.actions.contact_points import log_visit, visit_became, words_of
from lianxin.registry.models import ContactPoint, Visit

FLOW = "five-orders"
FOR_ANOTHER, OWN = "file_for", "file"  # doors: by a post that files for others, else by oneself


@dataclass(frozen=True, slots=True)
class Came:
    """`number`: of the order that it became, "" where it became none."""

    visit: Visit
    number: str = ""


@transaction.atomic
def came(
    stamp: Stamp, point: ContactPoint, on: date, text: str, who: Who, *,
    order: bool = False, key: str | None = None,
) -> Came:  # fmt: skip
    """Log a visit; with `order`, what was taken away is filed at that place in the same breath.
    Raises NotPossible (the visit) or Refused (the order), and then nothing is written."""
    visit = log_visit(stamp, point, on, text)
    if not order:
        return Came(visit)
    by, area = door(who, point.area.path, stamp.at), point.area
    done = actions.file(FLOW, by, who, {"text": visit.text}, area=area, key=key, now=stamp.at)
    visit_became(stamp, visit, UUID(done.id))
    return Came(visit, done.number)


@transaction.atomic
def taken_away(stamp: Stamp, visit: Visit, who: Who) -> str:
    """An order, later, of a visit that was logged without one. Returns its number; raises as
    `came` does, and then nothing is written."""
    text, area = words_of(visit), visit.contact_point.area
    by = door(who, area.path, stamp.at)
    done = actions.file(FLOW, by, who, {"text": text}, area=area, now=stamp.at)
    visit_became(stamp, visit, UUID(done.id))
    return done.number


def door(who: Who, path: str, now: datetime) -> str:
    """By which door this person files what others said at a place."""
    step = book().page(FLOW, actions.local(now)).steps[FOR_ANOTHER]
    there = any(g.role in step.by and path.startswith(g.path) for g in who.grants)
    return FOR_ANOTHER if there else OWN
