"""The names of those who are here are spelt, some at a time."""

from django.db import migrations

from lianxin.registry.spelling import spelt

AT_ONCE = 5000
SPELL = """
UPDATE registry_person SET spelt = told.spelt
FROM unnest(%s::bigint[], %s::text[]) AS told (id, spelt) WHERE registry_person.id = told.id
"""


def spell(apps, editor):
    people = apps.get_model("registry", "Person").objects.filter(spelt="").order_by("pk")
    last = 0
    with editor.connection.cursor() as cursor:
        while rows := list(people.filter(pk__gt=last).values_list("pk", "name")[:AT_ONCE]):
            keys, names = zip(*rows, strict=True)
            cursor.execute(SPELL, [list(keys), [spelt(name) for name in names]])
            last = keys[-1]


class Migration(migrations.Migration):
    dependencies = (("registry", "0011_check_ins"),)

    operations = (migrations.RunPython(spell, migrations.RunPython.noop),)
