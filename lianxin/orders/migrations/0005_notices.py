"""A notice reaches an asker without account too; each way it goes is a row of its own."""

import django.db.models.deletion
from django.db import migrations, models

NEW = {"dropped": "", "read": None}


class Migration(migrations.Migration):
    dependencies = [("orders", "0004_ended")]

    operations = [
        migrations.AddField(
            model_name="notice", name="party", field=models.CharField(max_length=40, null=True)
        ),
        migrations.AddField(
            model_name="notice",
            name="dropped",
            field=models.CharField(blank=True, default="", max_length=20),
        ),
        migrations.RemoveConstraint(model_name="notice", name="notice_once"),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.UniqueConstraint(
                fields=("order", "nth", "word", "person", "unit", "role", "desk", "party"),
                name="notice_once",
                nulls_distinct=False,
            ),
        ),
        *(
            migrations.AddIndex(
                model_name="notice",
                index=models.Index(
                    fields=fields,
                    name=f"notice_new_{fields[0]}",
                    condition=models.Q(*sorted((*NEW.items(), (f"{fields[0]}__isnull", False)))),
                ),
            )
            for fields in (["person"], ["unit"], ["role", "desk"])
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[("sms", "Sms"), ("mail", "Mail"), ("call", "Call")], max_length=4
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "Queued"),
                            ("sent", "Sent"),
                            ("failed", "Failed"),
                            ("refused", "Refused"),
                            ("dropped", "Dropped"),
                        ],
                        default="queued",
                        max_length=8,
                    ),
                ),
                ("why", models.CharField(blank=True, default="", max_length=20)),
                ("tries", models.SmallIntegerField(default=0)),
                ("desk", models.CharField(db_collation="C", max_length=20)),
                ("ref", models.CharField(blank=True, default="", max_length=100)),
                ("at", models.DateTimeField()),
                ("next_at", models.DateTimeField(null=True)),
                ("done", models.DateTimeField(null=True)),
                (
                    "notice",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deliveries",
                        to="orders.notice",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="registry.person",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "queued")),
                        fields=["channel", "desk", "next_at"],
                        name="delivery_queued",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("notice", "channel", "person"),
                        name="delivery_once",
                        nulls_distinct=False,
                    )
                ],
            },
        ),
    ]
