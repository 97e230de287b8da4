"""What waits to be proven: that a phone is in somebody's hand, that a mailbox is theirs."""

from __future__ import annotations

from django.db import models

from lianxin.registry.models.person import Person


class PhoneCode(models.Model):
    """A code of six digits on its way to a phone: it is taken once, until `until`, and then gone.

    The code itself is kept nowhere. It is made from `seed` with a key that is not in the database.
    `what` it is for; `sent`: when it was handed to the carrier, which happens once; `tries`: how
    often a wrong one was typed.
    """

    what = models.CharField(max_length=10)
    phone_sealed = models.BinaryField()
    seed = models.CharField(max_length=32)
    since = models.DateTimeField()
    until = models.DateTimeField(db_index=True)
    sent = models.DateTimeField(null=True)
    tries = models.SmallIntegerField(default=0)


class MailProof(models.Model):
    """An address that its owner is to confirm by a link sent there; until then nothing else goes
    to it. `hash` is the SHA-256 of the secret in that link."""

    person = models.OneToOneField(
        Person, models.PROTECT, related_name="mail_proof", primary_key=True
    )
    mail_sealed = models.BinaryField()
    hash = models.CharField(max_length=64, unique=True, db_collation="C")
    until = models.DateTimeField()
    sent = models.DateTimeField(null=True)
