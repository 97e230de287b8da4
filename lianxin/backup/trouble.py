"""What an operator is told when a backup or a restoring cannot be: rows of words/backup.toml."""

from __future__ import annotations

from typing import Any

from lianxin.trouble import Trouble
from lianxin.web.words import say


def trouble(key: str, **facts: Any) -> Trouble:
    return Trouble(*(say(f"backup.{key}", lang, **facts) for lang in ("zh", "en")))
