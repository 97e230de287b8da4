"""What an import did, or would do: counts, and the findings row by row."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Any

from lianxin.registry.actions import Stamp
from lianxin.registry.models import Batch
from lianxin.registry.sheets.finding import Finding


@dataclass
class Outcome:
    """`batch` is None when nothing was written: a check, errors, or nothing new."""

    what: str
    rows: int = 0
    made: int = 0
    changed: int = 0
    same: int = 0
    bad: int = 0
    findings: list[Finding] = field(default_factory=list)
    batch: Batch | None = None

    @property
    def errors(self) -> list[Finding]:
        return [f for f in self.findings if f.level == "error"]


class Problem(Exception):
    """A row that cannot be taken, with the field that is wrong; becomes a finding at its cell."""

    def __init__(self, code: str, at: str = "", /, **facts: Any) -> None:
        super().__init__(code)
        self.code, self.at, self.facts = code, at, facts


def open_batch(stamp: Stamp, what: str, file_name: str, data: bytes) -> Batch:
    """The row that everything this file makes will hang on."""
    return Batch.objects.create(
        what=what,
        file_name=file_name[-255:],
        sha256=hashlib.sha256(data).hexdigest(),
        person=stamp.who,
        at=stamp.at,
    )


def batches_of(what: str, person: int) -> list[Batch]:
    """The latest imports of one kind that one person has made."""
    mine = Batch.objects.filter(what=what, person=person).exclude(rows=0)
    return list(mine.order_by("-at")[:20])
