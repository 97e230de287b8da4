"""A house to be measured: its own folder, the embedded database as `make run` has it, the demo."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lianxin.embedded import Server

FOLDER = Path(f"/tmp/lxb-{os.getuid()}")  # short: a socket's path has 103 bytes
SEED = 7


@contextmanager
def opened(folder: Path = FOLDER) -> Iterator[Server]:
    """An empty house with its database running; taken away afterwards.

    From here on Django may be set up: the environment says where the house stands.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    os.environ["LIANXIN_VAR"] = str(folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = "lianxin.settings"
    os.environ.pop("DATABASE_URL", None)
    try:
        with Server(folder).running() as server:
            yield server
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def furnish(scale: float, share: float) -> None:
    """Tables, page files, the demo's places and people, and its orders as the kernel plays them.

    `scale`: how much of the prefecture; `share`: how many of the demo's orders.
    """
    import django

    django.setup()
    from random import Random

    from lianxin.cli import setup
    from lianxin.demo import load, orders

    setup.migrate()
    setup.collect()
    load.load(load.Size(scale=scale))  # a corner of the land with all its people
    orders.perform(Random(SEED), share)
