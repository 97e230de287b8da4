"""Loads the demo prefecture into an empty database."""

import argparse
from random import Random

from django.utils import timezone

from lianxin.demo import cast, hours, load, openings, orders, told
from lianxin.trouble import Trouble

words = "装入演示州：1703个网格、4.5万名党员、几周的工单 · load the demo prefecture"


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--scale", type=float, default=1.0, help="多大一份（1 = 全州）· how much")


def sized(share: float) -> load.Size:
    try:
        return load.Size.of(share)
    except ValueError:
        raise Trouble(
            f"--scale {share} 不行：写一个大于 0、不超过 1 的数，例如 0.05。",
            f"--scale {share} will not do: more than 0 and at most 1, such as 0.05.",
        ) from None


def run(args: argparse.Namespace) -> int:
    size = sized(args.scale)
    print("正在生成演示州 · generating the demo prefecture", flush=True)
    try:
        found = load.load(size)
    except ValueError:
        raise Trouble(
            "数据库里已有区划，演示数据只能装入空库：换一个 LIANXIN_VAR 再来。",
            "There are areas already; the demo goes into an empty house: use another LIANXIN_VAR.",
        ) from None
    steps = orders.perform(Random(load.SEED), args.scale)
    hours.credit_home()
    cast.choose()
    openings.notice_posts(timezone.now())
    told.tell_the_day(timezone.now())
    print(f"{len(found.areas)} 个区域，{len(found.units)} 个单位，{steps} 步 · areas, units, steps")
    return 0
