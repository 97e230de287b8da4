"""Open orders have an index of their own: it stays small however many have ended."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0002_log"),
        ("registry", "0002_kinds_and_log"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="order",
            index=models.Index(
                condition=models.Q(("open", True)), fields=["path"], name="order_open"
            ),
        ),
    ]
