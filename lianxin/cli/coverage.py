"""How far the organisation reaches in a place: what is set up, what works, and what is new."""

import argparse
import json
from datetime import date
from typing import Any

from django.utils import timezone

from lianxin.core.place.path import PathError, check
from lianxin.registry.models import Area
from lianxin.registry.queries import area_at
from lianxin.registry.queries.coverage import MEASURES, Coverage, coverage
from lianxin.trouble import Trouble
from lianxin.web import moments
from lianxin.web.words import say

words = "组织覆盖和工作覆盖 · how far the organisation reaches, and how far it works"
LANGUAGES = ("zh", "en")


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--area", required=True, help="区划代码，如 341125 · the area's code")
    parser.add_argument("--on", type=date.fromisoformat, help="哪一天 · the day; today if not said")
    parser.add_argument(
        "--since", type=date.fromisoformat,
        help="何时起算新建 · what is new since; 1 January of the year before if not said",
    )  # fmt: skip
    parser.add_argument("--json", action="store_true", help="只输出一个 JSON · one JSON object")


def run(args: argparse.Namespace) -> int:
    on = args.on or timezone.localdate()
    if args.since and args.since > on:
        raise trouble("since_after", since=args.since, on=on)
    area = area_of(args.area, on)
    found = coverage(area.path, on, args.since, parts=False)
    if args.json:
        print(json.dumps(row_of(area, found), ensure_ascii=False))
    else:
        print("\n".join(line for lang in LANGUAGES for line in told(area, found, lang)))
    return 0


def area_of(code: str, on: date) -> Area:
    """Raises Trouble for what is no code, and for one that no area has on that day."""
    try:
        path = check(code)
    except PathError as wrong:
        raise trouble("no_code", code=code) from wrong
    area = area_at(path, on)
    if area is None:
        raise trouble("no_area", code=code, on=on)
    return area


def row_of(area: Area, found: Coverage) -> dict[str, Any]:
    """Rates between 0 and 1, null where there is nothing to be a share of."""
    row: dict[str, Any] = {
        "area": area.path, "name": area.name, "on": f"{found.on}", "since": f"{found.since}",
        **{f"{name}_new": n for name, n in found.new.items()},
        "quarters": found.whole.tallies["quarters"].of,
        "buildings": found.whole.tallies["buildings"].of, **found.stand,
    }  # fmt: skip
    for name in MEASURES:
        row[f"{name}_covered"] = found.whole.tallies[name].covered
    for name in ("organisation", "work"):
        share = getattr(found.whole, name).rate
        row[name] = None if share is None else round(share, 4)
    return row


def told(area: Area, found: Coverage, lang: str) -> list[str]:
    on, since = moments.day(found.on, lang), moments.day(found.since, lang)
    lines = [say("organisation.cli.title", lang, name=area.name, on=on, since=since)]
    for name in ("organisation", "work"):
        tally = getattr(found.whole, name)
        rate = moments.rate(tally.rate)
        lines.append(say(f"organisation.cli.{name}", lang, rate=rate, n=tally.covered, of=tally.of))
    for name in MEASURES:
        tally = found.whole.tallies[name]
        lines.append(say(f"organisation.cli.{name}", lang, n=tally.covered, of=tally.of))
    for name, n in found.stand.items():
        lines.append(say(f"organisation.cli.{name}", lang, n=n, new=found.new[name]))
    return lines


def trouble(key: str, **facts: object) -> Trouble:
    return Trouble(*(say(f"organisation.cli.{key}", lang, **facts) for lang in LANGUAGES))
