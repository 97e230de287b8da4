"""Recounts the whole log: every chain, each order's present, every word, party and count kept."""

import argparse
import json
from typing import Any

from tqdm import tqdm

from lianxin.circles import not_sought
from lianxin.orders.models import Event
from lianxin.orders.recount import Verdict, verify
from lianxin.web.words import say

words = "核对全部工单记录 · recount the whole log"


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="只输出一个 JSON · one JSON object")


def run(args: argparse.Namespace) -> int:
    """0 when all is whole, 1 when something is broken."""
    bar = tqdm(total=Event.objects.count(), unit="条", disable=None)
    with not_sought(), bar:
        verdict = verify(bar.update)
    print(json.dumps(row_of(verdict)) if args.json else told(verdict))
    return 1 if verdict.broken else 0


def row_of(verdict: Verdict) -> dict[str, Any]:
    """`first`: the first broken row, by order number, nth and what is wrong with it."""
    row: dict[str, Any] = {
        "cases": verdict.cases, "parts": verdict.parts, "papers": verdict.papers,
        "events": verdict.events, "broken": verdict.broken,
    }  # fmt: skip
    if verdict.first:
        first = verdict.first
        row["first"] = {"order": first.number, "nth": first.nth, "what": first.what}
    return row


def told(verdict: Verdict) -> str:
    row = row_of(verdict)
    first = row.pop("first", None)
    lines = [say("verify.counted", **row)]
    if first:
        known = first["what"] in ("chain", "content", "order", "hand", "tally", "photo", "file")
        first["what"] = say(f"verify.{first['what']}") if known else first["what"]
        lines.append(say("verify.first", n=verdict.broken, **first))
    return "\n".join([*lines, say("verify.broken" if first else "verify.whole")])
