"""Takes a sheet in, row by row, in one transaction: all of it, its good rows, or only a check."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

from django.db import transaction

from lianxin.registry.actions import Stamp
from lianxin.registry.actions.told import together
from lianxin.registry.imports.many import TakeMany, take_all, write_all
from lianxin.registry.imports.outcome import Outcome, Problem, open_batch
from lianxin.registry.imports.takers import Taker, takers
from lianxin.registry.refusal import NotPossible
from lianxin.registry.sheets.columns import read_columns
from lianxin.registry.sheets.finding import Finding
from lianxin.registry.sheets.table import Row, Table, read_table
from lianxin.registry.tables import text_of

Progress = Callable[[Iterable[Row]], Iterable[Row]]


def import_sheet(
    what: str,
    data: bytes,
    file_name: str,
    stamp: Stamp,
    *,
    check: bool = False,
    good_rows: bool = False,
    within: str = "",
    since: date | None = None,
    most: int = 0,
    progress: Progress = iter,
) -> Outcome:
    """Imports a sheet that there is a taker for from XLSX or CSV.

    Nothing is written if there is any error, unless `good_rows`; nothing ever with `check`.
    `within`: path of the place that the sheet speaks of. `since`: the first day for rows without
    one. `most`: with more rows than so many nothing is read.
    """
    table = read_table(data, file_name, read_columns(text_of("sheets.toml"), what))
    outcome = Outcome(what, rows=len(table.rows), findings=table.findings)
    if most and len(table.rows) > most:
        return Outcome(what, outcome.rows, findings=[Finding("too_many", facts={"most": most})])
    with transaction.atomic():
        batch = open_batch(stamp, what, file_name, data)
        own = Stamp(stamp.who, stamp.at, batch)
        taker = takers()[what](own, within, since or stamp.day.replace(month=1, day=1))
        _take_all(table, taker, outcome, progress)
        outcome.findings += taker.notes
        useless = not (outcome.made or outcome.changed)
        if check or useless or (outcome.errors and not good_rows):
            transaction.set_rollback(True)
        else:
            outcome.batch = batch
            write_all(taker, progress)
            batch.rows = outcome.made + outcome.changed
            batch.save(update_fields=["rows"])
    outcome.findings.sort(key=lambda f: (f.sheet, f.row, f.cell))
    return outcome


@together()
def _take_all(table: Table, taker: Taker, outcome: Outcome, progress: Progress) -> None:
    if isinstance(taker, TakeMany):
        take_all(table.rows, taker, outcome, progress)
        return
    for row in progress(table.rows):
        if not row.bad:
            _take_one(row, taker, outcome)
        outcome.bad += row.bad


def _take_one(row: Row, taker: Taker, outcome: Outcome) -> None:
    try:
        with transaction.atomic():
            verdict = taker.take(row)
    except Problem as problem:
        row.bad = True
        outcome.findings.append(row.finding(problem.code, problem.at, **problem.facts))
    except NotPossible as refusal:
        row.bad = True
        outcome.findings.append(row.finding(f"refused.{refusal.code}", "", **refusal.facts))
    else:
        setattr(outcome, verdict, getattr(outcome, verdict) + 1)
