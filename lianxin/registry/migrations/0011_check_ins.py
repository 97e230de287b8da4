"""Check-ins of members and units, contact points, figures read from elsewhere; names as spelt."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

ID = (
    "id",
    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
)


class Migration(migrations.Migration):
    dependencies = (("registry", "0010_organisations"),)

    operations = (
        migrations.AddField(
            model_name="person",
            name="became",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="merged",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="person",
            name="spelt",
            field=models.CharField(db_collation="C", db_default="", default="", max_length=120),
        ),
        migrations.CreateModel(
            name="CheckIn",
            fields=[
                ID,
                ("since", models.DateField()),
                ("until", models.DateField(null=True)),
                ("confirmed", models.DateField(null=True)),
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="check_ins",
                        to="registry.area",
                    ),
                ),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="check_ins",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="check_ins",
                        to="registry.unit",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ContactPoint",
            fields=[
                ID,
                ("rank", models.CharField(max_length=30)),
                ("since", models.DateField()),
                ("until", models.DateField(null=True)),
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contact_points",
                        to="registry.area",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contact_points",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Figure",
            fields=[
                ID,
                ("what", models.CharField(max_length=40)),
                ("value", models.DecimalField(decimal_places=2, max_digits=16)),
                ("on", models.DateField()),
                ("source", models.CharField(max_length=200)),
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="figures",
                        to="registry.area",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Task",
            fields=[
                ID,
                ("kind", models.CharField(max_length=20)),
                ("since", models.DateField()),
                ("until", models.DateField(null=True)),
                (
                    "check_in",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tasks",
                        to="registry.checkin",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="UnitCheckIn",
            fields=[
                ID,
                ("since", models.DateField()),
                ("until", models.DateField(null=True)),
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="partner_units",
                        to="registry.area",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="communities",
                        to="registry.unit",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Promise",
            fields=[
                ID,
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("need", "Need"),
                            ("resource", "Resource"),
                            ("project", "Project"),
                        ],
                        max_length=10,
                    ),
                ),
                ("text", models.CharField(max_length=400)),
                ("since", models.DateField()),
                ("until", models.DateField(null=True)),
                ("order", models.UUIDField(null=True)),
                (
                    "check_in",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="promises",
                        to="registry.unitcheckin",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Visit",
            fields=[
                ID,
                ("on", models.DateField()),
                ("text", models.CharField(default="", max_length=400)),
                ("order", models.UUIDField(null=True)),
                (
                    "contact_point",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="visits",
                        to="registry.contactpoint",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="checkin",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("until__isnull", True), ("until__gte", models.F("since")), _connector="OR"
                ),
                name="check_in_dates",
            ),
        ),
        migrations.AddConstraint(
            model_name="checkin",
            constraint=models.UniqueConstraint(
                condition=models.Q(("until__isnull", True)),
                fields=("person",),
                name="checked_in_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="contactpoint",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("until__isnull", True), ("until__gte", models.F("since")), _connector="OR"
                ),
                name="contact_point_dates",
            ),
        ),
        migrations.AddConstraint(
            model_name="contactpoint",
            constraint=models.UniqueConstraint(
                condition=models.Q(("until__isnull", True)),
                fields=("person", "area"),
                name="contact_point_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="figure",
            constraint=models.UniqueConstraint(
                fields=("area", "what", "on", "source"), name="figure_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="task",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("until__isnull", True), ("until__gte", models.F("since")), _connector="OR"
                ),
                name="task_dates",
            ),
        ),
        migrations.AddConstraint(
            model_name="task",
            constraint=models.UniqueConstraint(
                condition=models.Q(("until__isnull", True)),
                fields=("check_in", "kind"),
                name="task_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="unitcheckin",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("until__isnull", True), ("until__gte", models.F("since")), _connector="OR"
                ),
                name="unit_check_in_dates",
            ),
        ),
        migrations.AddConstraint(
            model_name="unitcheckin",
            constraint=models.UniqueConstraint(
                condition=models.Q(("until__isnull", True)),
                fields=("unit", "area"),
                name="unit_checked_in_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="visit",
            constraint=models.UniqueConstraint(fields=("contact_point", "on"), name="visit_once"),
        ),
    )
