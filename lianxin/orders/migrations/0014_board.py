"""What a board counts in the log has an index: reopened, called back, struck off, by moment."""

from django.db import migrations

TURNING = """
CREATE INDEX event_turning ON orders_event (at)
    WHERE was ? 'round' OR target = 'struck' OR verb = 'call_back'
"""


class Migration(migrations.Migration):
    dependencies = (("orders", "0013_followed"),)

    operations = (migrations.RunSQL(TURNING, "DROP INDEX event_turning"),)
