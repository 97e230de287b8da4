"""What time alone changes: every night the grades of all who work are reckoned anew, and whoever
must act is reminded of what runs out."""

from __future__ import annotations

from datetime import UTC, datetime

from django.utils import timezone
from procrastinate.contrib.django import app

from lianxin.growth.actions.reminding import remind
from lianxin.growth.careers import careers
from lianxin.growth.queries.careers import everybody, reckon


@app.periodic(cron="40 2 * * *")
@app.task(name="growth.reckon", queueing_lock="growth.reckon")
def reckon_all(timestamp: int) -> None:
    """A grade is reached, a certificate runs out, a table begins: no press tells of it."""
    day = timezone.localdate(datetime.fromtimestamp(timestamp, UTC))
    reckon(everybody(), max(day, careers().days[0]))


@app.periodic(cron="50 2 * * *")
@app.task(name="growth.remind", queueing_lock="growth.remind")
def remind_all(timestamp: int) -> None:
    """Terms, contracts and certificates end, visits are overdue, somebody waits for their unit."""
    now = datetime.fromtimestamp(timestamp, UTC)
    remind(timezone.localdate(now), now)
