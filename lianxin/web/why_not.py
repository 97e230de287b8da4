"""Says why the register will not make a change: the one place that knows where its words stand."""

from __future__ import annotations

from lianxin.registry.refusal import NotPossible
from lianxin.trouble import Trouble
from lianxin.web.words import say


def why_not(no: NotPossible, lang: str | None = None) -> str:
    return say(f"registry.refused.{no.code}", lang, **no.facts)


def trouble_of(no: NotPossible) -> Trouble:
    """The same in both languages, for the terminal."""
    return Trouble(why_not(no, "zh"), why_not(no, "en"))
