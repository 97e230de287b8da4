"""Whether the people and places here are invented: a marker file beside the data says so."""

from pathlib import Path

from django.conf import settings

MARK = "demo"


def is_demo() -> bool:
    """Asked on every page: one look at the file system, a few microseconds."""
    return (Path(settings.VAR) / MARK).exists()
