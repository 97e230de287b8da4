"""What is done after a step: notices to those it concerns, hours credited, things published.

Every job may run twice without harm: what it makes is unique by order, event and word, and a
delivery that is made stays made.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.utils import timezone
from procrastinate import JobContext
from procrastinate.contrib.django import app

from lianxin.orders import follow_mail, follows, pace, photos
from lianxin.orders.models import Channel, Delivery, State
from lianxin.orders.notices import calls, codes, proofs
from lianxin.orders.notices import carry as carrying
from lianxin.orders.notices.plan import enqueue
from lianxin.orders.words import perform
from lianxin.registry.actions import clear_codes
from lianxin.registry.imports import leaving

LOST_AFTER = timedelta(minutes=10)  # a delivery that is due for so long has lost its job
DEAD_AFTER_S = 60  # without a heartbeat, of which a worker has one in ten seconds
AT_ONCE = 500


@app.periodic(cron="17 3 * * *")
@app.task(name="orders.tidy", queueing_lock="orders.tidy")
def tidy(timestamp: int) -> None:
    """What is needed no longer goes: photos that became part of no order, old counts, phones
    and addresses of those who followed what has ended."""
    photos.throw_away_loose(datetime.fromtimestamp(timestamp, UTC))
    pace.throw_away_old()
    follows.forget_contacts()


@app.periodic(cron="* * * * *")
@app.task(name="orders.clear", queueing_lock="orders.clear")
def clear(timestamp: int) -> None:
    """Whoever a large import had made is taken out of the register once it was taken back."""
    leaving.clear(timezone.now())


@app.task(name="orders.say", retry=5)
def say(order: str, nth: int, words: list[str]) -> None:
    """One word that fails keeps none of the others waiting; then all of them come back."""
    troubles: list[Exception] = []
    for word in words:
        try:
            perform(UUID(order), nth, word)
        except Exception as failed:
            troubles.append(failed)
    if troubles:
        raise ExceptionGroup(f"of event {nth} not all was said", troubles)


@app.task(name="orders.carry", retry=5, priority=-1)
def carry(delivery: int) -> None:
    """One message or mail; when to try again is decided there. A gateway that dawdles keeps no
    notice waiting: words go first."""
    carrying.carry(delivery, timezone.now())


@app.task(name="orders.send_code", priority=1)
def send_code(code: int) -> None:
    """A code to a phone, whose owner stands there and waits. Nothing is tried twice."""
    codes.send(code, timezone.now())


@app.task(name="orders.send_proof", priority=1)
def send_proof(person: int) -> None:
    """The link by which somebody confirms their address for mail. Nothing is tried twice."""
    proofs.send(person, timezone.now())


@app.task(name="orders.send_follow_proof", priority=1)
def send_follow_proof(follow: int) -> None:
    """The same for somebody who follows without account."""
    proofs.send_follower(follow, timezone.now())


@app.periodic(cron="*/2 * * * *")
@app.task(name="orders.come_back", queueing_lock="orders.come_back", pass_context=True)
async def come_back(context: JobContext, timestamp: int) -> None:
    """Jobs of a worker that was killed come back: until then they would hold up all that an order
    has to say after them."""
    assert context.app
    for job in await context.app.job_manager.get_stalled_jobs(seconds_since_heartbeat=DEAD_AFTER_S):
        await context.app.job_manager.retry_job(job)


@app.periodic(cron="*/10 * * * *")
@app.task(name="orders.look_again", queueing_lock="orders.look_again")
def look_again(timestamp: int) -> None:
    """Deliveries whose job was lost get another; calls go along with their orders; codes and
    addresses that were not proven in time are gone."""
    due = timezone.now() - LOST_AFTER
    lost = Delivery.objects.filter(state=State.QUEUED, next_at__lt=due)
    for row in lost.exclude(channel=Channel.CALL).order_by("next_at")[:AT_ONCE]:
        enqueue(row)
    calls.rehome()
    clear_codes(timezone.now())
    follow_mail.clear(timezone.now())
