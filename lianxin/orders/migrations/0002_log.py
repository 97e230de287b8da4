"""The log: events partitioned by the order's id, append-only by trigger; idempotency keys by hash.

Orders' ids are UUIDv7, so a range of ids is a range of days: one partition a year. A year without
one falls into the last partition, which holds everything else and can be split at leisure.
"""

from datetime import UTC, datetime

from django.db import migrations

FIRST, LAST = 2017, 2035
KEY_PARTITIONS = 8


def first_id(year: int) -> str:
    """The smallest UUIDv7 of a year."""
    millis = int(datetime(year, 1, 1, tzinfo=UTC).timestamp() * 1000)
    text = f"{millis:012x}" + "0" * 20
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


EVENT = """
CREATE SEQUENCE orders_number;
CREATE TABLE orders_event (
    order_id uuid NOT NULL REFERENCES orders_order (id),
    nth integer NOT NULL CHECK (nth > 0),
    flow text NOT NULL, since date NOT NULL, verb text NOT NULL,
    source text, target text, visit integer NOT NULL, round smallint NOT NULL,
    at timestamptz NOT NULL, recorded timestamptz NOT NULL,
    actor text NOT NULL, capacity text NOT NULL, post bigint, unit text, behalf text,
    area text, path text COLLATE "C" NOT NULL, outcome text,
    over jsonb NOT NULL, given jsonb NOT NULL, digests jsonb NOT NULL,
    was jsonb NOT NULL, now jsonb NOT NULL, act text NOT NULL, head text NOT NULL,
    PRIMARY KEY (order_id, nth)
) PARTITION BY RANGE (order_id);
CREATE TABLE orders_event_rest PARTITION OF orders_event DEFAULT;
"""

APPEND_ONLY = """
CREATE FUNCTION orders_log_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the log of orders is append-only: % refused', TG_OP
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER orders_event_final BEFORE UPDATE OR DELETE ON orders_event
    FOR EACH ROW EXECUTE FUNCTION orders_log_is_final();
"""

NO_TRUNCATE = """
CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION orders_log_is_final();
"""

KEY = """
CREATE TABLE orders_key (
    who text NOT NULL, key text NOT NULL, body text NOT NULL,
    order_id uuid NOT NULL, nth integer NOT NULL, at timestamptz NOT NULL,
    PRIMARY KEY (who, key)
) PARTITION BY HASH (who, key);
"""


def years() -> str:
    return "".join(
        f"CREATE TABLE orders_event_{year} PARTITION OF orders_event "
        f"FOR VALUES FROM ('{first_id(year)}') TO ('{first_id(year + 1)}');"
        for year in range(FIRST, LAST + 1)
    )


def no_truncate() -> str:
    tables = ["orders_event", "orders_event_rest"]
    tables += [f"orders_event_{year}" for year in range(FIRST, LAST + 1)]
    return "".join(NO_TRUNCATE.format(table=table) for table in tables)


def hashes() -> str:
    return "".join(
        f"CREATE TABLE orders_key_{n} PARTITION OF orders_key "
        f"FOR VALUES WITH (MODULUS {KEY_PARTITIONS}, REMAINDER {n});"
        for n in range(KEY_PARTITIONS)
    )


class Migration(migrations.Migration):
    dependencies = [("orders", "0001_orders")]
    operations = [
        migrations.RunSQL(EVENT + years() + APPEND_ONLY + no_truncate()),
        migrations.RunSQL(KEY + hashes()),
    ]
