"""Photos with a face in them, filed and painted over: what tests of pages and of browsers share."""

import io

from django.utils import timezone
from PIL import Image, ImageDraw
from town import Town

from lianxin.orders import actions, links, photos
from lianxin.orders.models import Order

WIDE, HIGH = 1280, 960
FACE = (320, 240, 160, 200)  # left, top, width, height


def scene(colour: str = "#d8cbb0") -> bytes:
    """A street with a face where `FACE` is."""
    picture = Image.new("RGB", (WIDE, HIGH), colour)
    brush = ImageDraw.Draw(picture)
    brush.rectangle((0, 600, WIDE, HIGH), fill="#777777")
    left, top, width, height = FACE
    brush.ellipse((left, top, left + width, top + height), fill="#e0a080")
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=90)
    return out.getvalue()


def taken(town: Town, by: str | None, colour: str = "#d8cbb0") -> str:
    person = town.people[by].pk if by else None
    return str(photos.take_in(io.BytesIO(scene(colour)), person, timezone.now()).pk)


def filed(town: Town, by: str = "resident") -> tuple[str, str]:
    """An order that waits for its unit, with a photo: (its number, the photo's id)."""
    id = taken(town, by)
    given = {"text": "路口违停", "photo": [id]}
    number = actions.file("five-orders", "file", town[by], given, area=town.grid).number
    actions.step(number, "dispatch", town["desk"], {"unit": str(town.unit.pk)})
    return number, id


def link_to(number: str) -> str:
    return links.make(Order.objects.get(number=number).pk.hex, "filer", timezone.now())


def point(data: bytes) -> tuple[int, ...]:
    with Image.open(io.BytesIO(data)) as picture:
        left, top, width, height = FACE
        scale = picture.width / WIDE
        spot = (round((left + width / 2) * scale), round((top + height / 2) * scale))
        return picture.convert("RGB").getpixel(spot)


def dark(colour: tuple[int, ...]) -> bool:
    return max(colour) < 70


def handled(town: Town, before: bool) -> tuple[str, str, str]:
    number, first = filed(town)
    actions.step(number, "keep", town["clerk"], {})
    after = taken(town, "clerk", "#a0c0a0")
    given = {"outcome": "solved", "text": "拖走了", "photo": [after]}
    if before:
        first = taken(town, "clerk", "#c0a0a0")
        given["photo_before"] = [first]
    actions.step(number, "handle", town["clerk"], given)
    return number, first, after
