"""The desk's day: words found by pairs of signs, ends of phones, who looked, who is on it.

The pairs stand in an index and nowhere else: filing writes no further row, and what is erased from
the content is gone from the index with it (docs/decisions/0009-finding-words.md).
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

PERSON = {
    "db_index": False, "related_name": "+", "on_delete": django.db.models.deletion.PROTECT,
    "to": settings.AUTH_USER_MODEL,
}  # fmt: skip
ORDER = {"db_index": False, "related_name": "+", "to": "orders.order"}
KEY = models.BigAutoField(
    auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
)  # fmt: skip

# Every two signs that stand beside each other, and the last one of a row by itself, so that a
# single sign is found as the beginning of a pair. `orders/queries/typed.py` asks in the same way.
GRAMS = r"""
CREATE FUNCTION orders_grams(said jsonb) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT COST 2000 AS $$
SELECT array_to_tsvector(array_agg(rtrim(sign || next))) FROM (
    SELECT sign, coalesce(lead(sign) OVER (ORDER BY n), ' ') AS next
    FROM string_to_table(regexp_replace(
        lower(normalize(said #>> '{}', NFKC) COLLATE "C"),
        '[\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00bf\u2000-\u206f\u3000-\u303f\ufe10-\ufe6f]+',
        ' ', 'g'), NULL) WITH ORDINALITY AS signs(sign, n)
) AS pairs WHERE sign <> ' '
$$;
CREATE INDEX content_grams ON orders_content USING gin (orders_grams(value))
    WITH (fastupdate = on, gin_pending_list_limit = 256)
    WHERE nth = 1 AND name IN ('text', 'address');
"""
TAIL = r"""
CREATE FUNCTION orders_tail(said jsonb) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
SELECT right(regexp_replace(normalize(said #>> '{}', NFKC), '[^0-9]+', '', 'g'), 4)
$$;
CREATE INDEX content_tail ON orders_content (orders_tail(value), order_id)
    WHERE name = 'phone' AND value IS NOT NULL;
"""
FINAL = """
CREATE TRIGGER orders_look_final BEFORE UPDATE OR DELETE ON orders_look
    FOR EACH ROW EXECUTE FUNCTION orders_log_is_final();
CREATE TRIGGER orders_look_no_truncate BEFORE TRUNCATE ON orders_look
    FOR EACH STATEMENT EXECUTE FUNCTION orders_log_is_final();
"""
# Who stands at an order: worth a minute, so no log is written for it and a crash may empty it.
PRESENCE = """
CREATE UNLOGGED TABLE orders_presence (
    order_id uuid NOT NULL, person_id bigint NOT NULL, desk text COLLATE "C" NOT NULL,
    since timestamptz NOT NULL, at timestamptz NOT NULL,
    PRIMARY KEY (order_id, person_id)
);
CREATE INDEX presence_person ON orders_presence (person_id);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0006_resident"),
        ("registry", "0002_kinds_and_log"),
    ]

    operations = [
        migrations.RunSQL(GRAMS, "DROP INDEX content_grams; DROP FUNCTION orders_grams(jsonb);"),
        migrations.RunSQL(TAIL, "DROP INDEX content_tail; DROP FUNCTION orders_tail(jsonb);"),
        migrations.CreateModel(
            name="Look",
            fields=[
                ("id", KEY.clone()),
                ("at", models.DateTimeField()),
                ("who", models.ForeignKey(**PERSON)),
                ("what", models.CharField(max_length=20)),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, null=True, **ORDER
                    ),
                ),
                ("n", models.PositiveIntegerField(default=0)),
                ("path", models.CharField(db_collation="C", max_length=20)),
                ("about", models.CharField(default="", max_length=200)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["who", "what", "at"], name="look_who"),
                    models.Index(fields=["path", "-id"], name="look_path"),
                ],
            },
        ),
        migrations.RunSQL(FINAL, migrations.RunSQL.noop),
        migrations.RunSQL(PRESENCE, "DROP TABLE orders_presence"),
    ]
