"""Somebody on their way through the three screens of a request, as tests walk them."""

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image
from town import Town, settled

from lianxin.orders.models import Content, Order
from lianxin.registry.models import Building, Door

LAMP = "楼道灯坏了三天"


@contextmanager
def at_a_door(request: pytest.FixtureRequest) -> Iterator[Town]:
    """The town with one door that has a sign, and nobody who has sent anything yet."""
    with settled(request) as town:
        row = Building.objects.create(name="幸福小区3栋", street="韶山路", number="12")
        Door.objects.create(code="door23456789", building=row, area=town.grid, label="1单元")
        yield town


def photo(colour: str = "#7a8") -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (60, 40), colour).save(out, "JPEG")
    return SimpleUploadedFile("a.jpg", out.getvalue(), "image/jpeg")


def hidden(answer: Any) -> str:
    """The draft that a screen carries on."""
    return re.search(r'name="draft" value="([^"]+)"', answer.content.decode())[1]


def html(answer: Any) -> str:
    return answer.content.decode()


class Filing:
    """Somebody on their way through the three screens."""

    def __init__(self, address: str = "/file?d=door23456789") -> None:
        self.client = Client()
        self.last = self.client.get(address)

    def press(self, to: str, go: str | None = "next", /, **typed: Any) -> Any:
        sent = {"draft": hidden(self.last), **({"go": go} if go else {}), **typed}
        self.last = self.client.post(to, sent)
        return self.last

    def what(self, text: str = LAMP, **more: Any) -> Any:
        return self.press("/file", "next", text=text, **more)

    def where(self, go: str | None = "next", /, **more: Any) -> Any:
        return self.press("/file/where", go, **more)

    def send(self, go: str | None = "send", /, **more: Any) -> Any:
        return self.press("/file/send", go, **more)


def said(order: Order, name: str = "text") -> Any:
    return Content.objects.get(order=order, nth=1, name=name).value
