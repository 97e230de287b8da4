"""What of a house stands beside its database: photos by their digest, keys, and a few marks."""

from __future__ import annotations

import os
import re
import shutil
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.conf import settings

from lianxin.orders.photos import path_of, whole

MARKS = ("demo", "cast.json", "place.json")  # whether all is invented, and what the place is called
PHOTO = re.compile(r"photos/([0-9a-f]{64})\.jpg")
KEY = re.compile(r"keys/([a-z][a-z0-9_-]{0,40})")
MARK = re.compile("marks/(" + "|".join(map(re.escape, MARKS)) + ")")
AT_ONCE = 2**20


def var() -> Path:
    return Path(settings.VAR)


def known(name: str) -> bool:
    """Whether a part of this name can be one of ours."""
    return any(pattern.fullmatch(name) for pattern in (PHOTO, KEY, MARK))


def key_files() -> list[Path]:
    folder = var() / "keys"
    names = sorted(folder.iterdir()) if folder.is_dir() else []
    return [path for path in names if KEY.fullmatch(f"keys/{path.name}")]


def mark_files() -> list[Path]:
    return [path for name in MARKS if (path := var() / name).is_file()]


def read(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(AT_ONCE):
            yield chunk


def put(path: Path, chunks: Iterable[bytes]) -> None:
    """A private file, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            for chunk in chunks:
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)


def put_photo(name: str, chunks: Iterable[bytes]) -> None:
    """A picture is called by its content, so one that is there already is this one, or broken."""
    path = path_of(name)
    if not whole(path):
        put(path, chunks)


class Keys:
    """The keys of the backup, laid ready beside those that are here and exchanged in one move.

    The old ones are kept (`keys.before-…`): whatever they have sealed opens with nothing else."""

    def __init__(self, found: dict[str, bytes]) -> None:
        self.here, self.coming = var() / "keys", var() / "keys.coming"
        self.before = var() / time.strftime("keys.before-%Y%m%d-%H%M%S")
        shutil.rmtree(self.coming, ignore_errors=True)
        for name, content in found.items():
            put(self.coming / name, [content])
        self.coming.chmod(0o700)

    def same(self) -> bool:
        mine, theirs = ({p.name: p.read_bytes() for p in f.glob("*")} for f in self.folders)
        return mine == theirs

    @property
    def folders(self) -> tuple[Path, Path]:
        return self.here, self.coming

    def exchange(self) -> None:
        if self.same():
            shutil.rmtree(self.coming)
            return
        if self.here.exists():
            os.rename(self.here, self.before)
        os.rename(self.coming, self.here)

    def back(self) -> None:
        """As it was before `exchange`."""
        if self.before.exists():
            shutil.rmtree(self.here, ignore_errors=True)
            os.rename(self.before, self.here)
        shutil.rmtree(self.coming, ignore_errors=True)
