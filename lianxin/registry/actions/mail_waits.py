"""An address for mail waits until the link that went there is pressed, whoever gave it.

Until then nothing else goes to it: by a mistyped address a stranger would read somebody's notices.
No secret is kept: each is made anew from its row under the house's key, so that no queue holds it.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import models

from lianxin.registry import secret
from lianxin.registry.actions.people import mail_address
from lianxin.registry.refusal import NotPossible

LASTS = timedelta(days=1)
BYTES = 15  # of what only the house's key can make, in 20 characters


@dataclass(frozen=True, slots=True)
class MailWaits:
    """Rows of `model`, one for each `owner` (its primary key): `mail_sealed`, `hash` of the secret
    of the link, `until`, `sent`. `field` and `link`: under which names an address is sealed and a
    secret is made, so that none of one kind opens anything of another."""

    model: type[models.Model]
    owner: str
    field: str
    link: str

    def begin(self, owner: models.Model, mail: str, now: datetime) -> Any:
        """An address that waits; one that waited before is over. Refuses: bad_mail, no_mail."""
        plain, until = mail_address(mail), now + LASTS
        if not plain:
            raise NotPossible("no_mail")
        row, _ = self.model._default_manager.update_or_create(
            **{self.owner: owner},
            defaults={
                "mail_sealed": secret.seal(self.field, plain), "until": until, "sent": None,
                "hash": digest(self.made(owner.pk, plain, until)),
            },
        )  # fmt: skip
        return row

    def waiting(self, owner: models.Model, now: datetime) -> str:
        """The address that waits to be confirmed, "" if none does."""
        row = self._lasting(now).filter(pk=owner.pk).first()
        return self.mail_of(row) if row else ""

    def to_send(self, key: int, now: datetime) -> tuple[Any, str, str] | None:
        """(row, address, secret of the link), given out once; None if it is over or on its way."""
        row = self._lasting(now).select_related(self.owner).filter(pk=key).first()
        sending = self.model._default_manager.filter(pk=key, sent=None)
        if row is None or not sending.update(sent=now):
            return None
        mail = self.mail_of(row)
        return row, mail, self.made(key, mail, row.until)

    def asked_by(self, given: str, now: datetime) -> models.QuerySet[Any]:
        """The row that a link from such a mail confirms, while it lasts."""
        return self._lasting(now).filter(hash=digest(given))

    def hold(self, given: str) -> None:
        """Whoever presses the same link in this second waits."""
        self.model._default_manager.select_for_update().filter(hash=digest(given)).first()

    def mail_of(self, row: Any) -> str:
        return secret.unseal(self.field, row.mail_sealed)

    def made(self, key: int, mail: str, until: datetime) -> str:
        """The secret of a link."""
        mark = secret.blind(self.link, f"{key} {mail} {until.timestamp():.6f}")
        return base64.urlsafe_b64encode(bytes.fromhex(mark)[:BYTES]).decode()

    def _lasting(self, now: datetime) -> models.QuerySet[Any]:
        return self.model._default_manager.filter(until__gt=now)


def digest(given: str) -> str:
    return hashlib.sha256(given.encode()).hexdigest()
