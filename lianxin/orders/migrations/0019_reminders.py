"""A notice may be of a day that comes instead of an order: each such word is said once."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("orders", "0018_by_whom"),)

    operations = (
        migrations.AlterField(
            "notice", "order",
            models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="notices",
                to="orders.order",
            ),
        ),
        migrations.AddConstraint(
            "notice",
            models.UniqueConstraint(
                fields=["word"], condition=models.Q(order=None), name="notice_reminds_once"
            ),
        ),
    )  # fmt: skip
