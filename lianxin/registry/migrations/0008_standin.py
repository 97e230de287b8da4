"""One substitute a day for a post. No page appointed any before: no row stands against it."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import BigIntegerRangeField, DateRangeField, RangeOperators
from django.db import migrations
from django.db.models import F, Func, Q, Value


class Migration(migrations.Migration):
    dependencies = (("registry", "0007_login"),)

    operations = (
        migrations.AddConstraint(
            model_name="post",
            constraint=ExclusionConstraint(
                name="post_one_stand_in",
                condition=Q(behalf_of__isnull=False),
                expressions=[
                    (
                        Func(
                            F("behalf_of_id"),
                            F("behalf_of_id"),
                            Value("[]"),
                            function="int8range",
                            output_field=BigIntegerRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                    (
                        Func(
                            F("since"),
                            F("until"),
                            function="daterange",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ),
    )
