"""Says how the house is doing, a sentence a thing; for people, and for a watchman by exit code."""

import argparse
import json

from django.utils import timezone

from lianxin.backup.schema import looking_at
from lianxin.health import Finding, look
from lianxin.web.words import say

words = "运行状况：数据库、磁盘、队列、时钟、备份 · how the house is doing"
alone = True  # a database that is away is one of the things to be told
MARKS = {"ok": "✓", "wrong": "✗", "unknown": "·"}


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="只输出一个 JSON · one JSON object")


def run(args: argparse.Namespace) -> int:
    """0 when all is well, 1 when something needs somebody."""
    with looking_at():
        found = look(timezone.now())
    wrong = [finding for finding in found if finding.state == "wrong"]
    print(json.dumps(row_of(found), ensure_ascii=False) if args.json else told(found, len(wrong)))
    return 1 if wrong else 0


def row_of(found: list[Finding]) -> dict[str, object]:
    checks = [
        {
            "name": f.name,
            "state": f.state,
            **f.facts,
            "zh": f.sentence("zh"),
            "en": f.sentence("en"),
        }
        for f in found
    ]
    return {"well": all(f.state != "wrong" for f in found), "checks": checks}


def told(found: list[Finding], wrong: int) -> str:
    lines = []
    for finding in found:
        lines.append(f"{MARKS[finding.state]} {finding.sentence('zh')}")
        lines.append(f"  {finding.sentence('en')}")
    for lang in ("zh", "en"):
        lines.append(say("health.ill", lang, n=wrong) if wrong else say("health.well", lang))
    return "\n".join(lines)
