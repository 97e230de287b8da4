"""Reads a table of params/, the deployment's own laid over ours."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from django.conf import settings

SHIPPED = Path(__file__).resolve().parent.parent / "params"


def text_of(name: str) -> str:
    """The text of `roles.toml` and the like; a deployment's file replaces the shipped one."""
    return _text_of(name, settings.PARAMS)


@cache
def _text_of(name: str, own: Path | None) -> str:
    if own is not None and (own / name).exists():
        return (own / name).read_text("utf-8")
    return (SHIPPED / name).read_text("utf-8")
