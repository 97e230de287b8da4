"""What the day came to, in lines: times by what was asked, faults, notices, orders."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from bench.street.wire import Book

MOST_MS = 300  # of a page at its 99th percentile
FEW = 20  # of which no percentile is told
MOST_REFUSED = 0.02  # of the presses: the clock passes up what a desk leaves lying, and says so


@dataclass
class Found:
    """`behind_s`: how late the driver itself was at worst, in seconds of ours."""

    book: Book
    people: int
    behind_s: float
    unsent: int = 0
    unsaid: list[str] = field(default_factory=list)
    undelivered: tuple[dict[str, int], list[str]] = field(default_factory=lambda: ({}, []))
    board: dict[str, int] = field(default_factory=dict)
    untrue: list[str] = field(default_factory=list)

    @property
    def faults(self) -> list[str]:
        jobs = [f"{self.unsent} jobs failed or never ran"] if self.unsent else []
        slow = [f"p99 {at(self.all, 99):.0f} ms"] if at(self.all, 99) > MOST_MS else []
        nos = len(self.book.refused) > MOST_REFUSED * self.book.presses
        jobs += [f"{len(self.book.refused)} of {self.book.presses} presses refused"] if nos else []
        return [*self.book.faults, *jobs, *self.unsaid, *self.undelivered[1], *self.untrue, *slow]

    @property
    def all(self) -> list[float]:
        return sorted(ms for took in self.book.took.values() for ms in took)


def at(took: list[float], percent: int) -> float:
    """
    >>> at([1.0, 2.0, 3.0], 99)
    3.0
    """
    return took[min(len(took) - 1, len(took) * percent // 100)] if took else 0.0


def lines(found: Found) -> list[str]:
    rows = [f"{found.people} people at work; the driver at worst {found.behind_s:.1f} s late",
            f"requests {len(found.all)}, sent again {found.book.resent}, answers "
            + ", ".join(f"{n} × {code}" for code, n in sorted(found.book.codes.items())),
            row("all", found.all), ""]  # fmt: skip
    by_many = sorted(found.book.took.items(), key=lambda pair: -len(pair[1]))
    rows += [row(name, sorted(took)) for name, took in by_many if len(took) >= FEW]
    nos = Counter(found.book.refused).most_common()
    told = ", ".join(f"{n} × {what}" for what, n in nos) or "none"
    rows += ["", f"presses {found.book.presses}, refused in words: {told}"]
    rows += ["deliveries: " + ", ".join(f"{n} × {k}" for k, n in found.undelivered[0].items())]
    rows.append("the leader reads: " + ", ".join(f"{k} {n}" for k, n in found.board.items()))
    faults = Counter(found.faults)
    rows += [f"fault ({n}): {what}" for what, n in faults.most_common(20)] or ["no fault"]
    return rows


def row(name: str, took: list[float]) -> str:
    return (
        f"{name:<44}{len(took):>8}  p50 {at(took, 50):>6.0f}  p95 {at(took, 95):>6.0f}"
        f"  p99 {at(took, 99):>6.0f}  worst {took[-1]:>6.0f} ms"
    )
