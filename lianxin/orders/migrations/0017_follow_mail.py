"""Whoever follows without account may leave an address for mail, confirmed by a link sent there."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("orders", "0016_urgent"),)

    operations = (
        migrations.AddField("follow", "mail_sealed", models.BinaryField(null=True)),
        migrations.CreateModel(
            name="FollowMail",
            fields=[
                (
                    "follow",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, primary_key=True,
                        related_name="mail_waits", serialize=False, to="orders.follow",
                    ),
                ),
                ("mail_sealed", models.BinaryField()),
                ("hash", models.CharField(db_collation="C", max_length=64, unique=True)),
                ("until", models.DateTimeField()),
                ("sent", models.DateTimeField(null=True)),
            ],
        ),
    )  # fmt: skip
