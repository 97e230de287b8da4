"""A branch that has fallen below the members it was set up with is said, and how to mend it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.utils import timezone
from organised import Organised, organised, stamp
from town import COMMUNITY, COUNTY, settled
from web_town import see

from lianxin.registry.actions.belongings import leave
from lianxin.registry.queries.coverage import coverage, thin


@pytest.fixture
def o(request: pytest.FixtureRequest) -> Iterator[Organised]:
    with settled(request) as town:
        yield organised(town)


def test_it_is_said_stays_covered_and_leads_to_admitting(o: Organised) -> None:
    today, branch = timezone.localdate(), o["branch"]
    assert not thin(COUNTY, today).exists()
    assert "正式党员不足" not in see(o.town, "leader", "/coverage")
    before = coverage(COUNTY, today).whole.tallies["quarters"]
    held = branch.belongings.filter(until=None).exclude(
        person__in=branch.officers.filter(until=None).values("person")
    )
    leave(stamp(), held.order_by("pk")[0], today)
    assert [(row.pk, row.full) for row in thin(COUNTY, today)] == [(branch.pk, 2)]
    assert coverage(COUNTY, today).whole.tallies["quarters"] == before, "it stands all the same"
    page = see(o.town, "desk", "/coverage")
    assert "有 1 个党支部正式党员不足 3 名" in page
    address = re.search(r'href="(/coverage/thin[^"]+)"', page)[1].replace("&amp;", "&")
    rows = see(o.town, "desk", address)
    assert rows.count("<li data-row>") == 1 and branch.name in rows
    assert f"/organisations/{branch.pk}/admit" in rows
    assert "/admit" not in see(o.town, "leader", address), "who only reads admits nobody"
    assert "1 branch has fewer than 3" in see(o.town, "leader", "/coverage", "en")
    assert not thin(f"{COMMUNITY[:-1]}9", today).exists()
