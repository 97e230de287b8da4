"""What all operations share: the problems they may answer, each declared."""

from typing import Any

from lianxin.web.api.shapes import Problem

OPEN = {"security": [{}]}  # needs no account, beside what auth.py lists
ALWAYS = (401, 500, 503)  # a token that does not work, a fault, no database


def says(status: int, shape: Any, *problems: int) -> dict[int, Any]:
    """The answers of one operation, for the OpenAPI file: the yes, and every no."""
    return {status: shape, **dict.fromkeys(sorted({*ALWAYS, *problems}), Problem)}
