"""What a row was, as its import remembers it, for the model to be set to again."""

from __future__ import annotations

from typing import Any

from django.db import models

from lianxin.registry import secret
from lianxin.registry.models import Person
from lianxin.registry.spelling import spelt


def values_of(model: type[models.Model], before: dict[str, Any]) -> dict[str, Any]:
    """What the entry kept as JSON, as the model wants it; a phone is opened and sealed anew, for
    its blind indexes, and a name is spelt anew."""
    values: dict[str, Any] = {}
    for name, value in before.items():
        column = next(f for f in model._meta.concrete_fields if f.attname == name)
        if not isinstance(column, models.BinaryField):
            values[name] = column.to_python(value)
        elif name == "phone_sealed":
            values["phone"] = secret.unseal(secret.PHONE, bytes.fromhex(value)) if value else ""
        else:
            values[name] = bytes.fromhex(value) if value else None
    if model is Person and "name" in values:
        values["spelt"] = spelt(values["name"])
    return values
