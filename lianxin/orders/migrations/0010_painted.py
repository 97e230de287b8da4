"""A photo may have a part painted over; its original is kept for those who may see it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("orders", "0009_hotline"),)

    operations = (
        migrations.AddField(
            model_name="photo",
            name="original",
            field=models.CharField(blank=True, default="", max_length=64),
        ),
        migrations.AddField(
            model_name="photo",
            name="covers",
            field=models.JSONField(blank=True, default=list),
        ),
    )
