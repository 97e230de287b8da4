"""Whether the people and places here are invented: a marker file beside the data says so."""

import os

from django.conf import settings

MARK = "demo"


def is_demo() -> bool:
    """Asked on every page: one look at the file system, a microsecond."""
    return os.path.exists(f"{settings.VAR}/{MARK}")
