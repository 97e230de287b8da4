"""Puts the whole house into one file while it is open: database, photos, keys."""

import argparse
from pathlib import Path

from django.utils import timezone
from tqdm import tqdm

from lianxin.backup.taking import Tell, take
from lianxin.backup.trouble import trouble
from lianxin.web.words import say

words = "备份：数据库、照片、密钥，存成一个文件 · back up database, photos and keys into one file"


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="新文件，或一个文件夹 · a new file, or a folder")


def run(args: argparse.Namespace) -> int:
    """0 when all is in the file; 1 when photos of the house are lost, and so not in it."""
    now = timezone.now()
    path = args.file.absolute()
    if path.is_dir():
        path /= f"lianxin-{timezone.localtime(now):%Y%m%d-%H%M%S}.zip"
    bars: list[tqdm] = []

    def begin(total: int) -> Tell:
        bars.append(tqdm(total=total, desc=say("backup.working"), delay=1, disable=None))
        return bars[0].update

    try:
        manifest, size = take(path, begin, now)
    except OSError as full:
        raise trouble("no_write", why=full.strerror or full) from full
    finally:
        for bar in bars:
            bar.close()
    facts = {"rows": manifest.rows, "photos": manifest.photos, "size": f"{size / 1e6:.1f}"}
    for lang in ("zh", "en"):
        print(say("backup.done", lang, file=path, **facts))
        print(say("backup.private", lang))
        if manifest.lost:
            print(say("backup.lost", lang, n=manifest.lost))
    return 1 if manifest.lost else 0
