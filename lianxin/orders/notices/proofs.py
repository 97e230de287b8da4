"""The mail by which somebody confirms that an address is theirs: sent once, nothing else in it."""

from __future__ import annotations

import logging
from datetime import datetime

from django.conf import settings

from lianxin.orders import follow_mail, pace
from lianxin.orders.models import Follow
from lianxin.orders.notices.gateway import Permanent, Temporary
from lianxin.orders.notices.mail import mail
from lianxin.orders.notices.sentence import around
from lianxin.orders.queue import put
from lianxin.place import place
from lianxin.registry import secret
from lianxin.registry.actions.mail_proofs import begin_mail, proof_to_send
from lianxin.registry.actions.stamp import Stamp
from lianxin.registry.models import Person
from lianxin.registry.phone_rules import bound

log = logging.getLogger("lianxin.notices")
HOUR_S = 3600
LANG = "zh"  # of whoever has no account, in mails as in messages


def ask(stamp: Stamp, person: Person, address: str) -> None:
    """Have the link sent there. Raises NotPossible: bad_mail, no_mail."""
    from lianxin.orders.jobs import send_proof

    begin_mail(stamp, person, address)
    put(send_proof.configure().make_new_job(person=person.pk))


def ask_follower(row: Follow, address: str, now: datetime) -> None:
    """The same for somebody who follows without account. Raises NotPossible: bad_mail, no_mail."""
    from lianxin.orders.jobs import send_follow_proof

    follow_mail.begin(row, address, now)
    put(send_follow_proof.configure().make_new_job(follow=row.pk))


def send(key: int, now: datetime) -> bool:
    """Hand it to the mail server, once: whoever waits in vain asks for another."""
    going = proof_to_send(key, now) if mail() else None
    if going is None:
        return False
    person, address, own = going
    lang = "en" if person.language == "en" else LANG
    return hand_over(address, "proof", f"/account/mail/{own}", lang)


def send_follower(key: int, now: datetime) -> bool:
    """The same; so many an hour from this house, since anybody may ask and type any address."""
    going = follow_mail.to_send(key, now) if mail() else None
    if going is None:
        return False
    if pace.count("mails.sent", "house", HOUR_S)[0] > bound("per_house"):
        log.warning("proof for a follower not sent: %s an hour are enough", bound("per_house"))
        return False
    address, own = going
    return hand_over(address, "follow_proof", f"/follows/mail/{own}", LANG)


def hand_over(address: str, words: str, path: str, lang: str) -> bool:
    carrier = mail()
    assert carrier  # asked before the link was given out
    house = place() or {"zh": "连心", "en": "Lianxin"}[lang]
    text = f"{around(words, lang, place=house)}\n\n{settings.PUBLIC_URL}{path}\n"
    name = f"lianxin-proof-{secret.blind('proof.key', path.rpartition('/')[2])}"
    try:
        carrier.send(address, text, name, around(f"subject_{words}", lang, place=house))
    except (Temporary, Permanent) as no:
        log.warning("proof of a mail address: %s", no)
        return False
    return True
