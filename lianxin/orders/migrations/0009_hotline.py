"""The numbers of another hotline, each once, beside the orders that were filed for them."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (
        ("orders", "0008_open_cover"),
        ("registry", "0002_kinds_and_log"),
    )

    operations = (
        migrations.CreateModel(
            name="Hotline",
            fields=[
                ("number", models.CharField(max_length=40, primary_key=True, serialize=False)),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.batch",
                    ),
                ),
                (
                    "order",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="hotline",
                        to="orders.order",
                    ),
                ),
            ],
        ),
    )
