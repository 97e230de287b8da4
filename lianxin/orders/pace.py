"""How often a source has sent something of late, counted for all processes of a house together.

A source is what the house's key makes of an address; the address itself is not kept.
"""

from __future__ import annotations

from django.db import connection

COUNT = """
INSERT INTO orders_pace AS p (name, source, began, n)
VALUES (%(name)s, %(source)s, clock_timestamp(), 1)
ON CONFLICT (name, source) DO UPDATE SET
    n = CASE WHEN p.began + %(per)s * interval '1 s' <= clock_timestamp() THEN 1 ELSE p.n + 1 END,
    began = CASE WHEN p.began + %(per)s * interval '1 s' <= clock_timestamp()
        THEN clock_timestamp() ELSE p.began END
RETURNING n, ceil(extract(epoch FROM began + %(per)s * interval '1 s' - clock_timestamp()))::int"""


def count(name: str, source: str, per_s: int) -> tuple[int, int]:
    """One more. How many that makes in this stretch of time, and the seconds until the next."""
    with connection.cursor() as cursor:
        cursor.execute(COUNT, {"name": name, "source": source, "per": per_s})
        n, left = cursor.fetchone()
    return n, left


def forget(name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM orders_pace WHERE name = %s", [name])


def throw_away_old() -> None:
    """Stretches of time that are long over: none lasts a day."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM orders_pace WHERE began < now() - interval '1 day'")
