"""All grades of a place anew, after a table or many careers changed: counted and timed."""

import argparse
import json
import time
from datetime import date
from typing import Any

from django.utils import timezone

from lianxin.growth.careers import careers
from lianxin.growth.queries.careers import Tally, everybody, reckon
from lianxin.registry.models import Person
from lianxin.trouble import Trouble
from lianxin.web.words import say

words = "重算全部职级 · reckon everybody's grade anew"
LANGUAGES = ("zh", "en")
TOLD = 20  # careers that do not read and are named


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--recompute", action="store_true", required=True, help="重算 · reckon")
    parser.add_argument("--area", default="", help="只算这里 · only here: path of an area")
    parser.add_argument("--on", type=date.fromisoformat, help="哪一天 · the day; today if not said")
    parser.add_argument("--json", action="store_true", help="只输出一个 JSON · one JSON object")


def run(args: argparse.Namespace) -> int:
    """0; 1 where a career does not read."""
    day, begun = args.on or timezone.localdate(), time.perf_counter()
    try:
        careers().on(day)
    except LookupError as none:
        raise Trouble(*(say("career.no_table", lang, on=day) for lang in LANGUAGES)) from none
    found = reckon(everybody(args.area), day)
    told = counts(found, day) | {"seconds": round(time.perf_counter() - begun, 2)}
    if args.json:
        print(json.dumps(told | {"wrong": len(found.wrong)}, ensure_ascii=False))
    else:
        for lang in LANGUAGES:
            print(say("career.recomputed", lang, **told))
        print("".join(f"{line}\n" for line in unread(found)), end="")
    return 1 if found.wrong else 0


def counts(found: Tally, day: date) -> dict[str, Any]:
    return {
        "on": day.isoformat(), "reckoned": found.reckoned, "in_service": found.reckoned - found.out,
        "unwritten": found.unwritten, "differs": found.differs, "rise": found.rise,
    }  # fmt: skip


def unread(found: Tally) -> list[str]:
    """Those whose career contradicts itself, by username: nobody's name on a terminal."""
    keys = dict(found.wrong[:TOLD])
    names = dict(Person.objects.filter(pk__in=keys).values_list("pk", "username"))
    return [
        f"✗ {names[key]}: {say(f'career.refused.{no.code}', lang, **no.facts)}"
        for key, no in keys.items() for lang in LANGUAGES
    ]  # fmt: skip
