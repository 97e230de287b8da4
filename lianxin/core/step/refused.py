"""A step that may not be taken says so with a stable code and the facts that explain it."""

from __future__ import annotations

from typing import Any


class Refused(Exception):
    """No, with a reason. `code` is stable (`params/refusals.toml`); `facts` fill its sentence."""

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts

    def __str__(self) -> str:
        return " ".join([self.code, *(str(v) for v in self.facts.values())])
