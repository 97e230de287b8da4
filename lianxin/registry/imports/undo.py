"""Takes an import back: what was used since is named and kept, all else goes, the log stays.

Rows are removed from the register by one statement a table; of thousands of people see `leaving`.
Their entries remain, and each gets a `void` entry after it, so that the log tells of both.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, models, transaction
from django.db.models import QuerySet

from lianxin.registry.actions import Stamp, told
from lianxin.registry.actions.stamp import facts
from lianxin.registry.imports import leaving
from lianxin.registry.imports.going import children_first, referring, users_of
from lianxin.registry.imports.held import hold
from lianxin.registry.imports.restored import values_of
from lianxin.registry.models import Batch, BatchRow, Person
from lianxin.registry.refusal import NotPossible
from lianxin.registry.uses import used_in

NAMED = 200  # of the kept rows that are named; all are counted


@dataclass(frozen=True, slots=True)
class Kept:
    """A row that stays. `why`: `changed`, or the label of the model whose rows use it."""

    model: str
    key: int
    name: str
    why: str


@dataclass
class Undone:
    removed: int = 0
    restored: int = 0
    left: int = 0
    kept: list[Kept] = field(default_factory=list)

    def keep(self, model: type[models.Model], why: dict[int, str]) -> None:
        """Counts all of them and names the first."""
        self.left += len(why)
        keys = sorted(why)[: max(0, NAMED - len(self.kept))]
        rows = model._default_manager.in_bulk(keys)
        self.kept += [Kept(model._meta.label_lower, k, _named(rows[k]), why[k]) for k in keys]


@transaction.atomic
@told.together()
def undo_batch(batch: Batch, stamp: Stamp) -> Undone:
    """Undoes an import whole; run again, it tries what was kept. Refuses: undone_already."""
    row = Batch.objects.select_for_update().get(pk=batch.pk)
    if row.state == Batch.State.UNDONE:
        raise NotPossible("undone_already", batch=row.pk)
    undone = Undone()
    touched = BatchRow.objects.filter(batch=row).exclude(model=leaving.LEAVING).order_by()
    going = children_first(touched.values_list("model", flat=True).distinct())
    for model in going:  # in this order, as whoever confirms a check-in comes by them
        hold(row, model)
    with connection.cursor() as cursor:  # put off, each of the many checks costs half as much again
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for model in going:
            _restore(row, model, stamp, undone)
            _remove(row, model, stamp, undone)
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    row.state = Batch.State.PARTLY if undone.left else Batch.State.UNDONE
    row.save(update_fields=["state"])
    stamp.enter(
        "void",
        row,
        after={"removed": undone.removed, "restored": undone.restored, "kept": undone.left},
    )
    return undone


def _restore(batch: Batch, model: type[models.Model], stamp: Stamp, undone: Undone) -> None:
    """Puts back what the import changed, unless it was changed again since."""
    changed = BatchRow.objects.filter(
        batch=batch, model=model._meta.label_lower, before__isnull=False
    )
    kept: dict[int, str] = {}
    for note in changed.order_by("key").iterator():
        row = model._default_manager.select_for_update().get(pk=note.key)
        now = facts(row)
        if any(now[name] != value for name, value in note.after.items()):
            kept[row.pk] = "changed"
            continue
        stamp.change("void", row, **values_of(model, note.before))
        note.delete()
        undone.restored += 1
    undone.keep(model, kept)


def _remove(batch: Batch, model: type[models.Model], stamp: Stamp, undone: Undone) -> None:
    label = model._meta.label_lower
    made = BatchRow.objects.filter(batch=batch, model=label, before__isnull=True)
    if not made.exists():
        return
    kept = dict.fromkeys(_changed_since(batch, label), "changed")
    for relation in users_of(model):
        kept |= referring(relation, made)
    if label == "registry.person":
        came = Person.objects.filter(pk__in=made.values("key"), last_login__isnull=False)
        kept |= dict.fromkeys(came.values_list("pk", flat=True), "login")
    kept |= used_in(label, made)
    if label == "registry.area":
        kept |= _holding(batch, kept)
    told.going(_rows(model, made.exclude(key__in=kept)), stamp.day)
    undone.removed += _delete(batch, model, stamp, list(kept))
    undone.keep(model, kept)


def _rows(model: type[models.Model], noted: QuerySet[BatchRow]) -> QuerySet[Any]:
    return model._default_manager.filter(pk__in=noted.order_by().values("key"))


def _changed_since(batch: Batch, label: str) -> Iterable[int]:
    """Rows with an entry of another hand: someone has worked on them."""
    return _column(
        """SELECT DISTINCT made.key FROM registry_batchrow made
        JOIN registry_entry entry ON entry.model = made.model AND entry.key = made.key
        WHERE made.batch_id = %s AND made.model = %s AND made.before IS NULL
          AND entry.batch_id IS DISTINCT FROM made.batch_id""",
        [batch.pk, label],
    )


def _holding(batch: Batch, kept: dict[int, str]) -> dict[int, str]:
    """Areas of the batch with areas in them that stay."""
    rows = _column(
        """WITH made AS (
            SELECT key FROM registry_batchrow
            WHERE batch_id = %(batch)s AND model = 'registry.area' AND before IS NULL),
        staying AS (
            SELECT path FROM registry_area LEFT JOIN made ON made.key = id
            WHERE until IS NULL AND made.key IS NULL
            UNION SELECT path FROM registry_area WHERE id = ANY(%(kept)s)),
        above AS (
            SELECT DISTINCT left(path, cut) AS path FROM staying,
                unnest(array[2, 4, 6, 9, 10, 12, 13, 15, 16]) AS cut WHERE cut < length(path)
            UNION SELECT substr(path, 2, cut) FROM staying, unnest(array[2, 4, 6]) AS cut
            WHERE path ~ '^[A-Z]')
        SELECT area.id FROM above JOIN registry_area area ON area.path = above.path
            AND area.until IS NULL JOIN made ON made.key = area.id""",
        {"batch": batch.pk, "kept": list(kept)},
    )
    return {key: "registry.area" for key in rows if key not in kept}


GOING = """batch_id = %(batch)s AND model = %(model)s AND before IS NULL
    AND key <> ALL(%(kept)s)"""


def _delete(batch: Batch, model: type[models.Model], stamp: Stamp, kept: Sequence[int]) -> int:
    """Void entries for rows with an entry of their own, then the rows go; of thousands of people
    what they are, and the rows afterwards."""
    asked = {
        "batch": batch.pk, "model": model._meta.label_lower, "kept": list(kept), "at": stamp.at,
        "who": stamp.who and stamp.who.pk,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(
            f"""INSERT INTO registry_entry (at, who_id, verb, model, key, batch_id)
            SELECT %(at)s::timestamptz, %(who)s::bigint, 'void', model, key, batch_id
            FROM registry_batchrow made WHERE {GOING} AND EXISTS (
                SELECT FROM registry_entry entry
                WHERE entry.model = made.model AND entry.key = made.key)""",
            asked,
        )
        for relation in users_of(model):
            if relation.on_delete is models.CASCADE:
                part, column = relation.related_model._meta.db_table, relation.field.column
                _of_those_who_go(cursor, part, column, asked)
        if model is Person and _how_many(cursor, asked) > leaving.MANY:
            return leaving.leave(cursor, GOING, asked)
        removed = _of_those_who_go(cursor, model._meta.db_table, model._meta.pk.column, asked)
        cursor.execute(f"DELETE FROM registry_batchrow WHERE {GOING}", asked)
    return removed


def _of_those_who_go(cursor: Any, table: str, column: str, asked: dict[str, Any]) -> int:
    cursor.execute(
        f"DELETE FROM {table} WHERE {column} IN (SELECT key FROM registry_batchrow WHERE {GOING})",
        asked,
    )
    return int(cursor.rowcount)


def _how_many(cursor: Any, asked: dict[str, Any]) -> int:
    cursor.execute(f"SELECT count(*) FROM registry_batchrow WHERE {GOING}", asked)
    return int(cursor.fetchone()[0])


def _column(sql: str, given: Sequence[Any] | dict[str, Any]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        return [key for (key,) in cursor.fetchall()]


def _named(row: models.Model) -> str:
    """What the operator knows it by; of a person the username."""
    extra = getattr(row, "path", "") or getattr(row, "code", "")
    return " ".join(p for p in (getattr(row, "username", "") or str(row), extra) if p)
