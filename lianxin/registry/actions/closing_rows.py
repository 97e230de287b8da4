"""The registry's own lines of the table of closing: posts, units, organisations, check-ins."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from lianxin.core.flow.page import Words
from lianxin.registry.actions.check_ins import is_home
from lianxin.registry.actions.closing import Fate, Tied, end
from lianxin.registry.actions.organisation_rules import within
from lianxin.registry.actions.posts import end_post
from lianxin.registry.actions.stamp import Stamp
from lianxin.registry.models import Area, Organisation, Promise, Task
from lianxin.registry.models.organisation import HOUSEHOLD
from lianxin.registry.organisations import organisations

COMMUNITY = "community"


def end_held(stamp: Stamp, post: Any, on: date) -> None:
    end_post(stamp, post, max(on, post.since))


def end_tie(stamp: Stamp, point: Any, on: date) -> None:
    """Not before the last visit: it was made."""
    last = point.visits.order_by("-on").values_list("on", flat=True).first()
    end(stamp, point, max(on, last + timedelta(days=1)) if last else on)


def end_check_in(stamp: Stamp, check_in: Any, on: date) -> None:
    """With its tasks. The member stays one of the unit, and checks in anew where they live."""
    for task in Task.objects.select_for_update().filter(check_in=check_in, until=None):
        end(stamp, task, on)
    end(stamp, check_in, on)


def end_pair(stamp: Stamp, pair: Any, on: date) -> None:
    for line in Promise.objects.select_for_update().filter(check_in=pair, until=None):
        end(stamp, line, on)
    end(stamp, pair, on)


def may_stand(row: Organisation, into: Area) -> bool:
    """Of its kind one stands at such a place, and under the one above it there, too."""
    if into.kind_id not in organisations().kinds[row.kind].at:
        return False
    if row.parent is None or row.parent.area_id == row.area_id:
        return True  # which goes with it, or bars itself
    return within(into, row.parent.area)


def called(row: Organisation) -> str:
    """A core household is counted and not named: it is read in its own community alone."""
    return "" if row.kind == HOUSEHOLD else row.name


ENDS, BARS, GOES, STAYS = Fate.ENDS, Fate.BARS, Fate.GOES, Fate.STAYS
ROWS = (
    Tied("registry.organisation", Words("组织", "organisations"), BARS, GOES, named=called,
         fits=may_stand),
    Tied("registry.unit", Words("单位", "units"), BARS, GOES),
    # Nobody is asked by a duty at a place that is no more.
    Tied("registry.duty", Words("职责", "duties"), STAYS, GOES, lasts=lambda rows, on: rows,
         twice=STAYS),
    Tied("registry.post", Words("岗位", "posts"), ENDS, ENDS, end=end_held),
    Tied("registry.contactpoint", Words("联系点", "contact points"), ENDS, ENDS, end=end_tie),
    Tied("registry.checkin", Words("报到", "check-ins"), ENDS, GOES, end=end_check_in,
         named=lambda row: row.person.name, fits=lambda row, into: is_home(into.path)),
    Tied("registry.unitcheckin", Words("单位报到", "units checked in"), ENDS, GOES, end=end_pair,
         named=lambda row: row.unit.name, fits=lambda row, into: into.kind_id == COMMUNITY,
         twice=ENDS),
    # The sticker on a door is followed to the successor, a boundary of old and a figure are of
    # their day, and where people live they say themselves.
    Tied("registry.door", Words("门", "doors"), STAYS, STAYS),
    Tied("registry.boundary", Words("边界", "boundaries"), STAYS, STAYS),
    Tied("registry.figure", Words("数据", "figures"), STAYS, STAYS),
    Tied("registry.person", Words("住址", "homes"), STAYS, STAYS),
)  # fmt: skip
