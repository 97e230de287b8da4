"""Microseconds of CPU per press of the kernel in memory: `python bench/kernel.py`."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from time import process_time
from timeit import Timer
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from stage import DESK, GRID, HERE, MEMBERS, RESIDENT, START, Stage, U, clerk, rules  # noqa: E402

from lianxin.core.step.family import Family  # noqa: E402
from lianxin.core.step.order import Order  # noqa: E402
from lianxin.core.step.take import take  # noqa: E402
from lianxin.core.step.who import Who  # noqa: E402

SAID = {"place": HERE, "text": "路灯不亮"}
CROWD = 2_000  # orders of other families in the same hands, as in the bulk lane


def micros(call: Callable[[], object]) -> float:
    """The best of seven rounds, so that a busy machine tells less of a lie."""
    timer = Timer(call, timer=process_time)
    rounds, _ = timer.autorange()
    return min(timer.repeat(7, max(1, rounds // 4))) / max(1, rounds // 4) * 1e6


def line(name: str, call: Callable[[], object]) -> None:
    print(f"{name:44} {micros(call):9.1f} µs")


def pressing(order: Order, verb: str, who: Who, **given: Any) -> tuple[str, Callable[[], object]]:
    """`take` alone, on the same order again and again: nothing is kept."""
    facts = rules()
    page = facts.book.exact(order.flow, order.since)
    step = page.steps[verb]
    return f"take {verb}", lambda: take(page, order, step, who, given, START, facts)


def filing() -> tuple[str, Callable[[], object]]:
    facts = rules()

    def file() -> None:
        Family(facts).file("five-orders", "file", RESIDENT, SAID, START, path=GRID, area=HERE)

    return "a family: file", file


def among_many(stage: Stage, id: str, many: int) -> tuple[str, Callable[[], object]]:
    """One press of one family among many, refused at the end, so that it may be pressed again."""
    family = Family(stage.family.rules, stage.family.orders.values())
    for n in range(many):
        order = stage.order(id).copy()
        order.id = f"other-{n}"
        family.orders[order.id] = order
    given = {"into": id}
    return f"a refused press among {many + 1} orders", lambda: refused(family, id, given)


def refused(family: Family, id: str, given: dict[str, str]) -> None:
    try:
        family.step(id, "merge", DESK, given, START)
    except Exception as no:
        assert str(no) == "circle", no


def main() -> None:
    stage = Stage()
    id = stage.file("five-orders", RESIDENT, **SAID)
    line(*filing())
    filed = stage.order(id)
    line(*pressing(filed, "dispatch", DESK, unit=U))
    line("buttons of five-orders, filed, for the desk", lambda: stage.buttons(id, DESK))
    line(*among_many(stage, id, 0))
    line(*among_many(stage, id, CROWD))
    stage.step(id, "dispatch", DESK, unit=U)
    stage.step(id, "accept", clerk(U), seats=3)
    line(*pressing(stage.order(id), "grab", MEMBERS[0]))
    line(*pressing(stage.order(id), "comment", RESIDENT, text="快一点"))
    line("buttons, to grab, for the clerk", lambda: stage.buttons(id, clerk(U)))
    line("dry run of one button", lambda: stage.family.dry(id, "keep", clerk(U), START))


if __name__ == "__main__":
    main()
