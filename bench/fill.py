"""Many orders out of few: those of the demo, played by the kernel, are copied by statements.

A copy has the facts, events, words and hands of its pattern, at another grid and another moment of
the last three years. Nine in ten have ended. Triggers sleep meanwhile (the copies
are right by construction), and so the seals of copied events do not fit: pages never ask, `lianxin
verify` would.
"""

from __future__ import annotations

import psycopg

ENDED_OF_TEN = 9
AT_ONCE = 50_000  # orders of one round of statements
BIG = 200_000  # from so many on, indexes are dropped and made again: that is quicker

PATTERN = """
CREATE TABLE bench_pattern AS
SELECT o.id, o.open, o.filed,
       row_number() OVER (PARTITION BY o.open ORDER BY md5(o.id::text)) - 1 AS place
FROM orders_order o
WHERE o.kind = 'case' AND o.parent_id IS NULL AND NOT o.has_kids AND length(o.path) = 18
  AND o.state NOT IN ('merged', 'split')
  AND NOT EXISTS (SELECT FROM orders_photo WHERE order_id = o.id);
CREATE TABLE bench_grid AS
SELECT id, path, row_number() OVER (ORDER BY md5(path)) - 1 AS place
FROM registry_area WHERE kind_id = 'grid' AND until IS NULL AND path ~ '^[0-9]{18}$';
"""

# n-th copy: its pattern, its grid, its moment. What has ended is spread over three years, what is
# open over the last days, as in a house where things get done.
COPY = """
CREATE UNLOGGED TABLE bench_copy AS
WITH n AS (SELECT n, n %% 10 >= %(ended)s AS open FROM generate_series(%(first)s, %(last)s) n),
 kinds AS (SELECT open, count(*) AS many FROM bench_pattern GROUP BY open),
 grids AS (SELECT count(*) AS many FROM bench_grid),
 chosen AS (
  SELECT n.n, p.id AS old, p.filed, n.open,
         hashint8(n.n * 7 + 1)::bigint & 1048575 AS dice
  FROM n JOIN kinds USING (open)
  JOIN bench_pattern p ON p.open = n.open AND p.place = n.n / 10 %% kinds.many),
 moved AS (
  SELECT n, old, dice, filed, CASE WHEN open
    THEN make_interval(secs => dice / 12.0)
    ELSE make_interval(secs => (hashint8(n)::bigint & 1048575) * 90.0) END AS ago
  FROM chosen)
SELECT n, old, -ago AS shift, g.id AS area, g.path,
  (lpad(to_hex(floor(extract(epoch FROM filed - ago) * 1000)::bigint), 12, '0') || '7'
    || substr(md5(n::text), 1, 3) || '8' || substr(md5(n::text), 4, 15))::uuid AS id
FROM moved CROSS JOIN grids
JOIN bench_grid g ON g.place = moved.dice %% grids.many;
ALTER TABLE bench_copy ADD PRIMARY KEY (old, n);
ANALYZE bench_copy;
"""

# What differs from the pattern, by table; every other column is taken over.
ORDER = {
    "id": "c.id", "root_id": "c.id", "area_id": "c.area", "path": "c.path",
    "number": "'LX-' || to_char(nextval('orders_number'), 'FM999999000000')",
    "desk": "left(c.path, length(t.desk))", "filed": "t.filed + c.shift", "at": "t.at + c.shift",
    "entered": "t.entered + c.shift", "due": "t.due + c.shift", "next_at": "t.next_at + c.shift",
    "facts": "jsonb_set(t.facts, '{desks}', to_jsonb(ARRAY(SELECT left(c.path, length(d)) "
             "FROM jsonb_array_elements_text(t.facts->'desks') d)))",
}  # fmt: skip
EVENT = {
    "order_id": "c.id", "path": "c.path", "at": "t.at + c.shift", "area": "c.area::text",
    "recorded": "t.recorded + c.shift",
}  # fmt: skip
OF_ORDER = {"order_id": "c.id"}
TABLES = {
    "orders_order": ("id", ORDER),
    "orders_event": ("order_id", EVENT),
    "orders_content": ("order_id", OF_ORDER),
    "orders_hand": ("order_id", OF_ORDER),
}


def fill(superuser: str, orders: int) -> None:
    """Bring the table of orders up to this number. `superuser`: where the database takes one."""
    with psycopg.connect(superuser, autocommit=True) as db:
        db.execute("SET session_replication_role = replica")
        db.execute("SET work_mem = '256MB'; SET maintenance_work_mem = '512MB'")
        if not db.execute("SELECT to_regclass('bench_pattern')").fetchone()[0]:
            patterns(db)
        have = db.execute("SELECT count(*) FROM orders_order").fetchone()[0]
        dropped = drop_indexes(db) if orders - have >= BIG else []
        for first in range(have + 1, orders + 1, AT_ONCE):
            copy(db, first, min(first + AT_ONCE - 1, orders))
        for index in dropped:
            db.execute(index)
        db.execute("VACUUM ANALYZE")
        db.execute("CHECKPOINT")


def patterns(db: psycopg.Connection) -> None:
    """The demo's orders with all that belongs to them, set apart to be copied."""
    db.execute(PATTERN)
    for table, (key, _) in TABLES.items():
        db.execute(
            f"CREATE TABLE bench_{table} AS SELECT t.* FROM {table} t"
            f" JOIN bench_pattern p ON p.id = t.{key}"
        )
    db.execute("ANALYZE")


def copy(db: psycopg.Connection, first: int, last: int) -> None:
    facts = {"first": first, "last": last, "ended": ENDED_OF_TEN}
    db.execute(psycopg.ClientCursor(db).mogrify(COPY, facts))
    for table, (key, differs) in TABLES.items():
        columns = [c for c in columns_of(db, table) if not (table == "orders_hand" and c == "id")]
        values = ", ".join(differs.get(c, f"t.{c}") for c in columns)
        db.execute(
            f"INSERT INTO {table} ({', '.join(columns)}) SELECT {values} "
            f"FROM bench_copy c JOIN bench_{table} t ON t.{key} = c.old ORDER BY c.id"
        )
    db.execute("DROP TABLE bench_copy")


def columns_of(db: psycopg.Connection, table: str) -> list[str]:
    return [c.name for c in db.execute(f"SELECT * FROM {table} LIMIT 0").description]


def drop_indexes(db: psycopg.Connection) -> list[str]:
    """Drops what no constraint stands on. Returns the statements that make them again."""
    found = db.execute(
        "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = ANY(%s)"
        " AND indexname NOT IN (SELECT conname FROM pg_constraint)",
        [["orders_order", "orders_hand", "orders_content"]],
    ).fetchall()
    keep = [row for row in found if "UNIQUE" not in row[1]]
    for name, _ in keep:
        db.execute(f"DROP INDEX {name}")
    return [definition for _, definition in keep]
