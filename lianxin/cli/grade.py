"""The grade of one worker from a file, with its arithmetic: to check a table or a pay slip."""

import argparse
import json
import tomllib
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from django.utils import timezone

from lianxin.core.career import CareerError, Grade, Table, career_in, grade_on
from lianxin.growth.careers import careers
from lianxin.trouble import Trouble
from lianxin.web.careers.lines import named
from lianxin.web.words import say

words = "算职级，列出算式 · compute a grade, with the arithmetic"
alone = True
LANGUAGES = ("zh", "en")


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="履历 TOML · the career (docs/careers.md)")
    parser.add_argument("--on", type=date.fromisoformat, help="哪一天 · the day; today if not said")
    parser.add_argument("--json", action="store_true", help="只输出一个 JSON · one JSON object")


def run(args: argparse.Namespace) -> int:
    """0; 1 where that day is no day of service."""
    day = args.on or timezone.localdate()
    try:
        table = careers().on(day)
        found = grade_on(career_in(read(args.file)), day, careers())
    except LookupError as none:
        raise trouble("no_table", on=day) from none
    except CareerError as no:
        raise trouble(f"refused.{no.code}", **no.facts) from no
    if args.json:
        print(json.dumps(found and asdict(found), default=str, ensure_ascii=False))
    else:
        print("\n".join(told(found, table, day)))
    return 0 if found else 1


def read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except OSError as gone:
        raise trouble("no_file", file=path) from gone
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as wrong:
        raise trouble("no_toml", file=path, wrong=wrong) from wrong


def told(found: Grade | None, table: Table, day: date) -> Iterator[str]:
    for lang in LANGUAGES:
        if found is None:
            yield say("career.nobody", lang, on=day)
            continue
        for line in found.lines:
            yield say(f"career.line.{line.what}", lang, **named(line, table))
        yield say("career.pay", lang, pay=found.pay)


def trouble(key: str, **facts: object) -> Trouble:
    return Trouble(*(say(f"career.{key}", lang, **facts) for lang in LANGUAGES))
