"""What waits for a post lies in its index as the desk lists it: severe first, then by due."""

from django.db import migrations, models
from django.db.models import F, Q

import lianxin.orders.models.order


class Migration(migrations.Migration):
    dependencies = (("orders", "0015_filled"),)

    operations = (
        migrations.RemoveIndex("order", "order_turn"),
        migrations.AddIndex(
            "order",
            models.Index(
                F("turn"), F("desk"), lianxin.orders.models.order.Calm("severity"), F("due"),
                F("id"), name="order_turn", condition=Q(open=True),
            ),
        ),
    )  # fmt: skip
