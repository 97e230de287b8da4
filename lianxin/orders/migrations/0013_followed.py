"""Notices for those who follow an order, a phone that one of them may leave for it, and which calls
went to a wrong number."""

import django.db.models.deletion
from django.db import migrations, models

READER = ["order", "nth", "word", "person", "unit", "role", "desk", "party"]


class Migration(migrations.Migration):
    dependencies = (("orders", "0012_members"),)

    operations = (
        migrations.AddField("follow", "phone_sealed", models.BinaryField(null=True)),
        migrations.AddField(
            "follow", "short", models.CharField(max_length=64, null=True, unique=True)
        ),
        migrations.AddField(
            "notice", "follow",
            models.ForeignKey(
                db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT,
                related_name="notices", to="orders.follow",
            ),
        ),
        migrations.RemoveConstraint("notice", "notice_once"),
        migrations.AddConstraint(
            "notice",
            models.UniqueConstraint(
                fields=[*READER, "follow"], name="notice_once", nulls_distinct=False
            ),
        ),
        migrations.AddIndex(
            "delivery",
            models.Index(
                condition=models.Q(("why", "wrong_number")), fields=["desk", "-done"],
                name="delivery_wrong",
            ),
        ),
    )  # fmt: skip
