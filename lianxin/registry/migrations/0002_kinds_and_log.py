"""The kinds of area the house starts with, and a log that lets no row go."""

from django.db import migrations

KINDS = (
    ("province", "省", "Province", 2),
    ("prefecture", "市州", "Prefecture", 4),
    ("county", "县区", "County", 6),
    ("street", "街道乡镇", "Street or township", 9),
    ("community", "社区（村）", "Community", 12),
    ("quarter", "小区", "Quarter", 15),
    ("grid", "网格", "Grid", 18),
    ("park", "园区", "Park", 0),
    ("zone", "片区", "Zone", 0),
)

APPEND_ONLY = """
CREATE FUNCTION registry_entry_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'registry_entry is append-only: % refused', TG_OP
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER entry_stays BEFORE UPDATE OR DELETE ON registry_entry
    FOR EACH ROW EXECUTE FUNCTION registry_entry_stays();
CREATE TRIGGER entry_never_emptied BEFORE TRUNCATE ON registry_entry
    FOR EACH STATEMENT EXECUTE FUNCTION registry_entry_stays();
"""
REMOVABLE = """
DROP TRIGGER entry_stays ON registry_entry;
DROP TRIGGER entry_never_emptied ON registry_entry;
DROP FUNCTION registry_entry_stays();
"""


def add_kinds(apps, schema_editor):
    kind = apps.get_model("registry", "AreaKind")
    kind.objects.bulk_create(kind(code=c, zh=z, en=e, digits=d) for c, z, e, d in KINDS)


class Migration(migrations.Migration):
    dependencies = (("registry", "0001_registry"),)

    operations = (
        migrations.RunPython(add_kinds, migrations.RunPython.noop),
        migrations.RunSQL(APPEND_ONLY, REMOVABLE),
    )
