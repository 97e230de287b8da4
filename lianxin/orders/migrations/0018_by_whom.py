"""Who gave out a link, took a photo or was told is found by an index, and held by that at once."""

from django.db import migrations, models

from lianxin.registry.holding import held_at_once


def signed(model: str, field: str) -> migrations.AddIndex:
    rows = models.Q(**{f"{field}__isnull": False})
    return migrations.AddIndex(
        model, models.Index(fields=[field], name=f"{model}_{field}", condition=rows)
    )


class Migration(migrations.Migration):
    dependencies = (("orders", "0017_follow_mail"), ("registry", "0016_held_at_once"))

    operations = (
        signed("link", "by"),
        signed("photo", "by"),
        signed("delivery", "person"),
        held_at_once("orders"),
    )
