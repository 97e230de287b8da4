"""Who reads a note is chosen where it is written: colleagues, all on the order, or everybody."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import QueryDict

from lianxin.core.flow.page import Step
from lianxin.orders.queries import Sheet
from lianxin.web.words import say

# Step → the field its words go into. The first that somebody may take is what they are offered: a
# note that stayed among colleagues by mistake is sent again, one that leaked is not taken back.
NOTES = {"remark": "remark", "comment": "text", "declare": "announcement"}


@dataclass(frozen=True, slots=True)
class Reads:
    """One choice of readers."""

    name: str
    words: str
    hint: str
    chosen: bool


def reads(sheet: Sheet, step: Step) -> list[Reads]:
    """The readers to choose from on this step's form; none where there is nothing to choose."""
    free = [b.step.name for b in sheet.buttons]
    named = [name for name in NOTES if name in free]
    if step.name not in named or len(named) < 2:
        return []
    return [
        Reads(n, say(f"orders.reads.{n}"), say(f"orders.reads.{n}_is"), n == step.name)
        for n in named
    ]  # fmt: skip


def addressed(verb: str, sent: QueryDict) -> tuple[str, QueryDict]:
    """The step that was meant, and its answers: what was typed goes to whoever was chosen."""
    meant = sent.get("_reads", "")
    if verb not in NOTES or meant not in NOTES or meant == verb:
        return verb, sent
    data = sent.copy()
    data[NOTES[meant]] = sent.get(NOTES[verb], "")
    data.pop(NOTES[verb], None)
    return meant, data


def one_note(steps: Iterable[Step]) -> list[Step]:
    """Of the ways to write a note the first alone: the others are chosen on its form."""
    found = list(steps)
    first = next((n for n in NOTES if any(s.name == n for s in found)), None)
    return [s for s in found if s.name not in NOTES or s.name == first]
