"""Opens the house: database, pages, and the worker for what may wait; Ctrl-C closes it."""

import argparse
import signal
import socket
import sys
import time
from types import FrameType

import segno
from django.conf import settings

from lianxin.children import Children
from lianxin.cli import setup
from lianxin.trouble import Trouble
from lianxin.web.demo_flag import is_demo

words = "开门：数据库、页面、后台 · open the house: database, pages, worker"
alone = True
GIVES_WAY = 10  # of the worker, as the system counts it: 0 is everybody, 19 the last
PAGES = 2  # processes that answer, as many as the cores of a small server
ENDS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def add(parser: argparse.ArgumentParser) -> None:
    setup.add(parser)
    parser.add_argument("--host", default="127.0.0.1", help="监听地址 · address to listen on")


def run(args: argparse.Namespace) -> int:
    port = settings.PORT
    must_be_free(args.host, port)
    for number in ENDS:  # Ctrl-C too: started in the background, Python would not listen to it
        signal.signal(number, leave)
    with setup.opened():
        setup.run(args)
        with Children() as children:
            for n in range(PAGES):
                children.start(f"pages {n + 1}", server(args.host, port))
            wait_until_open(args.host, port, children)
            children.start("worker", worker())
            children.start(
                "clock", [sys.executable, "-m", "lianxin", "clock"]
            )  # afterwards: people wait for the pages only
            greet()
            return wait(children)


def server(host: str, port: int) -> list[str]:
    """granian: 10–25 % less CPU a page than gunicorn's threads, measured with two workers each.

    One worker, for workers of one granian share one socket, and the one that is awake takes nearly
    every connection: two of these hold a socket each (SO_REUSEPORT), between which the kernel
    chooses by the caller's address.
    """
    return [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws"),
        *("--host", host, "--port", str(port), "--workers", "1", "--blocking-threads", "4"),
        *("--respawn-failed-workers", "--workers-kill-timeout", "3s", "--log-level", "warning"),
        "lianxin.wsgi:application",
    ]


def worker() -> list[str]:
    """What may wait gives way to whoever waits for a page (nice)."""
    return [
        *("nice", "-n", str(GIVES_WAY), sys.executable, "-m", "django", "procrastinate"),
        *("-v", "0", "worker", "--concurrency", "2"),
    ]


def must_be_free(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as refused:
            raise Trouble(
                f"{host}:{port} 已被占用或不可用，请换一个：PORT=8001 make run",
                f"{host}:{port} is taken or cannot be used; try another: PORT=8001 make run",
            ) from refused


def wait_until_open(host: str, port: int, children: Children) -> None:
    where = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        children.check()
        try:
            socket.create_connection((where, port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise Trouble("页面两分钟内没有打开。", "The pages did not open within two minutes.")


def wait(children: Children) -> int:
    """Until somebody says stop; what was killed meanwhile is started again, the database first."""
    try:
        while True:
            setup.tend()
            children.tend()
            time.sleep(0.5)
    except SystemExit:
        # Pressed twice is meant once: a half-closed house helps nobody.
        for number in ENDS:
            signal.signal(number, signal.SIG_IGN)
        print("\n正在关门 · closing", flush=True)
        return 0


def leave(_number: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)


def greet() -> None:
    """Where to go, as whom, and the residents' door for a phone's camera."""
    print(f"\n连心 Lianxin  {settings.PUBLIC_URL}\n")
    if is_demo():
        from lianxin.demo import cast  # a demo brings its people and their doors

        print(*cast.lines(), sep="\n")
    else:
        print(f"居民入口 · residents  {settings.PUBLIC_URL}/\n")
        segno.make(f"{settings.PUBLIC_URL}/").terminal(compact=True)
    print("按 Ctrl-C 关门 · Ctrl-C to close", flush=True)
