"""Links by which a unit without account answers: for which unit, and since which event."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

UNIT = {
    "db_index": False, "null": True, "related_name": "+",
    "on_delete": django.db.models.deletion.PROTECT, "to": "registry.unit",
}  # fmt: skip


class Migration(migrations.Migration):
    dependencies = (("orders", "0010_painted"), ("registry", "0009_unit_contact"))

    operations = (
        migrations.AddField("link", "unit", models.ForeignKey(**UNIT)),
        migrations.AddField("link", "since", models.IntegerField(null=True)),
        migrations.AddConstraint(
            "link",
            models.CheckConstraint(
                condition=Q(unit=None, since=None) | Q(unit__isnull=False, since__isnull=False),
                name="link_of_unit",
            ),
        ),
    )
