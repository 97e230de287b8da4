"""What has ended lately is counted by an index of its own: filing an order writes nothing to it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("orders", "0003_open")]

    operations = [
        migrations.AddIndex(
            model_name="order",
            index=models.Index(
                condition=models.Q(("open", False)), fields=["entered"], name="order_ended"
            ),
        ),
    ]
