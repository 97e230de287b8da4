"""How far back somebody may say that a thing was heard or done."""

from __future__ import annotations

from datetime import datetime, timedelta

from lianxin.core.step.refused import Refused

BACK = timedelta(days=14)  # a holiday week and the one after it; memory is worth little beyond


def lately(at: datetime | None, now: datetime) -> None:
    """Raises Refused("too_long_ago"). History that is taken in (a sheet, a replay) goes by the bulk
    lane, which asks no such question; what is in the future, or before an order's last event, the
    kernel refuses."""
    if at and at < now - BACK:
        raise Refused("too_long_ago", days=BACK.days, earliest=now - BACK)
