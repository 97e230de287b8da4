"""Who answered a correction is found by an index; a person is held by these rows at once."""

from django.db import migrations, models

from lianxin.registry.holding import held_at_once

SIGNED = models.Q(by__isnull=False)


class Migration(migrations.Migration):
    dependencies = (("growth", "0003_corrections"), ("registry", "0016_held_at_once"))

    operations = (
        migrations.AddIndex(
            "correction", models.Index(fields=["by"], name="correction_by", condition=SIGNED)
        ),
        held_at_once("growth"),
    )
