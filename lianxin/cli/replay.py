"""Files real messages in a real county at their own times and drives each round the loop."""

import argparse
import json
import sys
import time
from contextlib import redirect_stdout
from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.utils import timezone
from tqdm import tqdm

from lianxin.circles import not_sought
from lianxin.cli.setup import migrate
from lianxin.demo.replay import cast, places, report
from lianxin.demo.replay.messages import Message, read_messages
from lianxin.demo.replay.run import Replay
from lianxin.orders.book import calendar
from lianxin.orders.lane import Lane
from lianxin.registry.actions import Stamp
from lianxin.web.words import say

words = "重放真实留言：按原时间立案并办理 · replay real messages at their own times"


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="CSV：id,title,time,text · the messages")
    parser.add_argument("--area", required=True, help="县级代码 · code of a county")
    parser.add_argument("--seed", type=int, default=1, help="随机种子 · seed of chance")
    parser.add_argument("--limit", type=int, help="只取最早的几条 · only the oldest so many")
    parser.add_argument("--json", action="store_true", help="只输出一个 JSON · one JSON object")


def run(args: argparse.Namespace) -> int:
    began = time.perf_counter()
    with redirect_stdout(sys.stderr):
        migrate()
        everything = read_messages(args.file, calendar().zone)
        messages = everything[: args.limit]
        before = report.filed(messages)
        fresh = [m for m in messages if m.key not in before]
        if fresh:
            horizon = min(everything[-1].at, timezone.now())
            replayed(fresh, args, horizon)
        if before:
            print(say("replay.again", n=len(before), fresh=len(fresh)))
    found = {**report.counted(messages), "new": len(fresh)}
    found["seconds"] = round(time.perf_counter() - began, 1)
    print(json.dumps(found) if args.json else told(found))
    return 1 if found["lost"] else 0


def replayed(messages: list[Message], args: argparse.Namespace, horizon: datetime) -> None:
    """All of it in one transaction: a replay that is broken off leaves nothing behind, and no
    clock finds an order before its story is told."""
    now, divisions = timezone.now(), args.file.parent.parent / "divisions"
    bar = tqdm(total=len(messages), unit="条", disable=None)
    with not_sought(), transaction.atomic(), bar:
        stamp = Stamp(None, now)
        grids = places.ready(args.area, divisions, stamp)
        players = cast.ready(args.area, stamp)
        replay = Replay(Lane(now, as_live=True), players, grids, horizon, args.seed, bar.update)
        replay.run(messages)
    print(say("replay.steps", steps=replay.steps, refused=sum(replay.no.values())))
    if replay.no:
        print(", ".join(f"{code} {n}" for code, n in replay.no.most_common()))


def told(found: dict[str, float]) -> str:
    return "\n".join(f"{say(f'replay.{name}')}  {value}" for name, value in found.items())
