"""Notes: to colleagues, to the asker, to everybody; what is among colleagues stays there."""

from collections.abc import Iterator

import pytest
from api_client import Caller
from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob
from town import Town, settled
from web_town import as_, hidden, see

from lianxin.core.step.refused import Refused
from lianxin.orders import actions, follows, links
from lianxin.orders.models import Event, Notice, Order

pytestmark = pytest.mark.django_db
SECRET, TO_ASKER, PUBLIC = "他上周喝醉了打的电话", "明天上午有人上门", "这条路周五前修好"


@pytest.fixture
def town(request: pytest.FixtureRequest) -> Iterator[Town]:
    with settled(request) as town:
        yield town


def write(town: Town, name: str, number: str, reads: str, text: str, step: str = "remark") -> str:
    """Write a note on the form, choosing who reads it."""
    client = as_(town, name)
    page = client.get(f"/orders/{number}/{step}").content.decode()
    field = {"remark": "remark", "comment": "text", "declare": "announcement"}[step]
    sent = {**hidden(page), "_reads": reads, field: text, "_go": "1"}
    answer = client.post(f"/orders/{number}/{step}", sent)
    assert answer.status_code == 302, answer.content.decode()
    return Event.objects.filter(order__number=number).order_by("-nth")[0].verb


def looks_of(town: Town, number: str, name: str) -> str:
    """All that somebody may read of an order: page, API, and the story in the API."""
    caller = Caller(town.token(name))
    told = [caller.get(f"/orders/{number}{end}").content.decode() for end in ("", "/events")]
    return see(town, name, f"/orders/{number}") + "".join(told)


def test_the_form_asks_who_reads_it_and_begins_with_colleagues(town: Town) -> None:
    number = town.dispatched()
    page = see(town, "desk", f"/orders/{number}")
    assert f'href="/orders/{number}/remark"' in page
    assert f'href="/orders/{number}/comment"' not in page
    form = see(town, "desk", f"/orders/{number}/remark")
    assert 'value="remark" checked' in form
    for said in ("给谁看", "同事", "点单人", "公开"):
        assert said in form
    worker = see(town, "worker", f"/orders/{number}/remark")
    assert 'value="declare"' not in worker, "a grid worker does not speak for the community"
    for name in ("resident", "clerk"):
        assert f'href="/orders/{number}/comment"' in see(town, name, f"/orders/{number}")
        assert "_reads" not in see(town, name, f"/orders/{number}/comment")
        assert as_(town, name).get(f"/orders/{number}/remark").status_code == 403


@pytest.mark.parametrize("step", ["remark", "comment", "declare"])
@pytest.mark.parametrize("reads", ["remark", "comment", "declare"])
def test_what_was_typed_goes_to_whom_was_chosen(town: Town, step: str, reads: str) -> None:
    number = town.file().number
    assert write(town, "desk", number, reads, SECRET, step) == reads
    assert (SECRET in see(town, "resident", f"/orders/{number}")) == (reads != "remark")


def test_a_mistake_keeps_words_and_readers(town: Town) -> None:
    number, desk = town.file().number, as_(town, "desk")
    sent = hidden(desk.get(f"/orders/{number}/remark").content.decode())
    answer = desk.post(
        f"/orders/{number}/remark", {**sent, "_reads": "declare", "remark": "长" * 1001}
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="declare" checked' in page
    assert "长" * 1001 in page
    assert f'action="/orders/{number}/declare"' in page
    for wrong in ("nobody", "", "dispatch"):
        assert (
            desk.post(
                f"/orders/{number}/remark", {**sent, "_reads": wrong, "remark": ""}
            ).status_code
            == 422
        )
    assert Event.objects.count() == 1


def test_nobody_chooses_readers_they_may_not_write_to(town: Town) -> None:
    number = town.file().number
    resident = as_(town, "resident")
    sent = hidden(resident.get(f"/orders/{number}/comment").content.decode())
    for reads in ("remark", "declare"):
        answer = resident.post(
            f"/orders/{number}/comment", {**sent, "_reads": reads, "text": "x", "_go": "1"}
        )
        assert answer.status_code == 403
    assert Event.objects.count() == 1


def test_who_reads_which(town: Town) -> None:
    number = town.dispatched()
    for reads, text in (("remark", SECRET), ("comment", TO_ASKER), ("declare", PUBLIC)):
        write(town, "desk", number, reads, text)
    for name in ("desk", "street_desk", "supervisor", "worker", "leader", "auditor", "inspector"):
        page = looks_of(town, number, name)
        assert all(text in page for text in (SECRET, TO_ASKER, PUBLIC)), name
    for name in ("resident", "clerk"):
        page = looks_of(town, number, name)
        assert TO_ASKER in page
        assert PUBLIC in page
        for trace in (SECRET, "内部备注", "remark"):
            assert trace not in page, (name, trace)


def test_the_asker_sees_no_trace_by_any_way(town: Town) -> None:
    """Page, API, link, notices, queue, search and export: not even that there is one."""
    number = town.file().number
    order = Order.objects.get()
    write(town, "desk", number, "remark", SECRET)
    secret = links.make(order.pk.hex, "filer", timezone.now())
    by_link = Client().get(f"/o/{secret}").content.decode()
    followed = follows.follow(order.pk.hex, "k", "", timezone.now())
    by_follow = Client().get(f"/f/{followed}").content.decode()
    by_api = Caller(secret).get(f"/orders/{number}/events").content.decode()
    assert "file" in by_api
    paper = see(town, "resident", f"/orders/{number}/paper")
    for page in (by_link, by_follow, by_api, paper, looks_of(town, number, "resident")):
        for trace in (SECRET, "内部备注", "colleagues"):
            assert trace not in page
    assert not Notice.objects.exists()
    assert SECRET not in str(list(ProcrastinateJob.objects.values_list("args", flat=True)))
    assert number not in see(town, "desk", f"/desk?q={SECRET[2:6]}")
    assert SECRET not in as_(town, "desk").get("/orders.csv").content.decode()
    with pytest.raises(Refused, match="not_yours"):
        actions.step(number, "remark", town["resident"], {"remark": "x"})


def test_what_was_done_to_a_note_is_as_quiet_as_the_note(town: Town) -> None:
    number = town.file().number
    write(town, "desk", number, "remark", SECRET)
    actions.undo(number, town["desk"])
    write(town, "desk", number, "remark", SECRET)
    actions.step(number, "redact", town["desk"], {"entry": 4, "reason": "涉及" + SECRET})
    asker = see(town, "resident", f"/orders/{number}")
    for trace in (SECRET, "撤销", "涉及", 'id="e2"', 'id="e3"', 'id="e4"', 'id="e5"'):
        assert trace not in asker, trace
    staff = see(town, "desk", f"/orders/{number}")
    assert "撤销了上一步" in staff
    assert "内容已删除" in staff


def test_a_quiet_note_takes_no_undo_along(town: Town) -> None:
    """The asker's own last step is not the last one any more, whatever they can see."""
    number = town.file().number
    actions.step(number, "comment", town["resident"], {"text": "七点后在家"})
    assert "/undo" in see(town, "resident", f"/orders/{number}")
    write(town, "desk", number, "remark", SECRET)
    assert "/undo" not in see(town, "resident", f"/orders/{number}")


def test_whoever_follows_reads_the_public_answer_alone(town: Town) -> None:
    number = town.file(text="李阿姨家门口的灯坏了").number
    order = Order.objects.get()
    for reads, text in (("remark", SECRET), ("comment", TO_ASKER), ("declare", PUBLIC)):
        write(town, "desk", number, reads, text)
    address = f"/f/{follows.follow(order.pk.hex, 'k', '', timezone.now())}"
    page = Client().get(address).content.decode()
    assert PUBLIC in page
    for word in (SECRET, TO_ASKER, "李阿姨", "desk"):
        assert word not in page
    actions.undo(number, town["desk"])
    assert PUBLIC not in Client().get(address).content.decode()
