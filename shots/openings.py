"""The posts that the demo's community has noticed, for whoever looks without account."""

from __future__ import annotations

from typing import Any


def hiring(now: Any) -> dict[str, Any]:
    """`opening`: one to apply for; `showing`: one with people shown; and a night's reminders."""
    from django.utils import timezone

    from lianxin.growth.actions.reminding import remind
    from lianxin.growth.queries.openings import openings

    remind(timezone.localdate(now), now)
    rows = openings()
    return {
        "opening": next(row.number for row in rows if row.applying),
        "showing": next(row.number for row in rows if row.objecting),
    }
