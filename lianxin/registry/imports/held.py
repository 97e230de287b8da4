"""Holds the rows of an import, so that what is asked of them stays true until they are gone."""

from __future__ import annotations

from django.db import connection, models

from lianxin.registry.models import Batch


def hold(batch: Batch, model: type[models.Model]) -> None:
    """Locks what the batch made or changed of this model until the transaction ends.

    Whoever is at such a row, or is about to point to one, is waited for, and whoever comes later
    waits: a row that is asked about after this gets no new user, and no user goes unseen.
    """
    table, own = model._meta.db_table, model._meta.pk.column
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT count(*) FROM (
                SELECT FROM {table} WHERE {own} IN (
                    SELECT key FROM registry_batchrow WHERE batch_id = %s AND model = %s)
                ORDER BY {own} FOR UPDATE) held""",
            [batch.pk, model._meta.label_lower],
        )
