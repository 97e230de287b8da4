"""Words that a step has said after it: queued as jobs in the same transaction, done once each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import psycopg
from django.db import OperationalError
from procrastinate.exceptions import ConnectorException

from lianxin.core.step.order import Change


def queue(change: Change) -> None:
    """One job for all the words of one event; its lock keeps an order's words in their order."""
    if not change.words:
        return
    from lianxin.orders.jobs import say

    with one_database():
        say.configure(lock=change.order.id).defer(
            order=change.order.id, nth=change.event.nth, words=list(change.words)
        )


def queue_many(changes: Iterable[Change]) -> None:
    """The same for a long journal, in one statement."""
    from procrastinate.contrib.django import app

    from lianxin.orders.jobs import say

    jobs = [
        say.configure(lock=c.order.id).make_new_job(
            order=c.order.id, nth=c.event.nth, words=list(c.words)
        )
        for c in changes
        if c.words
    ]
    if jobs:
        with one_database():
            app.job_manager.batch_defer_jobs(jobs)


@contextmanager
def one_database() -> Iterator[None]:
    """The queue stands in the same database: where that is away, it is said as everywhere else."""
    try:
        yield
    except ConnectorException as failed:
        if isinstance(failed.__cause__, psycopg.OperationalError | psycopg.InterfaceError):
            raise OperationalError(str(failed.__cause__)) from failed
        raise
