"""One row is one order: its present, and what lists, permissions and the clock look it up by."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Left

from lianxin.orders.sight import LEVELS, OrderQuerySet


class Wall(models.TextChoices):
    """Who sees an order beside its parties."""

    PLACE = "place"
    DESK = "desk"
    PARTIES = "parties"


class Calm(models.Func):
    """0 for what must not wait whatever its due, 1 for all else. It is written out, so that the
    index is found by it: an index knows no values that travel beside a statement."""

    template = "CASE WHEN %(expressions)s = 'high' THEN 0 ELSE 1 END"
    output_field = models.IntegerField()


class Order(models.Model):
    """The present of one order. Only `orders.store` writes it; the past is in its events.

    `facts` carries what the kernel needs and nobody searches by (hands, limits, fields, tallies).
    `pool` is true while a seat waits for members of the unit. `next_at` is when the clock must
    look again: the worker polls it, so filing costs no job.
    """

    id = models.UUIDField(primary_key=True)
    number = models.CharField(max_length=32, unique=True)
    flow = models.CharField(max_length=40)
    since = models.DateField()
    kind = models.CharField(max_length=5)
    root = models.ForeignKey("self", models.PROTECT, related_name="family", db_index=False)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="children", db_index=False
    )
    child = models.CharField(max_length=40, null=True)
    in_round = models.SmallIntegerField(default=0)
    subject = models.CharField(max_length=40, null=True)

    path = models.CharField(max_length=20, db_collation="C")
    area = models.ForeignKey("registry.Area", models.PROTECT, null=True, db_index=False)
    desk = models.CharField(max_length=20, db_collation="C")
    wall = models.CharField(max_length=7, choices=Wall)
    public = models.BooleanField(default=False)
    has_kids = models.BooleanField(default=False)

    state = models.CharField(max_length=40)
    open = models.BooleanField()
    turn = models.CharField(max_length=80, null=True)
    pool = models.BooleanField(default=False)
    outcome = models.CharField(max_length=20, null=True)
    category = models.CharField(max_length=20, null=True)
    severity = models.CharField(max_length=10, null=True)

    nth = models.IntegerField()
    visit = models.IntegerField()
    round = models.SmallIntegerField()
    head = models.CharField(max_length=64)
    filed = models.DateTimeField()
    at = models.DateTimeField()
    entered = models.DateTimeField()
    due = models.DateTimeField(null=True)
    next_at = models.DateTimeField(null=True)
    facts = models.JSONField()

    objects = OrderQuerySet.as_manager()

    class Meta:
        indexes = (
            *(
                models.Index(Left("path", n), models.F("id").desc(), name=f"order_path_{n}")
                for n in LEVELS
            ),
            models.Index(  # counting what is open in a place reads nothing else
                fields=["path"],
                name="order_open",
                condition=Q(open=True),
                include=["id", "kind", "wall", "desk", "open", "turn", "due"],
            ),
            models.Index(fields=["entered"], name="order_ended", condition=Q(open=False)),
            models.Index(  # what waits for a post, in the order in which it is listed
                models.F("turn"),
                models.F("desk"),
                Calm("severity"),
                models.F("due"),
                models.F("id"),
                name="order_turn",
                condition=Q(open=True),
            ),
            models.Index(
                fields=["next_at"], name="order_next_at", condition=Q(next_at__isnull=False)
            ),
            models.Index(fields=["root"], name="order_root", condition=Q(parent__isnull=False)),
            models.Index(
                fields=["subject"], name="order_subject", condition=Q(subject__isnull=False)
            ),
            models.Index(fields=["-id"], name="order_public", condition=Q(public=True)),
        )

    def __str__(self) -> str:
        return self.number


class OrderPath(models.Model):
    """One more area an order belongs to: a park, a second grid of the same building."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="paths")
    path = models.CharField(max_length=20, db_collation="C")
    why = models.CharField(max_length=40)

    class Meta:
        indexes = (models.Index(fields=["path", "order"], name="orderpath_path"),)
        constraints = (models.UniqueConstraint(fields=["order", "path"], name="orderpath_once"),)

    def __str__(self) -> str:
        return f"{self.order_id} {self.path} {self.why}"
