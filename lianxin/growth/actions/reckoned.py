"""The one place that hears whose facts changed: their grades are reckoned anew at once."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from lianxin.growth.careers import careers
from lianxin.growth.queries.careers import reckon
from lianxin.registry.models import Person


@transaction.atomic
def facts_changed(people: set[int], day: date) -> None:
    """Two who write facts of one person in the same second wait here for each other, so that the
    sum that stays is of both."""
    rows = Person.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=people)
    list(rows.order_by("pk").values_list("pk"))
    reckon(people, max(day, careers().days[0]))
