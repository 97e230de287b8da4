"""A person may have an address for mail, sealed like the phone."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("registry", "0003_accounts")]

    operations = [
        migrations.AddField(
            model_name="person", name="mail_sealed", field=models.BinaryField(null=True)
        ),
    ]
