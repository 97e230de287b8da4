"""Careers by their facts, what each comes to, and what hiring needs."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

ID = (
    "id",
    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
)


class Migration(migrations.Migration):
    initial = True

    dependencies = (("registry", "0011_check_ins"),)

    operations = (
        migrations.CreateModel(
            name="Particulars",
            fields=[
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="particulars",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("born_sealed", models.BinaryField(null=True)),
                ("identity_sealed", models.BinaryField(null=True)),
                (
                    "identity_blind",
                    models.CharField(db_collation="C", max_length=32, null=True, unique=True),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Standing",
            fields=[
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="standing",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("on", models.DateField()),
                ("post", models.CharField(max_length=40)),
                ("grade", models.SmallIntegerField()),
                ("pay", models.IntegerField()),
                ("next_on", models.DateField(null=True)),
                ("recorded", models.SmallIntegerField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Fact",
            fields=[
                ID,
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("worked", "Worked"),
                            ("post", "Post"),
                            ("away", "Away"),
                            ("degree", "Degree"),
                            ("certificate", "Certificate"),
                            ("result", "Result"),
                            ("fall", "Fall"),
                            ("grade", "Grade"),
                            ("duty", "Duty"),
                        ],
                        max_length=12,
                    ),
                ),
                ("name", models.CharField(default="", max_length=60)),
                ("number", models.CharField(db_collation="C", default="", max_length=40)),
                ("n", models.IntegerField(null=True)),
                ("since", models.DateField()),
                ("until", models.DateField(null=True)),
                ("order", models.UUIDField(null=True)),
                (
                    "area",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="careers",
                        to="registry.area",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="career",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="fact",
            index=models.Index(fields=["person", "kind", "since"], name="fact_of_person"),
        ),
        migrations.AddIndex(
            model_name="fact",
            index=models.Index(
                condition=models.Q(("kind", "worked")), fields=["area"], name="fact_worked_at"
            ),
        ),
        migrations.AddConstraint(
            model_name="fact",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("until__isnull", True), ("until__gte", models.F("since")), _connector="OR"
                ),
                name="fact_dates",
            ),
        ),
        migrations.AddConstraint(
            model_name="fact",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("kind", "certificate"), models.Q(("number", ""), _negated=True)
                ),
                fields=("number",),
                name="certificate_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="fact",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "worked"), ("until", None)),
                fields=("person",),
                name="works_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="fact",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "worked"), _negated=True),
                    ("area__isnull", False),
                    _connector="OR",
                ),
                name="worked_somewhere",
            ),
        ),
    )
