"""A code goes to a phone: once, and only where the house has a reason to send one there.

The page that asks for it makes a row and a job, whatever the phone: it takes as long and says the
same for a phone nobody knows. Whether anything is sent is decided here, behind it.
"""

from __future__ import annotations

import logging
from datetime import datetime

from lianxin.orders import pace
from lianxin.orders.by_phone import known
from lianxin.orders.notices.gateway import Permanent, Temporary, gateway
from lianxin.orders.queue import put
from lianxin.registry.actions import Going, begin_code, to_send
from lianxin.registry.actions.phone_codes import SEE
from lianxin.registry.phone_rules import bound, message

log = logging.getLogger("lianxin.notices")
HOUR_S = 3600
LANG = "zh"  # whose phone it is we do not know; one message of 70 signs holds one language


def ask(what: str, phone: str, now: datetime) -> int:
    """Have a code sent to this phone; the key of its row, to be kept by whoever asked."""
    from lianxin.orders.jobs import send_code

    row = begin_code(what, phone, now)
    put(send_code.configure().make_new_job(code=row.pk))
    return int(row.pk)


def send(key: int, now: datetime) -> bool:
    """Hand it to the carrier, once: where the answer is lost we do not know whether it was taken,
    and ask for no second one. Whoever waits in vain asks for another code."""
    carrier = gateway()
    going = to_send(key, now) if carrier else None
    if carrier is None or going is None or not wanted(going):
        return False
    if pace.count("codes.sent", "house", HOUR_S)[0] > bound("per_house"):
        log.warning("code %s not sent: %s an hour are enough", key, bound("per_house"))
        return False
    try:
        carrier.send(going.phone, message(going.what, LANG, going.code), going.key)
    except (Temporary, Permanent) as no:
        log.warning("code %s: %s", key, no)
        return False
    return True


def wanted(going: Going) -> bool:
    """A code to see one's requests goes only where a request came from: nobody can make this house
    ring strangers."""
    return going.what != SEE or known(going.phone)
