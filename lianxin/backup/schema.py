"""A restored database grows in a schema of its own and takes the old one's place in one moment."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from lianxin.backup import inventory
from lianxin.backup.inventory import quoted

COMING = "lianxin_coming"
PATIENCE_S = "5"  # for a server that does not answer

# What stands in a schema by itself; what belongs to it (indexes, counters of columns) goes along.
_RELATIONS = """
SELECT CASE c.relkind WHEN 'v' THEN 'VIEW' WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, c.relname, ''
FROM pg_class c WHERE c.relnamespace = %(schema)s::regnamespace
  AND (c.relkind IN ('r', 'p', 'v') OR c.relkind = 'S' AND NOT EXISTS (
    SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid
      AND d.deptype IN ('a', 'i')))"""
_ROUTINES = """
SELECT 'ROUTINE', proname, '(' || pg_get_function_identity_arguments(oid) || ')' FROM pg_proc
WHERE pronamespace = %(schema)s::regnamespace"""
_TYPES = """
SELECT 'TYPE', t.typname, '' FROM pg_type t LEFT JOIN pg_class c ON c.oid = t.typrelid
WHERE t.typnamespace = %(schema)s::regnamespace
  AND (t.typtype IN ('e', 'd') OR t.typtype = 'c' AND c.relkind = 'c')"""


@contextmanager
def looking_at(schema: str = "") -> Iterator[None]:
    """Django's connection, without its pool, at one schema (or where it always looks)."""
    options = connection.settings_dict["OPTIONS"]
    before = dict(options)
    connection.close()
    connection.close_pool()
    options.pop("pool", None)
    options.setdefault("connect_timeout", PATIENCE_S)
    if schema:
        options["options"] = f"{before.get('options', '')} -c search_path={schema}".strip()
    try:
        yield
    finally:
        connection.close()
        options.clear()
        options.update(before)


def run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def objects(schema: str) -> list[tuple[str, str]]:
    """(kind, name) of all that is ours in the schema, what is built on others first."""
    found = []
    with connection.cursor() as cursor:
        for question in (_RELATIONS, _ROUTINES, _TYPES):
            # With the schema out of sight, names of types in a routine's signature are whole.
            cursor.execute(question, {"schema": schema})
            rows = cursor.fetchall()
            mine = set(inventory.ours(name for _, name, _ in rows))
            found += [(kind, quoted(name) + more) for kind, name, more in rows if name in mine]
    return found


def make_room() -> None:
    """An empty schema for what is coming; what a broken-off restoring left there goes."""
    run(f"DROP SCHEMA IF EXISTS {COMING} CASCADE")
    run(f"CREATE SCHEMA {COMING}")


def migrate(applied: list[list[str]] | None = None) -> None:
    """To the state these migrations make, or to this program's own."""
    executor = MigrationExecutor(connection)
    graph = executor.loader.graph
    if applied is None:
        executor.migrate(graph.leaf_nodes())
        return
    wanted = {(app, name) for app, name in applied} & set(graph.nodes)
    inner = {parent.key for key in wanted for parent in graph.node_map[key].parents}
    executor.migrate(sorted(wanted - inner))


def take_place(target: str) -> None:
    """Within the caller's transaction: the old tables go and the new ones stand in `target`."""
    run("SET LOCAL lock_timeout = '20s'")
    for kind, name in objects(target):
        run(f"DROP {kind} IF EXISTS {quoted(target)}.{name} CASCADE")
    for kind, name in objects(COMING):
        run(f"ALTER {kind} {COMING}.{name} SET SCHEMA {quoted(target)}")
    run(f"DROP SCHEMA {COMING}")
