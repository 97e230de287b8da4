"""Takes in the sheets of a hotline such as 12345: each number one order, filed as of the call."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import connection, transaction

from lianxin.core.flow.page import Words
from lianxin.core.step.refused import Refused
from lianxin.core.step.who import Grant, Who
from lianxin.orders import actions
from lianxin.orders.actions import Done
from lianxin.orders.bulk import Press, take_many
from lianxin.orders.hotline_row import Reader
from lianxin.orders.models import Event, Hotline, Order
from lianxin.orders.refusal import sentence
from lianxin.orders.shelf import lock
from lianxin.orders.world import rules
from lianxin.registry.actions import Stamp
from lianxin.registry.imports.outcome import Outcome, Problem, open_batch
from lianxin.registry.models import Batch
from lianxin.registry.refusal import NotPossible
from lianxin.registry.sheets.columns import read_columns
from lianxin.registry.sheets.table import Row, Table, read_table
from lianxin.registry.tables import text_of

WHAT, FLOW, DOOR = "hotline", "five-orders", "file_for"
BY_ITSELF = ("clock", "child", "join", "kernel")  # capacities of no person
AT_ONCE = 200  # rows of one call of the bulk lane
OLDEST = timedelta(days=366)
ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtext('orders_hotline'))"
Progress = Callable[[Iterable[Row]], Iterable[Row]]


@dataclass
class Undone:
    """What an undo did: orders made void, and numbers of those that stay because of later acts."""

    removed: int = 0
    kept: list[str] = field(default_factory=list)


def import_hotline(
    data: bytes, file_name: str, who: Who, grant: Grant, stamp: Stamp, *, check: bool = False,
    good_rows: bool = False, progress: Progress = iter,
) -> Outcome:  # fmt: skip
    """Files each row as the desk of `grant` would, at the time of its call.

    Nothing is written if there is any error, unless `good_rows`; nothing ever with `check`. A
    number that is known already, or stands twice, is filed once and reported.
    """
    table = read_table(data, file_name, read_columns(text_of("sheets.toml"), WHAT))
    outcome = Outcome(WHAT, rows=len(table.rows), findings=table.findings)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(ONE_AT_A_TIME)
        batch = open_batch(stamp, WHAT, file_name, data)
        presses = list(read_all(table, Reader(grant, stamp.at), who, outcome, progress))
        file_all(presses, batch, stamp.at, outcome)
        if check or not outcome.made or (outcome.errors and not good_rows):
            transaction.set_rollback(True)
        else:
            outcome.batch, batch.rows = batch, outcome.made
            batch.save(update_fields=["rows"])
    outcome.findings.sort(key=lambda f: (f.sheet, f.row, f.cell))
    return outcome


def read_all(
    table: Table, reader: Reader, who: Who, outcome: Outcome, progress: Progress
) -> Iterator[tuple[Row, Press]]:
    known = dict(
        Hotline.objects.filter(number__in={r.get("number") for r in table.rows if not r.bad})
        .values_list("number", "order__number")
    )  # fmt: skip
    first: dict[str, int] = {}
    for row in progress(table.rows):
        if not row.bad:
            number = str(row.get("number"))
            if number in known:
                outcome.findings.append(
                    row.finding("hotline_known", "number", "note", order=known[number])
                )
                outcome.same += 1
            elif first.setdefault(number, row.number) != row.number:
                outcome.findings.append(
                    row.finding("hotline_twice", "number", "note", first=first[number])
                )
                outcome.same += 1
            elif press := read_one(row, reader, who, outcome):
                yield row, press
        outcome.bad += row.bad


def read_one(row: Row, reader: Reader, who: Who, outcome: Outcome) -> Press | None:
    try:
        at = reader.moment(row, OLDEST)
        area, given = reader.area(row), reader.answers(row)
    except Problem as problem:
        row.bad = True
        outcome.findings.append(row.finding(problem.code, problem.at, **problem.facts))
        return None
    outcome.findings += reader.notes
    reader.notes.clear()
    return Press(who, DOOR, given, flow=FLOW, area=area, at=at)


def file_all(
    presses: list[tuple[Row, Press]], batch: Batch, now: datetime, outcome: Outcome
) -> None:
    for start in range(0, len(presses), AT_ONCE):
        part = presses[start : start + AT_ONCE]
        done = take_many([press for _, press in part], now=now)
        rows = []
        for (row, _), answer in zip(part, done, strict=True):
            if isinstance(answer, Done):
                rows.append(
                    Hotline(number=row.get("number"), order_id=UUID(answer.id), batch=batch)
                )
                outcome.made += 1
            else:
                refuse(row, answer, outcome)
        Hotline.objects.bulk_create(rows)


def refuse(row: Row, no: Refused, outcome: Outcome) -> None:
    why = Words(sentence(no, "zh"), sentence(no, "en"))
    outcome.findings.append(row.finding("hotline_refused", "", reason=why))
    outcome.bad += 1
    row.bad = True


# ── back again ───────────────────────────────────────────────────────────────────────────────────


def undo_hotline(batch: Batch, stamp: Stamp) -> Undone:
    """Void events for the orders of an import; nothing is deleted but that their numbers are taken.

    An order somebody has acted on stays, and is named. Run again, it tries what was kept.
    Refuses: undone_already.
    """
    with transaction.atomic():
        row = Batch.objects.select_for_update().get(pk=batch.pk)
        if row.what != WHAT or row.state == Batch.State.UNDONE:
            raise NotPossible("undone_already", batch=row.pk)
        undone = Undone()
        for order in Order.objects.filter(hotline__batch=row).order_by("id"):
            if void(order, stamp.at):
                undone.removed += 1
            else:
                undone.kept.append(order.number)
        row.state = Batch.State.PARTLY if undone.kept else Batch.State.UNDONE
        row.save(update_fields=["state"])
        after = {"removed": undone.removed, "restored": 0, "kept": len(undone.kept)}
        stamp.enter("void", row, after=after)
    return undone


def void(order: Order, now: datetime) -> bool:
    """Whether it is void now: only one that nobody but the clock has touched."""
    shelf = lock([order.root_id.hex], rules())
    acted = Event.objects.filter(order__root=order.root_id).exclude(order=order, nth=1)
    ended = shelf.family.ended(shelf.family.orders[order.pk.hex])
    if ended or acted.exclude(capacity__in=BY_ITSELF).exists():
        return False
    Hotline.objects.filter(order=order).delete()
    shelf.family.void(order.pk.hex, actions.after_last(shelf, order.pk.hex, now), act=uuid4().hex)
    actions.write(shelf)
    return True
