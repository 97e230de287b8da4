"""The floor: the same rows written and read by a handler that does nothing else.

One statement files (an order and an event, one commit), one reads fifty rows by the index. Run by
the same server as ours; `/list?path=…` and POST `/file` are all it knows.
"""

from __future__ import annotations

import json
import secrets
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qs
from uuid import UUID

import psycopg
from django.conf import settings  # for the address of the database alone
from psycopg.types.json import Jsonb

here = threading.local()
LIST = """SELECT number, flow, state, path, category, due, at, filed FROM orders_order
    WHERE left(path, 12) = %s ORDER BY id DESC LIMIT 50"""


def link() -> psycopg.Connection[Any]:
    if not hasattr(here, "link"):
        about = settings.DATABASES["default"]
        here.link = psycopg.connect(
            host=about["HOST"], port=about["PORT"], dbname=about["NAME"], user=about["USER"],
            autocommit=True,
        )  # fmt: skip
        here.filing = Filing(here.link)
    return here.link


class Filing:
    """Any order with its first event, to be written again and again under new names."""

    def __init__(self, db: psycopg.Connection[Any]) -> None:
        order = db.execute("SELECT * FROM orders_order WHERE state = 'filed' LIMIT 1")
        self.order = row(order)
        first = "SELECT * FROM orders_event WHERE order_id = %s AND nth = 1"
        self.event = row(db.execute(first, [self.order["id"]]))
        self.sql = (
            f"WITH o AS (INSERT INTO orders_order ({', '.join(self.order)})"
            f" VALUES ({marks(self.order)}))"
            f" INSERT INTO orders_event ({', '.join(self.event)}) VALUES ({marks(self.event)})"
        )

    def write(self, db: psycopg.Connection[Any]) -> str:
        id = UUID(int=int(time.time() * 1000) << 80 | secrets.randbits(80))
        order = self.order | {"id": id, "root_id": id, "number": id.hex}
        db.execute(self.sql, [*order.values(), *(self.event | {"order_id": id}).values()])
        return id.hex


def row(cursor: psycopg.Cursor[Any]) -> dict[str, Any]:
    values = cursor.fetchone()
    names = [c.name for c in cursor.description or ()]
    return {n: Jsonb(v) if isinstance(v, dict) else v for n, v in zip(names, values, strict=True)}


def marks(row: dict[str, Any]) -> str:
    return ", ".join(["%s"] * len(row))


def application(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    db = link()
    if environ["REQUEST_METHOD"] == "POST":
        json.loads(environ["wsgi.input"].read())
        body = json.dumps({"number": here.filing.write(db)})
    else:
        path = parse_qs(environ["QUERY_STRING"])["path"]
        body = json.dumps(db.execute(LIST, path).fetchall(), default=str, ensure_ascii=False)
    start("200 OK", [("Content-Type", "application/json")])
    return [body.encode()]
