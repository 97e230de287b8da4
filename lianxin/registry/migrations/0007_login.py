"""Codes sent to a phone, and an address for mail that waits to be confirmed."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

KEY = models.BigAutoField(
    auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
)  # fmt: skip


class Migration(migrations.Migration):
    dependencies = (("registry", "0006_vetted"),)

    operations = (
        migrations.CreateModel(
            name="PhoneCode",
            fields=[
                ("id", KEY.clone()),
                ("what", models.CharField(max_length=10)),
                ("phone_sealed", models.BinaryField()),
                ("seed", models.CharField(max_length=32)),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField(db_index=True)),
                ("sent", models.DateTimeField(null=True)),
                ("tries", models.SmallIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="MailProof",
            fields=[
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, primary_key=True,
                        related_name="mail_proof", serialize=False, to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("mail_sealed", models.BinaryField()),
                ("hash", models.CharField(db_collation="C", max_length=64, unique=True)),
                ("until", models.DateTimeField()),
                ("sent", models.DateTimeField(null=True)),
            ],
        ),
        migrations.AddField(
            "person", "ways", models.CharField(max_length=80, default="", db_default="")
        ),
    )  # fmt: skip
