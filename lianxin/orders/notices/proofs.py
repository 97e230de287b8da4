"""The mail by which somebody confirms that an address is theirs: sent once, nothing else in it."""

from __future__ import annotations

import logging
from datetime import datetime

from django.conf import settings

from lianxin.orders.notices.gateway import Permanent, Temporary
from lianxin.orders.notices.mail import mail
from lianxin.orders.notices.sentence import around
from lianxin.orders.saying import one_database
from lianxin.place import place
from lianxin.registry import secret
from lianxin.registry.actions.mail_proofs import begin_mail, proof_to_send
from lianxin.registry.actions.stamp import Stamp
from lianxin.registry.models import Person

log = logging.getLogger("lianxin.notices")


def ask(stamp: Stamp, person: Person, address: str) -> None:
    """Have the link sent there. Raises NotPossible: bad_mail, no_mail."""
    from lianxin.orders.jobs import send_proof

    begin_mail(stamp, person, address)
    with one_database():
        send_proof.defer(person=person.pk)


def send(key: int, now: datetime) -> bool:
    """Hand it to the mail server, once: whoever waits in vain asks for another."""
    carrier = mail()
    going = proof_to_send(key, now) if carrier else None
    if carrier is None or going is None:
        return False
    person, address, own = going
    lang = "en" if person.language == "en" else "zh"
    house = place() or {"zh": "连心", "en": "Lianxin"}[lang]
    said = around("proof", lang, place=house)
    text = f"{said}\n\n{settings.PUBLIC_URL}/account/mail/{own}\n"
    name = f"lianxin-proof-{secret.blind('proof.key', own)}"
    try:
        carrier.send(address, text, name, around("subject_proof", lang, place=house))
    except (Temporary, Permanent) as no:
        log.warning("proof of a mail address: %s", no)
        return False
    return True
