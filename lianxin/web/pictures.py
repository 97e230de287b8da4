"""A text as a picture to scan: what a phone's camera reads off a screen or off paper."""

from __future__ import annotations

import segno

SCALE, QUIET = 5, 2  # points a square, and squares of margin: what cameras need off cheap paper


def picture_of(text: str, *, scale: int = SCALE, quiet: int = QUIET) -> str:
    """As an address of data, for `<img src>`; medium correction survives a fold in the paper.
    `quiet` is 0 where the sheet leaves its own margin."""
    return str(segno.make(text, error="m").svg_data_uri(scale=scale, border=quiet))
