"""Rows about people at a place or in a unit, and who may read them."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from lianxin.core.step.who import Grant, Who
from lianxin.registry.models.area import anywhere_under
from lianxin.registry.models.dated import DatedQuerySet

READS = ("desk", "secretary", "supervisor", "leader", "auditor")  # a place's own people
UNIT_READS = ("clerk",)  # a unit's own members


class PlacedQuerySet(DatedQuerySet):
    """Each kind of row says by which columns it lies at a place, in a unit and about whom; "" = not
    at all."""

    AREA = "area__path"
    UNIT = ""
    PERSON = "person"

    def visible_to(self, who: Who) -> PlacedQuerySet:
        """The rows of the reader's places and units, and those about themselves."""
        if not who.id:
            return self.none()
        rows = self.filter(self.at(who.grants) | self.about(who))
        return rows.distinct() if "__" in self.PERSON else rows

    def under(self, grants: Iterable[Grant]) -> PlacedQuerySet:
        """The rows of these posts alone, as a list is read."""
        return self.filter(self.at(grants))

    @classmethod
    def at(cls, grants: Iterable[Grant]) -> Q:
        held = list(grants)
        found = Q(pk__in=())
        if cls.AREA:
            places = [g.path for g in held if g.role in READS and not g.unit]
            found |= anywhere_under(places, cls.AREA)
        if cls.UNIT and (units := [int(g.unit) for g in held if g.role in UNIT_READS and g.unit]):
            found |= Q(**{f"{cls.UNIT}__in": units})
        return found

    @classmethod
    def about(cls, who: Who) -> Q:
        return Q(**{cls.PERSON: int(who.id)}) if cls.PERSON and who.id.isdecimal() else Q(pk__in=())
