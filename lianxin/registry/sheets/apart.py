"""Reads a file that cannot be measured beforehand in a process of its own, under a roof: whatever
it unpacks into, the house stands.

`python -m lianxin.registry.sheets.apart` reads the file from its input.
"""

from __future__ import annotations

import pickle
import resource
import subprocess
import sys

from lianxin.registry.sheets.calamine import Found, read_book
from lianxin.registry.sheets.finding import Odd
from lianxin.registry.sheets.zipped import heavy

ROOF = 2**30  # bytes of memory
AT_MOST_S = 60


def read_apart(data: bytes) -> Found:
    """As `read_book`. Raises Odd: too_heavy as well, where memory or time run out."""
    command = [sys.executable, "-m", __name__]
    try:
        answer = subprocess.run(command, input=data, capture_output=True, timeout=AT_MOST_S)
    except subprocess.TimeoutExpired as slow:
        raise heavy() from slow
    if answer.returncode:
        raise heavy()
    code, facts, found = pickle.loads(answer.stdout)  # from our own program, not from the file
    if code:
        raise Odd(code, **facts)
    return found


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (ROOF, ROOF))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        said = ("", {}, read_book(sys.stdin.buffer.read()))
    except Odd as odd:
        said = (odd.code, odd.facts, None)
    sys.stdout.buffer.write(pickle.dumps(said))


if __name__ == "__main__":
    main()
