"""One way by which a notice is carried to one reader: a message, a mail, a call from the desk."""

from django.db import models
from django.db.models import Q

from lianxin.registry.models.dated import of_a_person


class Channel(models.TextChoices):
    """How a notice leaves the house."""

    SMS = "sms"
    MAIL = "mail"
    CALL = "call"


class State(models.TextChoices):
    """Queued: still to be done. Sent: it has arrived as far as we can know (a call: reached).

    Failed: tried as often as it is worth. Refused: the other side will never take it. Dropped: not
    to be said any more. `why` says the reason of the last three.
    """

    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"
    REFUSED = "refused"
    DROPPED = "dropped"


class Delivery(models.Model):
    """A notice goes to one reader by one channel once, whatever runs twice.

    No address is kept here: phone and mail are looked up when they are needed. `person` is empty
    for an asker without account. `desk`: who makes the call. `ref`: the gateway's own number of it.
    """

    notice = models.ForeignKey("Notice", models.PROTECT, related_name="deliveries", db_index=False)
    person = models.ForeignKey("registry.Person", models.PROTECT, null=True, db_index=False)
    channel = models.CharField(max_length=4, choices=Channel)
    state = models.CharField(max_length=8, choices=State, default=State.QUEUED)
    why = models.CharField(max_length=20, default="", blank=True)
    tries = models.SmallIntegerField(default=0)
    desk = models.CharField(max_length=20, db_collation="C")
    ref = models.CharField(max_length=100, default="", blank=True)
    at = models.DateTimeField()
    next_at = models.DateTimeField(null=True)
    done = models.DateTimeField(null=True)

    class Meta:
        indexes = (
            models.Index(
                fields=["channel", "desk", "next_at"], name="delivery_queued",
                condition=Q(state="queued"),
            ),
            models.Index(
                fields=["desk", "-done"], name="delivery_wrong",
                condition=Q(why="wrong_number"),
            ),
            of_a_person("delivery_person", "person"),
        )  # fmt: skip
        constraints = (
            models.UniqueConstraint(
                fields=["notice", "channel", "person"], name="delivery_once", nulls_distinct=False
            ),
        )

    def __str__(self) -> str:
        return f"{self.notice_id} {self.channel} {self.state}"
