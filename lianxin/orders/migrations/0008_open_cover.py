"""What is open in a place is counted from its index alone; how often a source sends, for all
processes of a house together.

The counts of sources are worth ten minutes: no log is written for them, a crash may empty them.
"""

from django.db import migrations, models

PACE = """
CREATE UNLOGGED TABLE orders_pace (
    name text NOT NULL, source text NOT NULL, began timestamptz NOT NULL, n integer NOT NULL,
    PRIMARY KEY (name, source)
)
"""


class Migration(migrations.Migration):
    dependencies = (("orders", "0007_desk"),)

    operations = (
        migrations.RunSQL(PACE, "DROP TABLE orders_pace"),
        migrations.RemoveIndex("order", "order_open"),
        migrations.AddIndex(
            "order",
            models.Index(
                fields=["path"], name="order_open", condition=models.Q(open=True),
                include=["id", "kind", "wall", "desk", "open", "turn", "due"],
            ),
        ),
    )  # fmt: skip
