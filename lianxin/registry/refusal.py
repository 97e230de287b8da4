"""A change the registry will not make: a stable code for programs, facts for the sentence."""

from __future__ import annotations

from typing import Any


class NotPossible(ValueError):
    """`code` names a row of words/registry.toml under `refused`; `facts` fill it in."""

    def __init__(self, code: str, /, **facts: Any) -> None:
        super().__init__(f"{code} {facts}" if facts else code)
        self.code, self.facts = code, facts
