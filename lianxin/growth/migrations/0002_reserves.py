"""Reserves and how they are reared, classes, posts kept for the best."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

ID = (
    "id",
    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
)


class Migration(migrations.Migration):
    dependencies = (("growth", "0001_careers"),)

    operations = (
        migrations.CreateModel(
            name="Course",
            fields=[
                ID,
                ("name", models.CharField(max_length=120)),
                ("seats", models.PositiveIntegerField()),
                ("minutes", models.PositiveIntegerField()),
                ("since", models.DateField()),
                ("until", models.DateField()),
                ("code", models.CharField(max_length=24, unique=True)),
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="courses",
                        to="registry.area",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Attendance",
            fields=[
                ID,
                ("signed", models.DateField()),
                ("came", models.DateTimeField(null=True)),
                ("minutes", models.PositiveIntegerField(default=0)),
                ("rating", models.PositiveSmallIntegerField(null=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attendances",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "course",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attendances",
                        to="growth.course",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Reserve",
            fields=[
                ID,
                (
                    "door",
                    models.CharField(
                        choices=[("chosen", "Chosen"), ("put_forward", "Put Forward")],
                        max_length=12,
                    ),
                ),
                ("since", models.DateField()),
                ("until", models.DateField(null=True)),
                (
                    "ended",
                    models.CharField(
                        choices=[
                            ("secretary", "Secretary"),
                            ("withdrew", "Withdrew"),
                            ("moved", "Moved"),
                            ("released", "Released"),
                        ],
                        default="",
                        max_length=12,
                    ),
                ),
                ("order", models.UUIDField(null=True)),
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reserves",
                        to="registry.area",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reserves",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Rearing",
            fields=[
                ID,
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("mentor", "Mentor"),
                            ("task", "Task"),
                            ("practice", "Practice"),
                            ("study", "Study"),
                        ],
                        max_length=10,
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                ("since", models.DateField()),
                ("until", models.DateField(null=True)),
                (
                    "reserve",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="plan",
                        to="growth.reserve",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ReservedPost",
            fields=[
                ID,
                ("year", models.PositiveSmallIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[("civil", "Civil"), ("institution", "Institution")], max_length=12
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                ("n", models.PositiveSmallIntegerField(default=1)),
                ("taken", models.DateField(null=True)),
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reserved_posts",
                        to="registry.area",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reserved_posts",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="course",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("until__isnull", True), ("until__gte", models.F("since")), _connector="OR"
                ),
                name="course_dates",
            ),
        ),
        migrations.AddConstraint(
            model_name="course",
            constraint=models.UniqueConstraint(
                fields=("area", "name", "since"), name="course_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="attendance",
            constraint=models.UniqueConstraint(fields=("course", "person"), name="attendance_once"),
        ),
        migrations.AddConstraint(
            model_name="attendance",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("rating__isnull", True), ("rating__range", (1, 5)), _connector="OR"
                ),
                name="attendance_rating",
            ),
        ),
        migrations.AddConstraint(
            model_name="reserve",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("until__isnull", True), ("until__gte", models.F("since")), _connector="OR"
                ),
                name="reserve_dates",
            ),
        ),
        migrations.AddConstraint(
            model_name="reserve",
            constraint=models.UniqueConstraint(
                condition=models.Q(("until__isnull", True)), fields=("person",), name="reserve_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="reserve",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended", ""), ("until__isnull", True)),
                    models.Q(("until__isnull", False), models.Q(("ended", ""), _negated=True)),
                    _connector="OR",
                ),
                name="reserve_ended_as",
            ),
        ),
        migrations.AddConstraint(
            model_name="rearing",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("until__isnull", True), ("until__gte", models.F("since")), _connector="OR"
                ),
                name="rearing_dates",
            ),
        ),
        migrations.AddConstraint(
            model_name="reservedpost",
            constraint=models.UniqueConstraint(
                fields=("year", "kind", "area", "name", "n"), name="reserved_post_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="reservedpost",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("person__isnull", True), ("taken__isnull", True)),
                    models.Q(("person__isnull", False), ("taken__isnull", False)),
                    _connector="OR",
                ),
                name="reserved_post_taken",
            ),
        ),
    )
