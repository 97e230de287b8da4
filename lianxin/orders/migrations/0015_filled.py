"""Where all seats are taken an order is not open to the other members of its unit any more."""

from django.db import migrations

FILLED = """
UPDATE orders_order o SET pool = false
WHERE o.pool AND o.open AND o.flow = 'five-orders' AND o.state = 'grabbed'
  AND (SELECT count(*) FROM orders_hand h
       WHERE h.order_id = o.id AND h.name = 'holder' AND h.until IS NULL)
      >= (o.facts #>> '{fields,seats}')::numeric
  AND NOT EXISTS (
    SELECT FROM orders_hand l
    WHERE l.order_id = o.id AND l.name = 'leaving' AND l.until IS NULL
      AND NOT EXISTS (
        SELECT FROM orders_hand r
        WHERE r.order_id = o.id AND r.name = 'relief' AND r.until IS NULL AND r.since = l.since
      )
  )
"""


class Migration(migrations.Migration):
    dependencies = (("orders", "0014_board"),)

    operations = (migrations.RunSQL(FILLED, migrations.RunSQL.noop),)
