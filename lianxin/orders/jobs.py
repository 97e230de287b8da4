"""What is done after a step: notices to those it concerns, hours credited, things published.

Every job may run twice without harm: what it makes is unique by order, event and word.
"""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from procrastinate.contrib.django import app

from lianxin.orders import photos
from lianxin.orders.words import perform


@app.periodic(cron="17 3 * * *")
@app.task(name="orders.tidy", queueing_lock="orders.tidy")
def tidy(timestamp: int) -> None:
    """Photos that were sent and never became part of an order are thrown away."""
    photos.throw_away_loose(datetime.fromtimestamp(timestamp, UTC))


@app.task(name="orders.say", retry=5)
def say(order: str, nth: int, words: list[str]) -> None:
    for word in words:
        perform(UUID(order), nth, word)
