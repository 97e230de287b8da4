"""What becomes of careers, reserves and classes when the community they are at closes."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import QuerySet

from lianxin.core.flow.page import Words
from lianxin.growth.models import Fact
from lianxin.registry.actions.closing import Fate, Tied, lasting
from lianxin.registry.actions.closing_rows import COMMUNITY

BARS, GOES, STAYS = Fate.BARS, Fate.GOES, Fate.STAYS


def at_work(rows: QuerySet[Any], on: date) -> QuerySet[Any]:
    """Nobody's service ends because a line on the map moves."""
    return lasting(rows.filter(kind=Fact.Kind.WORKED), on)


ROWS = (
    Tied("growth.fact", Words("在岗", "at work"), BARS, GOES, lasts=at_work,
         named=lambda row: row.person.name),
    Tied("growth.reserve", Words("后备力量", "reserves"), BARS, GOES,
         named=lambda row: row.person.name, fits=lambda row, into: into.kind_id == COMMUNITY),
    # Held, or noticed, by a place as it was then.
    Tied("growth.course", Words("培训班", "classes"), STAYS, STAYS),
    Tied("growth.reservedpost", Words("专门岗位", "reserved posts"), STAYS, STAYS),
)  # fmt: skip
