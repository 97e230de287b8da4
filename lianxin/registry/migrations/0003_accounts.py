"""Invitations, and the second step of signing in."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

ID = (
    "id",
    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
)


def person(related_name, field=models.ForeignKey, **options):
    return field(
        on_delete=django.db.models.deletion.PROTECT,
        related_name=related_name,
        to=settings.AUTH_USER_MODEL,
        **options,
    )


class Migration(migrations.Migration):
    dependencies = [("registry", "0002_kinds_and_log")]

    operations = [
        migrations.CreateModel(
            name="Invitation",
            fields=[
                ID,
                ("hash", models.CharField(db_collation="C", max_length=64, unique=True)),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField()),
                ("used", models.DateTimeField(null=True)),
                ("person", person("invitations")),
            ],
        ),
        migrations.CreateModel(
            name="SecondStep",
            fields=[
                (
                    "person",
                    person("second", models.OneToOneField, primary_key=True, serialize=False),
                ),
                ("secret_sealed", models.BinaryField()),
                ("since", models.DateTimeField(null=True)),
                ("step", models.BigIntegerField(default=0)),
                ("misses", models.IntegerField(default=0)),
                ("missed", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="RecoveryCode",
            fields=[
                ID,
                ("blind", models.CharField(db_collation="C", max_length=32)),
                ("used", models.DateTimeField(null=True)),
                ("person", person("recovery_codes")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("person", "blind"), name="recovery_code_once")
                ],
            },
        ),
    ]
