"""The town at its pages: signed in, looking, and an order in the middle of its life."""

import io
import re
from datetime import timedelta

from django.test import Client
from django.utils import timezone
from PIL import Image
from town import Town

from lianxin.orders import actions, photos
from lianxin.registry.models import Person


def as_(town: Town, name: str, language: str = "zh") -> Client:
    client = Client()
    client.force_login(town.people[name])
    client.cookies["language"] = language
    return client


def see(town: Town, name: str, address: str, language: str = "zh") -> str:
    answer = as_(town, name, language).get(address)
    assert answer.status_code == 200, answer.content.decode()
    return answer.content.decode()


def picture(by: Person, size: tuple[int, int] = (800, 600)) -> str:
    file = io.BytesIO()
    Image.new("RGB", size, "#a33").save(file, "JPEG")
    return str(photos.take_in(io.BytesIO(file.getvalue()), by.pk, timezone.now()).pk)


def hidden(html: str) -> dict[str, str]:
    """What a form sends besides its answers."""
    return dict(re.findall(r'type="hidden" name="(_\w+)" value="([^"]*)"', html))


def busy(town: Town) -> str:
    """An order in the middle of its life: two members at work, a comment, a paper, photos."""
    ago = timezone.now() - timedelta(hours=3)
    given = {
        "text": "路灯不亮。", "category": "0101", "phone": "13800138000",
        "photo": [picture(town.people["resident"])],
    }  # fmt: skip
    number = actions.file(
        "five-orders", "file", town["resident"], given, area=town.grid, now=ago
    ).number
    told = [
        ("dispatch", "desk", {"unit": str(town.unit.pk)}), ("accept", "clerk", {"seats": 2}),
        ("grab", "m1", {}), ("grab", "m2", {}), ("comment", "resident", {"text": "七点后在家"}),
        ("ask_extend", "clerk", {"reason": "等备件"}),
    ]  # fmt: skip
    for verb, name, answers in told:
        actions.step(number, verb, town[name], answers, now=ago)
    return number
