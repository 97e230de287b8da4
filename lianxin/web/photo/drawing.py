"""What is being drawn on a photo, carried in its form: parts by finger, by two taps, by numbers."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.http import QueryDict

from lianxin.orders.models import Photo
from lianxin.orders.painting import MOST
from lianxin.web.forms.step import number

SHOWN = 320  # pixels of the picture where a tap is all there is: no phone is narrower
SIDES = ("left", "top", "width", "height")
Part = tuple[int, int, int, int]  # left, top, width, height in points of the photo
Point = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Drawing:
    """Parts that are not painted yet; `corner`: the first of two taps. `width`, `height`: of the
    photo."""

    width: int
    height: int
    parts: tuple[Part, ...] = ()
    corner: Point | None = None

    @classmethod
    def of(cls, photo: Photo, sent: QueryDict) -> Drawing:
        """As it came with the form; what is no part of this photo is left out."""
        read = (numbers(text, 4) for text in sent.getlist("cover")[: MOST + 1])
        corner = numbers(sent.get("corner", ""), 2)
        drawn = cls(photo.width, photo.height, corner=(corner[0], corner[1]) if corner else None)
        parts = (drawn.cut(part) for part in read if part)
        return replace(drawn, parts=tuple(part for part in parts if part))

    def cut(self, part: tuple[int, ...]) -> Part | None:
        """The part as far as it lies on the photo; None if it does not.

        >>> Drawing(100, 80).cut((90, 10, 50, 20)), Drawing(100, 80).cut((100, 0, 5, 5))
        ((90, 10, 10, 20), None)
        """
        left, top, width, height = part
        right, bottom = min(left + width, self.width), min(top + height, self.height)
        if left >= self.width or top >= self.height or right <= left or bottom <= top:
            return None
        return left, top, right - left, bottom - top

    def having(self, part: tuple[int, ...]) -> Drawing:
        cut = self.cut(part)
        return replace(self, parts=(*self.parts, cut), corner=None) if cut else self

    # ── what may be done to it without JavaScript ────────────────────────────────────────────

    def tapped(self, x: int, y: int) -> Drawing:
        """The first tap is a corner, the second the one across.

        >>> Drawing(640, 480).tapped(10, 10).tapped(40, 30).parts
        ((20, 20, 60, 40),)
        """
        across = self.width / SHOWN
        point = (min(round(x * across), self.width), min(round(y * across), self.height))
        if self.corner is None:
            return replace(self, corner=point)
        (a, b), (c, d) = self.corner, point
        part = (min(a, c), min(b, d), abs(a - c), abs(b - d))
        return replace(self.having(part), corner=None)

    def undone(self) -> Drawing:
        """Without what was drawn last."""
        if self.corner is not None:
            return replace(self, corner=None)
        return replace(self, parts=self.parts[:-1])

    def without(self, n: int) -> Drawing:
        return replace(self, parts=tuple(p for i, p in enumerate(self.parts) if i != n))

    def typed(self, sent: QueryDict) -> Drawing:
        """With one more part, given by its sides in per cent of the photo."""
        typed = [number(sent.get(side, "")) for side in SIDES]
        sides = [side for side in typed if side is not None and side <= 100]
        if len(sides) != len(SIDES):
            return self
        across = (self.width, self.height, self.width, self.height)
        return self.having(tuple(round(s * of / 100) for s, of in zip(sides, across, strict=True)))


def numbers(text: str, n: int) -> tuple[int, ...] | None:
    """
    >>> numbers("1,2,3,4", 4), numbers("1,2", 4), numbers("1,-2,3,4", 4), numbers("9" * 99, 1)
    ((1, 2, 3, 4), None, None, None)
    """
    found = [number(part) for part in text[:60].split(",")]
    if len(found) != n or None in found:
        return None
    return tuple(part for part in found if part is not None)
