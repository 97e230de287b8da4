"""The hand of the clock: late steps and reminders happen when they are due."""

import argparse
import signal
import threading

from django.db import DatabaseError, close_old_connections
from django.utils import timezone

from lianxin import health
from lianxin.orders import clockwork

words = "让时间走：到期的步骤和提醒 · let time pass: late steps and reminders"
EVERY = 2.0  # seconds between two looks; limits count in hours


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--once", action="store_true", help="只看一次 · look once and leave")


def run(args: argparse.Namespace) -> int:
    leave = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: leave.set())
    while not leave.is_set():
        busy = look()
        if args.once:
            break
        leave.wait(0 if busy else EVERY)
    return 0


def look() -> bool:
    """One sweep; whether there may be more at once. A database that is away is waited for."""
    close_old_connections()
    try:
        busy = clockwork.sweep(timezone.now()) >= clockwork.AT_ONCE
    except DatabaseError as away:
        print(f"clock: {away.__class__.__name__}, trying again", flush=True)
        return False
    health.ticked()
    return busy
