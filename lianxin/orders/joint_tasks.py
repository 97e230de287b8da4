"""What a community and a unit have written on their lists becomes an order there: both or none."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from lianxin.core.step.who import Who
from lianxin.orders import actions
from lianxin.orders.actions import Done
from lianxin.orders.visits import FLOW, door
from lianxin.registry.actions import Stamp
from lianxin.registry.actions.unit_check_ins import became, to_become
from lianxin.registry.models import Promise


@transaction.atomic
def into_order(stamp: Stamp, line: Promise, who: Who) -> Done:
    """The line's words, filed at the community; from there it is dispatched as every order is.
    Raises NotPossible (the line) or Refused (the order), and then nothing is written."""
    row = to_become(stamp, line)
    area = row.check_in.area
    by = door(who, area.path, stamp.at)
    done = actions.file(FLOW, by, who, {"text": row.text}, area=area, now=stamp.at)
    became(stamp, row, UUID(done.id))
    return done
