"""Each change bears a stamp, who and when and in which import, and leaves an entry in the log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import models
from django.utils import timezone

from lianxin.registry.actions import told
from lianxin.registry.models import Batch, BatchRow, Entry, Person

Facts = dict[str, Any]
# What a person is called and reached by must stay erasable, so the log holds only these.
OF_A_PERSON = ("home_id", "language", "is_active", "is_operator", "became_id", "moved")


@dataclass(frozen=True, slots=True)
class Stamp:
    """`who` is None for the operator at the terminal."""

    who: Person | None
    at: datetime
    batch: Batch | None = None

    @property
    def day(self) -> date:
        return timezone.localdate(self.at)

    def enter(
        self, verb: str, row: models.Model, before: Facts | None = None, after: Facts | None = None
    ) -> Entry:
        """Writes the entry; within an import also what undoing it will need. Whoever keeps what
        follows from such rows hears of it."""
        model, key = row._meta.label_lower, row.pk
        if self.batch is not None:
            _remember(self.batch, model, key, before, after)
        entry = Entry.objects.create(
            at=self.at,
            who=self.who,
            verb=verb,
            model=model,
            key=key,
            before=kept_of(row._meta.model, before),
            after=kept_of(row._meta.model, after),
            batch=self.batch,
        )
        told.wrote(row, before, self.day)
        return entry

    def made(self, verb: str, row: models.Model, **beside: Any) -> None:
        """The entry of a new row: all that it holds."""
        self.enter(verb, row, after={**facts(row), **beside})

    def change(self, verb: str, row: models.Model, **values: Any) -> bool:
        """Sets these fields, saves and enters what differed; False when nothing did."""
        old = facts(row)
        for name, value in values.items():
            setattr(row, name, value)
        new = facts(row)
        names = [name for name in new if new[name] != old[name]]
        if not names:
            return False
        row.save()
        self.enter(verb, row, {n: old[n] for n in names}, {n: new[n] for n in names})
        return True


def _remember(
    batch: Batch, model: str, key: int, before: Facts | None, after: Facts | None
) -> None:
    """A row that an import touches twice is undone to what it was before the first time."""
    row, fresh = BatchRow.objects.get_or_create(
        batch=batch, model=model, key=key, defaults={"before": before, "after": after}
    )
    if not fresh and row.before is not None:
        row.before = {**(before or {}), **row.before}
        row.after = {**(row.after or {}), **(after or {})}
        row.save(update_fields=["before", "after"])


def facts(row: models.Model) -> Facts:
    """The columns of a row as JSON can hold them; of a person nothing that logs anybody in, nor
    what follows from another column."""
    skipped = {"id", "password", "last_login", "phone_blind", "phone_tail", "spelt"}
    columns = (f.attname for f in row._meta.concrete_fields)
    return {name: _plain(getattr(row, name)) for name in columns if name not in skipped}


def _plain(value: Any) -> Any:
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    if isinstance(value, UUID):
        return value.hex
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if isinstance(value, date) else value


def kept_of(model: type[models.Model], values: Facts | None) -> Facts | None:
    """What of a row's columns the log may hold: of a person little, so that erasing stays
    possible."""
    if values is None or model is not Person:
        return values
    kept: Mapping[str, Any] = {n: v for n, v in values.items() if n in OF_A_PERSON}
    return {**kept, "fields": sorted(set(values) - set(kept))}
