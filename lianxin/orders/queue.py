"""Puts jobs into the queue in the transaction that is open, whoever does it.

While it works, procrastinate's worker takes connections of its own for that: what it puts there is
seen at once, and a job could begin, find nothing, and be over, before that of which it speaks has
been written.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.db import OperationalError
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job
from procrastinate.manager import JobManager

JOBS = JobManager(DjangoConnector())


def put(*jobs: Job) -> None:
    """All of them in one statement. Raises AlreadyEnqueued where one of its lock waits there."""
    if jobs:
        with one_database():
            JOBS.batch_defer_jobs(list(jobs))


@contextmanager
def one_database() -> Iterator[None]:
    """The queue stands in the same database: where that is away, it is said as everywhere else."""
    try:
        yield
    except ConnectorException as failed:
        if isinstance(failed.__cause__, psycopg.OperationalError | psycopg.InterfaceError):
            raise OperationalError(str(failed.__cause__)) from failed
        raise
