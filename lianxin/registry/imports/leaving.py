"""Thousands whom an import made are blank from the moment it is taken back, and go afterwards.

Each person who goes is asked of by every key that may point there: minutes of an office's patience
for what nobody sees. So with more than `MANY` the transaction that takes the sheet back leaves rows
without name, phone, mail, home or account, which nothing finds by what they were. `clear`, run by a
job, takes them out piece by piece. Whoever was at one of them in that very moment and wrote
something that needs them gets them back whole: then they were used, and stay.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from lianxin.registry.actions.people import fresh_username
from lianxin.registry.actions.stamp import Stamp
from lianxin.registry.imports.going import referring, users_of
from lianxin.registry.imports.restored import values_of
from lianxin.registry.models import Batch, BatchRow, Person, PersonSkill
from lianxin.registry.uses import used_in

MANY = 5_000  # as many as one page takes in go at once
AT_ONCE = 1_000
LABEL = "registry.person"
LEAVING = "registry.person leaving"  # the batch's row of somebody who is blank, with what they were
BLANK: dict[str, Any] = {
    "name": "", "phone_sealed": None, "mail_sealed": None, "home_id": None, "ways": "",
    "is_active": False,
}  # fmt: skip
LEAVE = f"""WITH leaving AS (
    UPDATE registry_batchrow SET model = '{LEAVING}', before = jsonb_build_object(
        'username', username, 'name', name, 'phone_sealed', encode(phone_sealed, 'hex'),
        'mail_sealed', encode(mail_sealed, 'hex'), 'home_id', home_id, 'ways', ways,
        'is_active', is_active)
    FROM registry_person WHERE registry_person.id = key AND {{going}} RETURNING key)
UPDATE registry_person SET username = '-' || id, name = '', spelt = '', phone_sealed = NULL,
    phone_blind = NULL, phone_tail = NULL, mail_sealed = NULL, home_id = NULL, ways = '',
    is_active = false
WHERE id IN (SELECT key FROM leaving)"""


def leave(cursor: Any, going: str, asked: Mapping[str, Any]) -> int:
    """Blanks the people whom these rows of a batch made; `going` is a condition. How many."""
    cursor.execute(LEAVE.format(going=going), asked)
    return int(cursor.rowcount)


def clear(now: datetime) -> int:
    """Takes out all who are leaving, a piece a transaction; whoever is killed in between has lost
    nothing but time. Returns how many went."""
    gone = 0
    while found := _piece(now):
        gone += found[0]
    return gone


@transaction.atomic
def _piece(now: datetime) -> tuple[int, int] | None:
    """How many went and how many came back; None when nobody is leaving."""
    waiting = BatchRow.objects.select_for_update(skip_locked=True).filter(model=LEAVING)
    notes = list(waiting.order_by("pk")[:AT_ONCE])
    if not notes:
        return None
    people = Person.objects.select_for_update().in_bulk([note.key for note in notes])
    needed = _needed([note.pk for note in notes])
    back = [note for note in notes if note.key in needed]
    for note in back:
        _back(note, people[note.key], now)
    going = people.keys() - needed
    PersonSkill.objects.filter(person__in=going).delete()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM registry_person WHERE id = ANY(%s)", [list(going)])
    BatchRow.objects.filter(pk__in=[note.pk for note in notes if note.key in going]).delete()
    return len(going), len(back)


def _needed(notes: list[int]) -> set[int]:
    made = BatchRow.objects.filter(pk__in=notes)
    found: set[int] = set(used_in(LABEL, made))
    for relation in users_of(Person):
        found |= referring(relation, made).keys()
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT entry.key FROM registry_batchrow made JOIN registry_entry entry
                ON entry.model = '{LABEL}' AND entry.key = made.key
            WHERE made.id = ANY(%s) AND entry.batch_id IS DISTINCT FROM made.batch_id""",
            [notes],
        )
        return found | {key for (key,) in cursor.fetchall()}


def _back(note: BatchRow, person: Person, now: datetime) -> None:
    """As they were, but for what somebody has written since; the import is undone but for them."""
    was = {
        name: value for name, value in (note.before or {}).items()
        if name == "username" or getattr(person, name) == BLANK[name]
    }  # fmt: skip
    if Person.objects.filter(username=was["username"]).exists():
        was["username"] = fresh_username()  # somebody else has theirs by now
    BatchRow.objects.filter(pk=note.pk).update(model=LABEL, before=None)
    Batch.objects.filter(pk=note.batch_id).update(state=Batch.State.PARTLY)
    Stamp(None, now, note.batch).change("change", person, **values_of(Person, was))
