"""Puts a house back from its backup, into an empty place, all of it or nothing."""

import argparse
from collections.abc import Callable
from pathlib import Path

from tqdm import tqdm

from lianxin.backup.archive import Manifest, Reading
from lianxin.backup.checking import check
from lianxin.backup.restoring import Tell, restore
from lianxin.cli.setup import database
from lianxin.web.words import say

words = "从备份恢复到空的地方 · restore a backup into an empty house"
alone = True  # the tables need not be there yet


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="备份文件 · the backup")
    parser.add_argument("--check", action="store_true", help="只核对，不恢复 · check it only")
    parser.add_argument(
        "--force", action="store_true", help="替换这里已有的一切 · replace all that is here"
    )


def run(args: argparse.Namespace) -> int:
    with Reading(args.file) as file:
        check(file, bar("checking", unit="B", unit_scale=True))
        if args.check:
            tell("sound", file.manifest)
            return 0
        if args.force:
            tell("forced")
        with database():
            restore(file, bar("restoring"), force=args.force)
        tell("restored", file.manifest)
    tell("next")
    return 0


def bar(key: str, **how: object) -> Callable[[int], Tell]:
    def begin(total: int) -> Tell:
        return tqdm(total=total, desc=say(f"backup.{key}"), delay=1, disable=None, **how).update

    return begin


def tell(key: str, about: Manifest | None = None) -> None:
    facts = {
        "made": about.made, "version": about.version, "rows": about.rows, "photos": about.photos,
    } if about else {}  # fmt: skip
    for lang in ("zh", "en"):
        print(say(f"backup.{key}", lang, **facts), flush=True)
