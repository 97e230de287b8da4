"""The four levels of organisation: where each stands, who was elected, who belongs, what was done.

Political membership is written down for those who organise it, and for nothing else: no page of a
resident's request asks for it.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import models
from django.db.models import F, Q

from lianxin.core.step.who import Grant, Who
from lianxin.registry.models.area import Area
from lianxin.registry.models.building import Building
from lianxin.registry.models.dated import ends_after_start, of_a_person
from lianxin.registry.models.person import Person
from lianxin.registry.models.placed import PlacedQuerySet

LIVE = Q(until__isnull=True)
HOUSEHOLD = "household"
NEAR = 12  # digits of a community: from there down a core household may be read, above only counted


class OfLevels(PlacedQuerySet):
    """Rows of a core household stay with its community and what lies in it."""

    KIND = "kind"

    @classmethod
    def at(cls, grants: Iterable[Grant]) -> Q:
        held = list(grants)
        near = [grant for grant in held if len(grant.path) >= NEAR]
        return super().at(near) | (super().at(held) & ~Q(**{cls.KIND: HOUSEHOLD}))


class ByOffice(OfLevels):
    """Rows about an organisation that whoever holds an office there reads, and nobody who held one
    once: `PERSON` leads by way of the offices."""

    @classmethod
    def about(cls, who: Who) -> Q:
        lasting = cls.PERSON.removesuffix("person") + "until"
        return super().about(who) & Q(**{lasting: None})


class OrganisationQuerySet(ByOffice):
    PERSON = "officers__person"


class Organisation(models.Model):
    """`kind`: a row of params/organisations.toml. `number`: of the paper that approved it. One that
    was merged names its successor. A core household's building is read within its quarter alone."""

    kind = models.CharField(max_length=20)
    name = models.CharField(max_length=120)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="parts")
    area = models.ForeignKey(Area, models.PROTECT, related_name="organisations")
    number = models.CharField(max_length=60, default="")
    since = models.DateField()
    until = models.DateField(null=True)
    successor = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged")

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        constraints = (
            ends_after_start("organisation_dates"),
            models.UniqueConstraint(
                fields=["area"], name="organisation_one_community",
                condition=LIVE & Q(kind="community"),
            ),
            models.UniqueConstraint(
                fields=["area"], name="organisation_one_branch", condition=LIVE & Q(kind="branch"),
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return self.name


class OfOrganisation(OfLevels):
    AREA, KIND = "organisation__area__path", "organisation__kind"


class CoverQuerySet(ByOffice, OfOrganisation):
    PERSON = "organisation__officers__person"


class Cover(models.Model):
    """A building that a group covers, or the one a core household lives in."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="covers")
    building = models.ForeignKey(Building, models.PROTECT, related_name="covers")
    since = models.DateField()
    until = models.DateField(null=True)

    objects = CoverQuerySet.as_manager()

    class Meta:
        constraints = (
            ends_after_start("cover_dates"),
            models.UniqueConstraint(
                fields=["organisation", "building"], name="cover_once", condition=LIVE
            ),
        )


class Officer(models.Model):
    """Elected to an office on `since`; `term`: when the term ends, `until`: when it was over."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="officers")
    person = models.ForeignKey(Person, models.PROTECT, related_name="offices")
    office = models.CharField(max_length=20)
    since = models.DateField()
    term = models.DateField()
    until = models.DateField(null=True)

    objects = OfOrganisation.as_manager()

    class Meta:
        constraints = (
            ends_after_start("officer_dates"),
            models.UniqueConstraint(
                fields=["organisation", "person", "office"], name="officer_once", condition=LIVE
            ),
            models.UniqueConstraint(
                fields=["organisation", "office"], name="officer_one",
                condition=LIVE & Q(office__in=("secretary", "head", "host")),
            ),
        )  # fmt: skip


class Belonging(models.Model):
    """A member of an organisation; `full` is False for one on probation."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="belongings")
    person = models.ForeignKey(Person, models.PROTECT, related_name="belongings")
    full = models.BooleanField(default=True)
    since = models.DateField()
    until = models.DateField(null=True)

    objects = OfOrganisation.as_manager()

    class Meta:
        constraints = (
            ends_after_start("belonging_dates"),
            models.UniqueConstraint(fields=["person"], name="belongs_once", condition=LIVE),
        )


class PartQuerySet(OfOrganisation):
    PERSON = "by"


class Part(models.Model):
    """An organisation took part in something on a day. It counts once somebody else confirmed it:
    never whoever wrote it down. `order`: the order it was part of, where there is one."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="done")
    on = models.DateField()
    text = models.CharField(max_length=400)
    order = models.UUIDField(null=True)
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    confirmed_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", db_index=False
    )
    confirmed = models.DateField(null=True)

    objects = PartQuerySet.as_manager()

    class Meta:
        indexes = (
            models.Index(fields=["organisation", "on"], name="part_of_organisation"),
            of_a_person("part_by", "by"),
            of_a_person("part_confirmed_by", "confirmed_by"),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("by")),
                name="part_by_another",
            ),
        )
