"""How a person comes in: an invitation that opens once, and the second step of who has one."""

from __future__ import annotations

from django.db import models

from lianxin.registry.models.person import Person


class Invitation(models.Model):
    """`hash` is the SHA-256 of the secret on the sheet. The last one alone opens, until `until`,
    once: `used`. Moments, not days: one that was made in error is shut at once."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="invitations")
    hash = models.CharField(max_length=64, unique=True, db_collation="C")
    since = models.DateTimeField()
    until = models.DateTimeField()
    used = models.DateTimeField(null=True)


class SecondStep(models.Model):
    """The secret that a person's phone makes codes from, sealed; in force once `since` is set.

    `step` is the last stretch of 30 seconds whose code was taken: none is taken twice. `misses`
    counts wrong codes since the last right one, from wherever they came; `missed` is the latest.
    """

    person = models.OneToOneField(Person, models.PROTECT, related_name="second", primary_key=True)
    secret_sealed = models.BinaryField()
    since = models.DateTimeField(null=True)
    step = models.BigIntegerField(default=0)
    misses = models.IntegerField(default=0)
    missed = models.DateTimeField(null=True)


class RecoveryCode(models.Model):
    """For a phone that is lost: each opens once. Kept as a blind index under the house's key."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="recovery_codes")
    blind = models.CharField(max_length=32, db_collation="C")
    used = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["person", "blind"], name="recovery_code_once"),
        )
