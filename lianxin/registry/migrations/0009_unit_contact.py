"""Where a unit is reached that has nobody with an account: its own phone and mail."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("registry", "0008_standin"),)

    operations = (
        migrations.AddField(
            "unit", "phone", models.CharField(max_length=24, default="", db_default="")
        ),
        migrations.AddField(
            "unit", "mail", models.CharField(max_length=254, default="", db_default="")
        ),
    )
