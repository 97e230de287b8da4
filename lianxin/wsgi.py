"""The one door through which a web server calls us."""

import os
import sys

from django.core.wsgi import get_wsgi_application

# A page asks the database a dozen times, and after each answer its thread waits for its turn behind
# those that reckon: at Python's own five milliseconds a turn a short page waits for long ones.
TURN_S = 0.0005
sys.setswitchinterval(TURN_S)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lianxin.settings")
application = get_wsgi_application()
