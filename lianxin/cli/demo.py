"""Loads the demo prefecture into an empty database."""

import argparse
from random import Random

from django.utils import timezone

from lianxin.demo import cast, hours, load, orders, told
from lianxin.trouble import Trouble

words = "装入演示州：1703个网格、4.5万名党员、几周的工单 · load the demo prefecture"


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--scale", type=float, default=1.0, help="多大一份（1 = 全州）· how much")


def run(args: argparse.Namespace) -> int:
    print("正在生成演示州 · generating the demo prefecture", flush=True)
    share = args.scale
    whole = load.Size()
    size = load.Size(int(whole.workers * share), int(whole.members * share), share)
    try:
        found = load.load(size)
    except ValueError:
        raise Trouble(
            "数据库里已有区划，演示数据只能装入空库：换一个 LIANXIN_VAR 再来。",
            "There are areas already; the demo goes into an empty house: use another LIANXIN_VAR.",
        ) from None
    steps = orders.perform(Random(load.SEED), share)
    hours.credit_home()
    cast.choose()
    told.tell_the_day(timezone.now())
    print(f"{len(found.areas)} 个区域，{len(found.units)} 个单位，{steps} 步 · areas, units, steps")
    return 0
