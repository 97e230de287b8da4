"""An address for mail that somebody wishes to be told at who follows an order without account."""

from django.db import models


class FollowMail(models.Model):
    """It waits until its owner has opened the link sent there; until then nothing else goes to it.

    One for each follower, and gone when it is confirmed, let go or over. `hash` is the SHA-256 of
    the secret in that link; `sent`: when it was handed to the mail server, which happens once.
    """

    follow = models.OneToOneField(
        "Follow", models.PROTECT, related_name="mail_waits", primary_key=True
    )
    mail_sealed = models.BinaryField()
    hash = models.CharField(max_length=64, unique=True, db_collation="C")
    until = models.DateTimeField()
    sent = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.follow_id}"
