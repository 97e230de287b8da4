"""A phone that many requests were filed with: read in as many statements as one."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone
from town import Town, settled

from lianxin.core.step.refused import Refused
from lianxin.orders import actions, by_phone

PHONE = "13800138000"


@pytest.fixture
def town(request: pytest.FixtureRequest) -> Any:
    with settled(request) as town:
        person = town.people["resident"]
        person.phone = PHONE
        person.set_unusable_password()
        person.save()
        yield town


def filed(town: Town) -> str:
    given = {"text": "路灯不亮", "phone": PHONE}
    return actions.file("five-orders", "file", town["resident"], given, area=town.grid).number


def test_as_many_statements_however_many(town: Town, django_assert_max_num_queries: Any) -> None:
    numbers = [filed(town) for _ in range(6)]
    with django_assert_max_num_queries(6):
        assert len(by_phone.asked_from(PHONE, timezone.now())) == len(numbers)
    with django_assert_max_num_queries(8):
        assert by_phone.open_one(PHONE, numbers[0], timezone.now())
    with django_assert_max_num_queries(6):
        assert by_phone.known(PHONE)


@pytest.mark.parametrize("odd", ["\0", "𠮷" * 50, "LX-1" * 1000, "", "-"])
def test_a_number_that_is_none_opens_nothing(town: Town, odd: str) -> None:
    filed(town)
    with pytest.raises(Refused, match="not_found"):
        by_phone.open_one(PHONE, odd, timezone.now())
