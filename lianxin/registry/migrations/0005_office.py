"""The number of an area's office, for the sign at every door and for whoever has no network."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("registry", "0004_mail")]

    operations = [
        migrations.AddField(
            "area", "phone", models.CharField(max_length=24, default="", db_default="")
        ),
    ]
