"""Connections that are looked at instead of asked, and moments read by the interpreter's own code.

Named as ENGINE in the settings; everything else is Django's backend for PostgreSQL.
"""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from select import POLLIN, poll
from typing import Any

from django.conf import settings
from django.db.backends.postgresql import base
from django.db.backends.postgresql.psycopg_any import BaseTzLoader, get_adapters_template
from psycopg import Connection
from psycopg.adapt import AdaptersMap, Buffer
from psycopg_pool import ConnectionPool


class Moments(BaseTzLoader):
    """A timestamptz of a session in UTC. Django's reads it by a pattern, at ten times the cost."""

    def load(self, data: Buffer) -> datetime:
        try:
            return datetime.fromisoformat(bytes(data).decode())
        except ValueError:  # before our era, beyond year 9999: Django's says what is wrong with it
            return super().load(data)


@lru_cache
def adapters(zone: Any) -> AdaptersMap:
    found = AdaptersMap(get_adapters_template(settings.USE_TZ, zone))
    found.register_loader("timestamptz", type("Moments", (Moments,), {"timezone": zone}))
    return found


def alive(connection: Connection[Any]) -> None:
    """Raises OperationalError for a connection whose server has gone.

    Whatever ends a session closes its socket, and that can be seen without a trip to the server.
    Only where something has come unasked (the end, or a warning of it) is the server asked.
    """
    waiting = poll()
    waiting.register(connection.fileno(), POLLIN)
    if waiting.poll(0):
        ConnectionPool.check_connection(connection)


class DatabaseWrapper(base.DatabaseWrapper):
    @property
    def pool(self) -> Any:
        """Django's pool, but for how a connection is looked at before it is handed out."""
        options = self.settings_dict["OPTIONS"].get("pool")
        if not options or self.alias == base.NO_DB_ALIAS:
            return None
        if self.alias not in self._connection_pools:
            made = ConnectionPool(
                kwargs={**self.get_connection_params(), "autocommit": True}, open=False,
                configure=self._configure_connection, check=alive, **options,
            )  # fmt: skip
            self._connection_pools.setdefault(self.alias, made)
        return self._connection_pools[self.alias]

    def get_connection_params(self) -> dict[str, Any]:
        return {**super().get_connection_params(), "context": adapters(self.timezone)}
