"""The lane for large sheets: all is looked up at once, each row judged in memory, and everything
written at the end with a few statements for each five thousand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, Literal, Protocol, runtime_checkable

from django.db import connection

from lianxin.registry.imports.outcome import Outcome, Problem
from lianxin.registry.refusal import NotPossible
from lianxin.registry.sheets.finding import Finding
from lianxin.registry.sheets.table import Row

Verdict = Literal["made", "changed", "same"]
Progress = Callable[[Iterable[Any]], Iterable[Any]]
AT_ONCE = 5_000  # rows of a sheet that are written together


@runtime_checkable
class TakeMany(Protocol):
    """`look` sees all rows first, `take` says what would come of one and writes nothing, `write`
    does it; a sheet that is only checked, or stopped by an error, never comes to that."""

    notes: list[Finding]

    def look(self, rows: Sequence[Row]) -> None: ...

    def take(self, row: Row) -> Verdict: ...

    def write(self, progress: Progress) -> None: ...


def take_all(rows: Sequence[Row], taker: TakeMany, outcome: Outcome, progress: Progress) -> None:
    """Counts and findings as for a taker of single rows, without a savepoint for each."""
    taker.look([row for row in rows if not row.bad])
    for row in progress(rows):
        if not row.bad:
            _judge(row, taker, outcome)
        outcome.bad += row.bad


def write_all(taker: object, progress: Progress) -> None:
    """What was only planned until now; a taker of single rows has written already. Foreign keys are
    checked on the way, so that the bar does not stand at its end."""
    if not isinstance(taker, TakeMany):
        return
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        taker.write(progress)
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _judge(row: Row, taker: TakeMany, outcome: Outcome) -> None:
    try:
        verdict = taker.take(row)
    except Problem as problem:
        row.bad = True
        outcome.findings.append(row.finding(problem.code, problem.at, **problem.facts))
    except NotPossible as refusal:
        row.bad = True
        outcome.findings.append(row.finding(f"refused.{refusal.code}", "", **refusal.facts))
    else:
        setattr(outcome, verdict, getattr(outcome, verdict) + 1)


def batched(rows: Iterable[Any]) -> Iterator[list[Any]]:
    """As they come, so that a bar shows what is written.

    >>> [len(part) for part in batched(range(12_000))]
    [5000, 5000, 2000]
    """
    rest = iter(rows)
    while part := list(islice(rest, AT_ONCE)):
        yield part
