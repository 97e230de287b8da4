"""What this place is called: chosen when the house is set up, kept in VAR/place.json."""

from __future__ import annotations

import json
import os
from functools import lru_cache
from pathlib import Path

from django.conf import settings

FILE = "place.json"
LONGEST = 40  # characters; it stands beside the stamp on a phone


def place() -> str:
    """The name, or "" where nobody has chosen one. Asked on every page: one look at the file."""
    path = f"{settings.VAR}/{FILE}"
    try:
        about = os.stat(path)
    except FileNotFoundError:
        return ""
    return _read(path, about.st_mtime_ns)


@lru_cache(maxsize=4)
def _read(path: str, _changed: int) -> str:
    return str(json.loads(Path(path).read_text("utf-8"))["name"])


def call(name: str) -> None:
    """From now on the place is called so, in all processes."""
    path = Path(settings.VAR) / FILE
    draft = path.with_name(f".{FILE}.{os.getpid()}")
    draft.write_text(json.dumps({"name": name}, ensure_ascii=False), "utf-8")
    os.replace(draft, path)
