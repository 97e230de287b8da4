"""A link given and taken back, or given while the order went to another: it opens nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from town import Town, settled

from lianxin.core.step.refused import Refused
from lianxin.orders import actions, handing, links
from lianxin.orders.models import Event, Link


@pytest.fixture
def town(request: pytest.FixtureRequest) -> Iterator[Town]:
    with settled(request) as town:
        yield town


def test_who_takes_the_giving_back_shuts_the_link(town: Town) -> None:
    number = town.dispatched()
    secret = handing.give(number, town["desk"], timezone.now()).secret
    assert Client().get(f"/u/{secret}").status_code == 200
    actions.undo(number, town["desk"])
    assert Client().get(f"/u/{secret}").status_code == 404
    again = handing.give(number, town["desk"], timezone.now()).secret
    assert Client().get(f"/u/{again}").status_code == 200


def test_another_undo_shuts_no_link(town: Town) -> None:
    number = town.dispatched()
    secret = handing.give(number, town["desk"], timezone.now()).secret
    actions.step(number, "keep", town["clerk"], {})
    actions.undo(number, town["clerk"])
    assert links.bearer(secret, timezone.now())


def test_a_link_for_a_unit_that_has_just_lost_it_is_not_given(town: Town, monkeypatch: Any) -> None:
    number = town.dispatched()
    read = handing.order_sheet

    def slowly(*asked: Any) -> Any:
        """While the page is made ready, the order goes to another unit."""
        sheet = read(*asked)
        other = {"unit": str(town.units["V"].pk), "reason": "不归他们"}
        actions.step(number, "redispatch", town["desk"], other)
        return sheet

    monkeypatch.setattr(handing, "order_sheet", slowly)
    with pytest.raises(Refused, match="too_late"):
        handing.give(number, town["desk"], timezone.now())
    assert not Link.objects.filter(unit__isnull=False).exists()
    assert not Event.objects.filter(verb="give_link").exists(), "nothing half done"


def test_who_has_waited_does_not_answer_by_the_older_link(town: Town) -> None:
    number, early = town.dispatched(), timezone.now()
    old = handing.give(number, town["desk"], early).secret
    handing.give(number, town["desk"], early + timedelta(seconds=2))
    with (
        pytest.raises(Refused, match="link_over"),
        links.serving(old, early + timedelta(seconds=1), "keep"),
    ):
        raise AssertionError("it was let through")
