"""What hiring alone needs of a person, sealed: the day of birth and the identity number."""

from __future__ import annotations

from django.db import models

from lianxin.registry import secret
from lianxin.registry.models import Person

BORN, IDENTITY = "born", "identity"


class Particulars(models.Model):
    """Set and read `born` (YYYY-MM-DD) and `identity` as text. Only workers, applicants and
    reserves have such a row; a resident never."""

    person = models.OneToOneField(
        Person, models.PROTECT, related_name="particulars", primary_key=True
    )
    born_sealed = models.BinaryField(null=True)
    identity_sealed = models.BinaryField(null=True)
    identity_blind = models.CharField(max_length=32, null=True, unique=True, db_collation="C")

    @property
    def born(self) -> str:
        return secret.unseal(BORN, self.born_sealed) if self.born_sealed else ""

    @born.setter
    def born(self, value: str) -> None:
        self.born_sealed = secret.seal(BORN, value) if value else None

    @property
    def identity(self) -> str:
        return secret.unseal(IDENTITY, self.identity_sealed) if self.identity_sealed else ""

    @identity.setter
    def identity(self, value: str) -> None:
        self.identity_sealed = secret.seal(IDENTITY, value) if value else None
        self.identity_blind = secret.blind(IDENTITY, value) if value else None
