"""In which order the rows of an import go again: what stands on others before what it stands on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, QuerySet

from lianxin.registry.models import BatchRow

Model = type[models.Model]


def children_first(labels: Iterable[str]) -> list[Model]:
    """The models of these labels, told by their foreign keys: a post stands on a person, a unit and
    an area, so it goes before them. A room above that has models of its own need say nothing."""
    wanted = {label: apps.get_model(label) for label in sorted(labels)}
    parents_first: list[Model] = []

    def visit(model: Model) -> None:
        if model in seen:
            return
        seen.add(model)
        for parent in stands_on(model):
            if parent._meta.label_lower in wanted:
                visit(parent)
        parents_first.append(model)

    seen: set[Model] = set()
    for model in wanted.values():
        visit(model)
    return parents_first[::-1]


def stands_on(model: Model) -> Iterator[Model]:
    """What its own columns point to, itself left out."""
    for column in model._meta.concrete_fields:
        parent = column.related_model
        if isinstance(parent, type) and parent is not model:
            yield parent


def users_of(model: Model) -> list[models.ForeignObjectRel]:
    """The relations by which other rows point to a row of this model, those without a name too."""
    found = model._meta.get_fields(include_hidden=True)
    relations = (f for f in found if isinstance(f, models.ForeignObjectRel))
    return [f for f in relations if f.one_to_many or f.one_to_one]


def referring(relation: Any, made: QuerySet[BatchRow]) -> dict[int, str]:
    """Rows that something outside the batch points to; what goes with its row does not count."""
    if relation.on_delete is models.CASCADE:
        return {}
    name, related = relation.field.attname, relation.related_model
    users = related._default_manager.filter(
        Exists(made.filter(key=OuterRef(name))), **{f"{name}__isnull": False}
    )
    if related is relation.model:
        users = users.exclude(Exists(made.filter(key=OuterRef("pk"))))
    found = users.order_by().values_list(name, flat=True).distinct()
    return dict.fromkeys(found, related._meta.label_lower)
