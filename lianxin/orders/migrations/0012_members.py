"""Hours that members have served, kept like a log."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

FINAL = """
CREATE TRIGGER orders_served_final BEFORE UPDATE OR DELETE ON orders_served
    FOR EACH ROW EXECUTE FUNCTION orders_log_is_final();
CREATE TRIGGER orders_served_no_truncate BEFORE TRUNCATE ON orders_served
    FOR EACH STATEMENT EXECUTE FUNCTION orders_log_is_final();
"""


def to(model: str) -> models.ForeignKey:
    kept = django.db.models.deletion.PROTECT
    return models.ForeignKey(db_index=False, on_delete=kept, related_name="+", to=model)


class Migration(migrations.Migration):
    dependencies = (("orders", "0011_receivers"), ("registry", "0006_vetted"))

    operations = (
        migrations.CreateModel(
            name="Served",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("nth", models.IntegerField()),
                ("hours", models.DecimalField(decimal_places=1, max_digits=4)),
                ("day", models.DateField()),
                ("order", to("orders.order")),
                ("person", to(settings.AUTH_USER_MODEL)),
            ],
            options={
                "indexes": [models.Index(fields=["person", "day"], name="served_person")],
                "constraints": [
                    models.UniqueConstraint(fields=("order", "person", "nth"), name="served_once"),
                    models.CheckConstraint(
                        condition=~Q(hours=0) & Q(nth__gt=0), name="served_hours"
                    ),
                ],
            },
        ),
        migrations.RunSQL(FINAL, migrations.RunSQL.noop),
    )
