"""What a page means, as one hash: everything but the words."""

from __future__ import annotations

import json
from dataclasses import asdict
from hashlib import sha256
from typing import Any

from lianxin.core.flow.page import Field
from lianxin.core.flow.shapes import Row

RULES = ("words", "home")  # may change under a page in use


def meaning(flow: str, raw: Row, borrowed: list[Field]) -> str:
    """sha256 of the canonical JSON of a page and of the shared fields its own steps ask.

    The words (`zh`, `en`) are left out, so they may be bettered while orders run under the page.
    So is `home`: how long somebody's door is shown is a rule of the house, for old orders too.
    """
    fields = {field.name: _field(field) for field in borrowed}
    whole = {"flow": flow, "page": _wordless(raw), "borrowed": fields}
    text = json.dumps(whole, sort_keys=True, ensure_ascii=False, default=str)
    return sha256(text.encode()).hexdigest()


def _field(field: Field) -> Row:
    return {
        **{key: value for key, value in asdict(field).items() if value and key not in RULES},
        "of": field.choices,
        "fixed": [key for key, _ in field.fixed],
    }


def _wordless(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _wordless(x) for key, x in value.items() if key not in ("zh", "en")}
    return [_wordless(x) for x in value] if isinstance(value, list) else value
