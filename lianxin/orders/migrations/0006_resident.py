"""What a resident holds: a short code beside a link, an order that is followed, answers counted."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

PERSON = {
    "null": True, "db_index": False, "related_name": "+",
    "on_delete": django.db.models.deletion.PROTECT, "to": settings.AUTH_USER_MODEL,
}  # fmt: skip
KEY = models.BigAutoField(
    auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
)  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0005_notices"),
        ("registry", "0002_kinds_and_log"),
    ]

    operations = [
        migrations.AddField("link", "code", models.CharField(max_length=32, null=True)),
        migrations.AddField("link", "by", models.ForeignKey(**PERSON)),
        migrations.AddIndex(
            model_name="link",
            index=models.Index(
                condition=models.Q(("code__isnull", False)), fields=["code"], name="link_code"
            ),
        ),
        migrations.CreateModel(
            name="Follow",
            fields=[
                ("id", KEY.clone()),
                ("secret", models.CharField(max_length=64, unique=True)),
                ("made", models.DateTimeField()),
                ("until", models.DateTimeField(null=True)),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="follows",
                        to="orders.order",
                    ),
                ),
                ("person", models.ForeignKey(**PERSON)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("person__isnull", False)),
                        fields=["person", "-made"],
                        name="follow_person",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Answered",
            fields=[
                ("id", KEY.clone()),
                ("day", models.DateField()),
                ("category", models.CharField(max_length=20)),
                ("n", models.PositiveIntegerField(default=0)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("day", "category"), name="answered_once")
                ],
            },
        ),
    ]
