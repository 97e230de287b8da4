"""The tables of who and where, as the models name them."""

from django.db import migrations, models

import lianxin.registry.models.building

ID = (
    "id",
    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
)


def tie(to, related_name=None, on_delete=models.PROTECT, **options):
    """A foreign key; rows that others point to stay, unless it says otherwise."""
    return models.ForeignKey(to=to, related_name=related_name, on_delete=on_delete, **options)


class Migration(migrations.Migration):
    initial = True

    dependencies = ()

    operations = (
        migrations.CreateModel(
            name="AreaKind",
            fields=[
                ("code", models.CharField(max_length=20, primary_key=True, serialize=False)),
                ("zh", models.CharField(max_length=40)),
                ("en", models.CharField(max_length=40)),
                ("digits", models.PositiveSmallIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="Area",
            fields=[
                ID,
                ("path", models.CharField(db_collation="C", max_length=20)),
                ("code", models.CharField(db_collation="C", max_length=12, null=True)),
                ("grid_code", models.CharField(db_collation="C", max_length=20, null=True)),
                ("name", models.CharField(max_length=120)),
                ("since", models.DateField()),
                ("until", models.DateField(null=True)),
                ("successor", tie("registry.area", "merged", null=True)),
                ("kind", tie("registry.areakind", db_index=False)),
            ],
        ),
        migrations.CreateModel(
            name="Person",
            fields=[
                ID,
                ("password", models.CharField(max_length=128, verbose_name="password")),
                (
                    "last_login",
                    models.DateTimeField(blank=True, null=True, verbose_name="last login"),
                ),
                ("username", models.CharField(max_length=64, unique=True)),
                ("name", models.CharField(db_index=True, max_length=64)),
                ("phone_sealed", models.BinaryField(null=True)),
                (
                    "phone_blind",
                    models.CharField(db_collation="C", db_index=True, max_length=32, null=True),
                ),
                (
                    "phone_tail",
                    models.CharField(db_collation="C", db_index=True, max_length=32, null=True),
                ),
                (
                    "language",
                    models.CharField(
                        choices=[("zh", "中文"), ("en", "English")], default="zh", max_length=2
                    ),
                ),
                ("is_active", models.BooleanField(default=True)),
                ("is_operator", models.BooleanField(default=False)),
                ("home", tie("registry.area", "residents", null=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Batch",
            fields=[
                ID,
                ("what", models.CharField(max_length=20)),
                ("file_name", models.CharField(max_length=255)),
                ("sha256", models.CharField(max_length=64)),
                ("at", models.DateTimeField(db_index=True)),
                ("rows", models.PositiveIntegerField(default=0)),
                (
                    "state",
                    models.CharField(
                        choices=[("done", "Done"), ("undone", "Undone"), ("partly", "Partly")],
                        default="done",
                        max_length=10,
                    ),
                ),
                ("person", tie("registry.person", "batches", null=True)),
            ],
        ),
        migrations.CreateModel(
            name="BatchRow",
            fields=[
                ID,
                ("model", models.CharField(max_length=40)),
                ("key", models.BigIntegerField()),
                ("before", models.JSONField(null=True)),
                ("after", models.JSONField(null=True)),
                ("batch", tie("registry.batch", "made", db_index=False, on_delete=models.CASCADE)),
            ],
        ),
        migrations.CreateModel(
            name="Building",
            fields=[
                ID,
                ("name", models.CharField(max_length=120)),
                ("street", models.CharField(default="", max_length=120)),
                ("number", models.CharField(default="", max_length=40)),
                ("lon", models.FloatField(null=True)),
                ("lat", models.FloatField(null=True)),
                ("households", models.PositiveIntegerField(default=0)),
            ],
            options={
                "indexes": [models.Index(fields=["street", "number"], name="building_address")],
            },
        ),
        migrations.CreateModel(
            name="Door",
            fields=[
                ID,
                (
                    "code",
                    models.CharField(
                        default=lianxin.registry.models.building.door_code,
                        max_length=24,
                        unique=True,
                    ),
                ),
                ("label", models.CharField(default="", max_length=40)),
                ("area", tie("registry.area", "doors")),
                ("building", tie("registry.building", "doors")),
            ],
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                ID,
                ("at", models.DateTimeField()),
                ("verb", models.CharField(max_length=20)),
                ("model", models.CharField(max_length=40)),
                ("key", models.BigIntegerField()),
                ("before", models.JSONField(null=True)),
                ("after", models.JSONField(null=True)),
                ("batch", tie("registry.batch", "entries", null=True)),
                ("who", tie("registry.person", "+", null=True, db_index=False)),
            ],
        ),
        migrations.CreateModel(
            name="Generation",
            fields=[
                ID,
                ("west", models.FloatField()),
                ("south", models.FloatField()),
                ("east", models.FloatField()),
                ("north", models.FloatField()),
                ("root", models.CharField(db_collation="C", db_index=True, max_length=20)),
                ("name", models.CharField(max_length=120)),
                ("since", models.DateField()),
                ("until", models.DateField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("until__isnull", True)),
                        fields=("root",),
                        name="generation_one_live",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until__isnull", True),
                            ("until__gte", models.F("since")),
                            _connector="OR",
                        ),
                        name="generation_dates",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Boundary",
            fields=[
                ID,
                ("west", models.FloatField()),
                ("south", models.FloatField()),
                ("east", models.FloatField()),
                ("north", models.FloatField()),
                ("geojson", models.JSONField()),
                ("area", tie("registry.area", "boundaries")),
                ("generation", tie("registry.generation", "boundaries", db_index=False)),
            ],
        ),
        migrations.CreateModel(
            name="PersonSkill",
            fields=[
                ID,
                ("skill", models.CharField(db_index=True, max_length=40)),
                ("person", tie("registry.person", "skills", on_delete=models.CASCADE)),
            ],
        ),
        migrations.CreateModel(
            name="Token",
            fields=[
                ID,
                ("hash", models.CharField(db_collation="C", max_length=64, unique=True)),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField(null=True)),
                ("person", tie("registry.person", "tokens")),
            ],
        ),
        migrations.CreateModel(
            name="Unit",
            fields=[
                ID,
                ("code", models.CharField(max_length=40, unique=True)),
                ("name", models.CharField(db_index=True, max_length=120)),
                ("kind", models.CharField(default="department", max_length=20)),
                ("since", models.DateField()),
                ("until", models.DateField(null=True)),
                ("area", tie("registry.area", "units", null=True)),
                ("parent", tie("registry.unit", "parts", null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Post",
            fields=[
                ID,
                ("role", models.CharField(max_length=40)),
                ("since", models.DateField()),
                ("until", models.DateField(null=True)),
                ("area", tie("registry.area", "posts", null=True)),
                ("behalf_of", tie("registry.post", "stand_ins", null=True)),
                ("person", tie("registry.person", "posts")),
                ("unit", tie("registry.unit", "posts", null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Duty",
            fields=[
                ID,
                ("category", models.CharField(db_collation="C", default="", max_length=40)),
                ("area", tie("registry.area", "duties")),
                ("unit", tie("registry.unit", "duties")),
            ],
        ),
        migrations.AddIndex(
            model_name="area",
            index=models.Index(fields=["path", "since"], name="area_path_history"),
        ),
        migrations.AddIndex(
            model_name="area",
            index=models.Index(
                condition=models.Q(("until__isnull", True)),
                fields=["kind", "path"],
                name="area_kind_path",
            ),
        ),
        migrations.AddIndex(
            model_name="area",
            index=models.Index(
                condition=models.Q(("until__isnull", True)), fields=["name"], name="area_name"
            ),
        ),
        migrations.AddConstraint(
            model_name="area",
            constraint=models.UniqueConstraint(
                condition=models.Q(("until__isnull", True)), fields=("path",), name="area_one_live"
            ),
        ),
        migrations.AddConstraint(
            model_name="area",
            constraint=models.UniqueConstraint(
                condition=models.Q(("until__isnull", True)), fields=("code",), name="area_one_code"
            ),
        ),
        migrations.AddConstraint(
            model_name="area",
            constraint=models.UniqueConstraint(
                condition=models.Q(("until__isnull", True)),
                fields=("grid_code",),
                name="area_one_grid",
            ),
        ),
        migrations.AddConstraint(
            model_name="area",
            constraint=models.CheckConstraint(
                condition=models.Q(("path__regex", "^([0-9]{2,18}|[A-Z][0-9A-Z]{1,19})$")),
                name="area_path",
            ),
        ),
        migrations.AddConstraint(
            model_name="area",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("until__isnull", True), ("until__gte", models.F("since")), _connector="OR"
                ),
                name="area_dates",
            ),
        ),
        migrations.AddIndex(
            model_name="batchrow",
            index=models.Index(fields=["model", "key"], name="batch_row_key"),
        ),
        migrations.AddConstraint(
            model_name="batchrow",
            constraint=models.UniqueConstraint(
                fields=("batch", "model", "key"), name="batch_row_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="door",
            constraint=models.UniqueConstraint(
                fields=("building", "area", "label"), name="door_once"
            ),
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(fields=["model", "key", "at"], name="entry_of_row"),
        ),
        migrations.AddConstraint(
            model_name="boundary",
            constraint=models.UniqueConstraint(fields=("generation", "area"), name="boundary_once"),
        ),
        migrations.AddConstraint(
            model_name="personskill",
            constraint=models.UniqueConstraint(
                fields=("person", "skill"), name="person_skill_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="unit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("until__isnull", True), ("until__gte", models.F("since")), _connector="OR"
                ),
                name="unit_dates",
            ),
        ),
        migrations.AddIndex(
            model_name="post",
            index=models.Index(fields=["area", "role"], name="post_desk"),
        ),
        migrations.AddConstraint(
            model_name="post",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("until__isnull", True), ("until__gte", models.F("since")), _connector="OR"
                ),
                name="post_dates",
            ),
        ),
        migrations.AddConstraint(
            model_name="post",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("area__isnull", False), ("unit__isnull", False), _connector="OR"
                ),
                name="post_somewhere",
            ),
        ),
        migrations.AddConstraint(
            model_name="post",
            constraint=models.UniqueConstraint(
                condition=models.Q(("until__isnull", True)),
                fields=("person", "role", "area", "unit", "behalf_of"),
                name="post_held_once",
                nulls_distinct=False,
            ),
        ),
        migrations.AddIndex(
            model_name="duty",
            index=models.Index(fields=["area", "category"], name="duty_place"),
        ),
        migrations.AddConstraint(
            model_name="duty",
            constraint=models.UniqueConstraint(
                fields=("unit", "category", "area"), name="duty_once"
            ),
        ),
    )
