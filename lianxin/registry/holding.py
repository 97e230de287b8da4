"""A row of the registry that others point to is held by the database at once, not at the end.

The models say PROTECT. Django writes that as a key which may be put off to the end of the
transaction, and of such a key PostgreSQL asks twice for each row that goes: whether another has
come in its place, and whether anybody points to it. A key with RESTRICT is asked once, and never
put off. That a new row points to something that is there is still asked at the end.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import migrations

HELD = ("registry_person", "registry_post", "registry_checkin")  # what goes by the ten thousand
KEYS = """SELECT held.conrelid::regclass::text, held.conname, own.attname,
        held.confrelid::regclass::text, of.attname
    FROM pg_constraint held
    JOIN pg_attribute own ON own.attrelid = held.conrelid AND own.attnum = held.conkey[1]
    JOIN pg_attribute of ON of.attrelid = held.confrelid AND of.attnum = held.confkey[1]
    WHERE held.contype = 'f' AND held.conparentid = 0 AND held.confdeltype = %s
        AND held.confrelid::regclass::text = ANY(%s)
        AND starts_with(held.conrelid::regclass::text, %s)
    ORDER BY 1, 2"""
NO_ACTION, RESTRICT = "a", "r"


def held_at_once(app: str) -> migrations.RunPython:
    """An operation for the last migration of an app that added keys to people, posts or check-ins:
    all of the app's tables that are not so yet."""
    return migrations.RunPython(
        _turned(app, NO_ACTION, "ON DELETE RESTRICT"), _turned(app, RESTRICT, "")
    )


def _turned(app: str, was: str, then: str) -> Callable[[Any, Any], None]:
    def turn(apps: Any, editor: Any) -> None:
        with editor.connection.cursor() as cursor:
            cursor.execute(KEYS, [was, list(HELD), f"{app}_"])
            for table, name, column, to, key in cursor.fetchall():
                quoted = editor.quote_name
                cursor.execute(
                    f"""ALTER TABLE {table} DROP CONSTRAINT {quoted(name)},
                    ADD CONSTRAINT {quoted(name)} FOREIGN KEY ({quoted(column)})
                    REFERENCES {to} ({quoted(key)}) {then} DEFERRABLE INITIALLY DEFERRED"""
                )

    return turn
