"""Python's search for circles of garbage, put off while many thousand rows pass through."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def not_sought() -> Iterator[None]:
    """Rows make no circles, and looking for them takes a fifth of the time of a long run."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
