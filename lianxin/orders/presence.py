"""Who else at the same desk has an order open just now: known for a minute, and then by nobody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection

LIFE = timedelta(seconds=60)  # a page that is open says so every half of it

# What is over is taken away by whoever comes next, one's own rows elsewhere too: nobody can read
# from the table where somebody was.
STAND = """
WITH over AS (
    DELETE FROM orders_presence WHERE (order_id, person_id) IN (
        SELECT order_id, person_id FROM orders_presence
        WHERE (order_id = %(order)s OR person_id = %(person)s) AND at < %(ago)s
          AND (order_id, person_id) <> (%(order)s, %(person)s) FOR UPDATE SKIP LOCKED)
), mine AS (
    INSERT INTO orders_presence AS p (order_id, person_id, desk, since, at)
    VALUES (%(order)s, %(person)s, %(desk)s, %(now)s, %(now)s)
    ON CONFLICT (order_id, person_id) DO UPDATE SET desk = excluded.desk, at = excluded.at,
        since = CASE WHEN p.at < %(ago)s THEN excluded.since ELSE p.since END
)
SELECT person.name, p.since FROM orders_presence p JOIN registry_person person
    ON person.id = p.person_id
WHERE p.order_id = %(order)s AND p.desk = %(desk)s AND p.person_id <> %(person)s
  AND p.at >= %(ago)s ORDER BY p.since, p.person_id LIMIT 10"""


@dataclass(frozen=True, slots=True)
class Other:
    """A colleague, and for how long they have had it open."""

    name: str
    minutes: int


def stand(order: UUID, person: str, desk: str, now: datetime) -> list[Other]:
    """Say that this person of this desk has the order open. Returns their colleagues, first come
    first. One statement."""
    told = {"order": order, "person": int(person), "desk": desk, "now": now, "ago": now - LIFE}
    with connection.cursor() as cursor:
        cursor.execute(STAND, told)
        found = cursor.fetchall()
    return [Other(name, max(0, int((now - since).total_seconds() // 60))) for name, since in found]
