"""A token lets a program act as a person; only its hash is kept."""

from __future__ import annotations

from django.db import models

from lianxin.registry.models.person import Person


class Token(models.Model):
    """`hash` is the SHA-256 of the secret, in hex. Moments, not days: a leak is shut at once."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="tokens")
    hash = models.CharField(max_length=64, unique=True, db_collation="C")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
