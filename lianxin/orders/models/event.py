"""What happened to an order: append-only, hash-chained, partitioned by the order's id."""

from django.db import models


class Event(models.Model):
    """A row that is never changed. Fields as in `core.step.order.Event`."""

    pk = models.CompositePrimaryKey("order_id", "nth")
    order = models.ForeignKey("Order", models.PROTECT, related_name="events")
    nth = models.IntegerField()
    flow = models.CharField(max_length=40)
    since = models.DateField()
    verb = models.CharField(max_length=40)
    source = models.CharField(max_length=40, null=True)
    target = models.CharField(max_length=40, null=True)
    visit = models.IntegerField()
    round = models.SmallIntegerField()
    at = models.DateTimeField()
    recorded = models.DateTimeField()
    actor = models.CharField(max_length=40)
    capacity = models.CharField(max_length=80)
    post = models.BigIntegerField(null=True)
    unit = models.CharField(max_length=40, null=True)
    behalf = models.CharField(max_length=40, null=True)
    area = models.CharField(max_length=40, null=True)
    path = models.CharField(max_length=20)
    outcome = models.CharField(max_length=20, null=True)
    over = models.JSONField()
    given = models.JSONField()
    digests = models.JSONField()
    was = models.JSONField()
    now = models.JSONField()
    act = models.CharField(max_length=40)
    head = models.CharField(max_length=64)

    class Meta:
        managed = False
        db_table = "orders_event"

    def __str__(self) -> str:
        return f"{self.order_id} {self.nth} {self.verb}"
