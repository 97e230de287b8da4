"""Why a unit declined a check-in, what of a list was done; who signed is found by an index."""

from django.db import migrations, models


def signed(model: str, field: str, name: str) -> migrations.AddIndex:
    rows = models.Q(**{f"{field}__isnull": False})
    return migrations.AddIndex(model, models.Index(fields=[field], name=name, condition=rows))


class Migration(migrations.Migration):
    dependencies = (("registry", "0012_spelt"),)

    operations = (
        migrations.AddField(
            "checkin", "reason", models.CharField(max_length=200, default="", db_default="")
        ),
        migrations.AddField(
            "promise", "done", models.BooleanField(default=False, db_default=False)
        ),
        signed("checkin", "confirmed_by", "check_in_confirmed_by"),
        signed("entry", "who", "entry_who"),
        signed("vetting", "by", "vetting_by"),
        signed("part", "by", "part_by"),
        signed("part", "confirmed_by", "part_confirmed_by"),
    )
