"""What can only be refused when it is written is refused alone, and harms no other in its batch."""

import pytest
from town import settled

from lianxin.core.step.refused import Refused
from lianxin.orders import recount
from lianxin.orders.bulk import Press, take_many
from lianxin.orders.models import Content, Event


@pytest.fixture
def town(request):
    with settled(request) as town:
        yield town


def test_of_three_redactions_the_impossible_one_is_refused(town):
    first, second = (town.file().number for _ in range(2))
    why = {"reason": "姓名"}
    said = take_many([
        Press(town["desk"], "redact", {"entry": 1, **why}, number=first),
        Press(town["desk"], "redact", {"entry": 9, **why}, number=second),
        Press(town["desk"], "redact", {"entry": 1, **why}, number=second),
    ])  # fmt: skip
    codes = [a.code if isinstance(a, Refused) else "done" for a in said]
    assert codes == ["done", "no_entry", "done"]
    assert Event.objects.filter(verb="redact").count() == 2
    assert not Content.objects.filter(name="text", erased=None).exists()
    assert recount.verify().broken == 0
