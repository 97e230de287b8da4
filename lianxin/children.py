"""Processes that live exactly as long as the one that started them."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections import deque
from types import TracebackType

from lianxin.trouble import Trouble

GRACE_S = 10
PR_SET_PDEATHSIG = 1
ENDS_AT_MOST, WITHIN_S = 20, 60  # more often than that, starting again is no help


class Children:
    """Started in order, stopped in reverse; in sessions of their own: Ctrl-C is ours alone."""

    def __init__(self) -> None:
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.commands: dict[str, list[str]] = {}
        self.ends: deque[float] = deque(maxlen=ENDS_AT_MOST)

    def __enter__(self) -> "Children":
        return self

    def start(self, name: str, command: list[str]) -> None:
        self.commands[name] = command
        self.running[name] = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=_die_with_parent if sys.platform == "linux" else None,
        )

    def check(self) -> None:
        """Raises Trouble when one of them has ended."""
        for name, child in self.running.items():
            if child.poll() is not None:
                raise Trouble(
                    f"“{name}”自己停了（代码 {child.returncode}）。",
                    f"The part “{name}” ended by itself (code {child.returncode}).",
                )

    def tend(self) -> None:
        """Starts again whatever was killed. Raises Trouble when something will not stay up."""
        for name, child in self.running.items():
            if child.poll() is None:
                continue
            if len(self.ends) == ENDS_AT_MOST and time.monotonic() - self.ends[0] < WITHIN_S:
                self.check()
            self.ends.append(time.monotonic())
            _sweep(child.pid)
            print(f"{name}：自己停了，又开了 · ended by itself, started again", flush=True)
            self.start(name, self.commands[name])

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for child in reversed(self.running.values()):
            child.terminate()
        for child in reversed(self.running.values()):
            try:
                child.wait(GRACE_S)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
            _sweep(child.pid)


def _sweep(session: int) -> None:
    """What a child started and did not take along when it went."""
    try:
        os.killpg(session, signal.SIGKILL)
    except ProcessLookupError:
        return


def _die_with_parent() -> None:
    """Even after `kill -9` of the parent nobody stays behind and holds the port (Linux only)."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
