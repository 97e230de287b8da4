"""Photos of the demo, drawn and not taken: a street at night with its lamp out, and lit again.

A car with a number plate stands in it, so that there is something to paint over.
"""

from __future__ import annotations

import io
from datetime import datetime
from functools import cache
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageOps

from lianxin.orders.photos import take_in

LAMP = "0101"  # the category of a lamp that is out
WIDE, HIGH = 1200, 900
KERB = 660  # where the houses stand
HEAD = (650, 196)  # of the lamp
LIGHT = "#ffd98a"


def photo(*, lit: bool, at: datetime) -> str:
    """The id of a photo that belongs to no order yet."""
    return str(take_in(io.BytesIO(street(lit)), None, at).pk)


@cache
def street(lit: bool) -> bytes:
    sky = Image.linear_gradient("L").resize((WIDE, HIGH))
    view = ImageOps.colorize(sky, "#0d1733", "#453a5c")
    pen = ImageDraw.Draw(view)
    houses(pen, Random(3))
    pen.rectangle((0, KERB, WIDE, HIGH), fill="#1d1f27")
    pen.rectangle((0, KERB, WIDE, KERB + 34), fill="#2c2d36")
    post(pen, lit)
    car(pen)
    out = io.BytesIO()
    (shine(view) if lit else view).save(out, "JPEG", quality=90)
    return out.getvalue()


def houses(pen: ImageDraw.ImageDraw, rnd: Random) -> None:
    """A row of them, a window lit here and there."""
    for left in range(0, WIDE, 300):
        top = rnd.randrange(180, 330)
        pen.rectangle((left, top, left + 270, KERB), fill=rnd.choice(("#161c30", "#1a1f35")))
        for x in range(left + 28, left + 240, 58):
            for y in range(top + 34, KERB - 60, 74):
                pen.rectangle((x, y, x + 30, y + 40), fill=rnd.choice(("#232a42",) * 5 + (LIGHT,)))


def post(pen: ImageDraw.ImageDraw, lit: bool) -> None:
    x, y = HEAD
    pole = (x + 90, KERB + 20, x + 90, y - 20, x, y - 14)
    pen.line(pole, fill="#4a4f5e", width=14, joint="curve")
    pen.ellipse((x - 46, y - 22, x + 30, y + 18), fill=LIGHT if lit else "#3a3f4d")


def car(pen: ImageDraw.ImageDraw) -> None:
    pen.polygon(((190, 700), (240, 620), (420, 620), (480, 700)), fill="#3b4a5c")
    pen.rounded_rectangle((140, 690, 540, 790), 30, fill="#46586d")
    for x in (230, 450):
        pen.ellipse((x - 44, 750, x + 44, 838), fill="#0e0f13")
    pen.rectangle((300, 742, 400, 776), fill="#2458c6")
    for x in range(310, 392, 14):
        pen.rectangle((x, 750, x + 8, 768), fill="#dfe7f5")


def shine(view: Image.Image) -> Image.Image:
    """The lamp's light falls on the pavement in a cone."""
    x, y = HEAD
    glow = Image.new("L", view.size)
    pen = ImageDraw.Draw(glow)
    pen.polygon(((x - 40, y), (x + 40, y), (x + 330, HIGH), (x - 330, HIGH)), fill=110)
    pen.ellipse((x - 120, y - 120, x + 120, y + 120), fill=190)
    glow = glow.filter(ImageFilter.GaussianBlur(42))
    warm = Image.composite(Image.new("RGB", view.size, LIGHT), Image.new("RGB", view.size), glow)
    return ImageChops.screen(view, warm)
