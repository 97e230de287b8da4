"""Words that a step has said after it: queued as jobs in the same transaction, done once each."""

from __future__ import annotations

from collections.abc import Iterable

from procrastinate.jobs import Job

from lianxin.core.step.order import Change
from lianxin.orders.queue import put


def queue(change: Change) -> None:
    """One job for all the words of one event; its lock keeps an order's words in their order."""
    queue_many([change])


def queue_many(changes: Iterable[Change]) -> None:
    """The same for a long journal, in one statement."""
    put(*(job(change) for change in changes if change.words))


def job(change: Change) -> Job:
    from lianxin.orders.jobs import say

    return say.configure(lock=change.order.id).make_new_job(
        order=change.order.id, nth=change.event.nth, words=list(change.words)
    )
