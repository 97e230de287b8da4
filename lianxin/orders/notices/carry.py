"""Carries one notice to one reader: once, by day, and only what they may see at that moment.

The row is locked while the carrier is asked, and what came of it is written in the same
transaction. Should we die in between, the job comes back and sends the same words under the same
key: a carrier that honours keys sends nothing twice.
"""

from __future__ import annotations

import base64
import logging
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction

from lianxin.orders import links
from lianxin.orders.follows import short_of
from lianxin.orders.models import Channel, Delivery, Link, State
from lianxin.orders.notices import address
from lianxin.orders.notices.gateway import Carrier, Permanent, Temporary, gateway
from lianxin.orders.notices.mail import mail
from lianxin.orders.notices.plan import READ, enqueue, go_on, kind_of
from lianxin.orders.notices.rules import awake
from lianxin.orders.notices.sentence import Facts, around, look_up, sentence, told
from lianxin.orders.notices.sight import sees
from lianxin.orders.notices.ways import OFFICE
from lianxin.orders.receivers import life, receiver
from lianxin.place import place
from lianxin.registry import secret
from lianxin.registry.models import Person
from lianxin.registry.phone_rules import mobile

log = logging.getLogger("lianxin.notices")
WAITS_MIN = (1, 5, 15, 60, 240)  # before each further try; then another way is sought
LINK_LIFE = timedelta(days=30)  # of a link that travels in a message
UNSEEN, GONE = "unseen", "no_address"


def carry(pk: int, now: datetime) -> None:
    """Make one delivery, if it is still to be made and its time has come."""
    with transaction.atomic():
        # Whoever holds the row is waited for: their change may be taken back, and then nobody
        # would come again before `look_again` does.
        found = Delivery.objects.select_for_update(of=("self",))
        row = found.select_related("notice", "person").filter(pk=pk, state=State.QUEUED).first()
        if row is None or row.channel == Channel.CALL:
            return
        facts = look_up([row.notice])[row.notice_id]
        if postponed(row, facts, now):
            return
        if why := barred(row, now):
            end(row, State.DROPPED, why, now)
        else:
            attempt(row, facts, now)


def postponed(row: Delivery, facts: Facts, now: datetime) -> bool:
    """Not before its time, and not at night: a job may be late, or have been put off."""
    quiet = kind_of(facts, row.person, now) != "urgent"
    at = max(row.next_at or now, awake(now) if quiet else now)
    if at > now:
        again(row, at)
    return at > now


def barred(row: Delivery, now: datetime) -> str:
    """Why this is not to be said to this reader any more, "" if nothing speaks against it."""
    if row.notice.read or row.notice.dropped:
        return READ if row.notice.read else row.notice.dropped
    return "" if sees(row.notice, row.person, now) else UNSEEN


def attempt(row: Delivery, facts: Facts, now: datetime) -> None:
    carrier, to = carrier_of(row), address_of(row, facts)
    if carrier is None or not to:
        end(row, State.FAILED, GONE, now)
        go_on(facts, row.person, now, after=row.channel)
        return
    row.tries += 1
    try:
        ref = carrier.send(to, *letter(row, facts, now))
    except Permanent as no:
        fail(row, facts, State.REFUSED, str(no), now)
    except Temporary as no:
        if row.tries > len(WAITS_MIN):
            fail(row, facts, State.FAILED, str(no), now)
        else:
            row.why = str(no)[:20]
            again(row, now + timedelta(minutes=WAITS_MIN[row.tries - 1]))
    else:
        row.ref = ref[:100]
        end(row, State.SENT, "", now)


def fail(row: Delivery, facts: Facts, state: State, why: str, now: datetime) -> None:
    """The reader is not left without: the next way is gone. The log says no address."""
    log.warning("delivery %s by %s %s: %s", row.pk, row.channel, state, why)
    end(row, state, why, now)
    go_on(facts, row.person, now, after=row.channel)


def again(row: Delivery, at: datetime) -> None:
    row.next_at = at
    row.save(update_fields=["next_at", "tries", "why"])
    enqueue(row)


def end(row: Delivery, state: State, why: str, now: datetime) -> None:
    row.state, row.why, row.done = state, why[:20], now
    row.save(update_fields=["state", "why", "done", "tries", "ref"])


# ── what is sent, and where ──────────────────────────────────────────────────────────────────────


def carrier_of(row: Delivery) -> Carrier | None:
    return gateway() if row.channel == Channel.SMS else mail()


def address_of(row: Delivery, facts: Facts) -> str:
    if row.channel == Channel.SMS:
        wrong = address.is_wrong(facts, row.person)
        return "" if wrong else mobile(address.phone(facts, row.person))
    return address.own_mail(facts, row.person)


def letter(row: Delivery, facts: Facts, now: datetime) -> tuple[str, str, str]:
    """Text, key and subject. The sentence, and the one link that its reader needs."""
    lang = language(row.person)
    said = sentence(facts, lang, short=row.channel == Channel.SMS)
    link = link_of(row, facts, now)
    key = f"lianxin-{secret.blind('delivery.key', name_of(row))}"
    if row.channel == Channel.SMS:
        return f"{said}{link}" if lang == "zh" else f"{said} {link}", key, ""
    known, kind = told(facts, lang), "_follow" if facts.notice.follow_id else ""
    house = place() or {"zh": "连心", "en": "Lianxin"}[lang]
    facts_of = {"place": house, "number": known["number"], "state": known["state"]}
    subject = around(f"subject{kind}", lang, **facts_of)
    return f"{said}\n\n{link}\n\n{around(f'why{kind}', lang)}\n", key, subject


def language(person: Person | None) -> str:
    return "en" if person and person.language == "en" else "zh"


def link_of(row: Delivery, facts: Facts, now: datetime) -> str:
    """Staff sign in and see what they may; an asker is let in by a link of their own, which is
    spent with the step where it asks for the mark."""
    if facts.notice.follow:
        return f"{settings.PUBLIC_URL}/f/{short_of(facts.notice.follow)}"
    if row.person is None and facts.notice.unit_id and kind_of(facts, None, now) != OFFICE:
        return link_of_unit(row, facts, now)
    if not facts.asker:
        return f"{settings.PUBLIC_URL}/orders/{facts.number}"
    party = facts.notice.party or party_of(facts)
    own = secret_of(row)
    rates = facts.page.states.get(facts.order.state or "")
    Link.objects.get_or_create(
        secret=links.digest(own),
        defaults={
            "order_id": UUID(facts.order.id), "party": party, "made": now, "until": now + LINK_LIFE,
            "once": bool(rates and rates.turn == party),
        },
    )  # fmt: skip
    return f"{settings.PUBLIC_URL}/o/{own}"


def link_of_unit(row: Delivery, facts: Facts, now: datetime) -> str:
    """A unit without account answers by a link of its own."""
    unit = str(facts.notice.unit_id)
    answers = receiver(facts.order.flow)
    assert answers  # nothing else is sent to a unit itself (plan.readers)
    hand = next(h for h in facts.order.party(answers.party) if h.who == unit)
    own = secret_of(row)
    links.make_for_unit(facts.order.id, answers.party, hand, now, now + life(), secret=own)
    return f"{settings.PUBLIC_URL}/u/{own}"


def party_of(facts: Facts) -> str:
    mine = str(facts.notice.person_id)
    return next(h.name for h in facts.order.hands if h.who == mine and not h.veiled)


def secret_of(row: Delivery) -> str:
    """The same at each try, so that the same key always carries the same words; 96 bits of what
    only the house's key can make, in 16 characters: a message has 70."""
    made = bytes.fromhex(secret.blind("delivery.link", name_of(row)))[:12]
    return base64.urlsafe_b64encode(made).decode()


def name_of(row: Delivery) -> str:
    """What no other delivery is called, not even one of the same number in a database put back from
    a copy."""
    return f"{row.notice.order_id.hex} {row.pk} {row.at.timestamp():.6f}"
