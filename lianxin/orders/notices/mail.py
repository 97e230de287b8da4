"""Hands a mail to the deployment's own server, over TLS where its address says so."""

from __future__ import annotations

import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate
from urllib.parse import unquote, urlsplit

from django.conf import settings

from lianxin.orders.notices.gateway import Carrier, Permanent, Temporary

PATIENCE_S = 15.0
PORTS = {"smtp": 25, "starttls": 587, "smtps": 465}


@dataclass(frozen=True, slots=True)
class Mail:
    """`url`: smtp://, starttls:// or smtps://user:password@host:port. A password is sent over a
    line that is not sealed only where the address says smtp:// in so many words."""

    url: str
    sender: str
    patience_s: float = PATIENCE_S
    trust: ssl.SSLContext | None = None

    def send(self, to: str, text: str, key: str, subject: str = "") -> str:
        """Raises Temporary: server away, busy, or our password wrong (an operator mends that).
        Permanent: the recipient or the mail is refused for good."""
        try:
            self._hand_over(self._mail(to, text, key, subject))
        except smtplib.SMTPRecipientsRefused as no:
            codes = [code for code, _ in no.recipients.values()]
            raise verdict(codes[0] if codes else 550) from no
        except (smtplib.SMTPAuthenticationError, smtplib.SMTPConnectError) as no:
            raise Temporary(f"smtp_{no.smtp_code}") from no
        except smtplib.SMTPResponseException as no:
            raise verdict(no.smtp_code) from no
        except (OSError, smtplib.SMTPException) as failed:
            raise Temporary(failed.__class__.__name__) from failed
        except ValueError as wrong:  # a line feed where none may be
            raise Permanent("no_letter") from wrong
        return self.name(key)

    def name(self, key: str) -> str:
        """The letter's own name: the same at each try, so that a reader's program shows it once."""
        return f"<{key}@{self.sender.rpartition('@')[2].rstrip('>')}>"

    def _hand_over(self, mail: EmailMessage) -> None:
        line = self._line()
        try:
            line.send_message(mail)
        finally:
            with suppress(OSError, smtplib.SMTPException):  # it is sent, or it is not: said above
                line.quit()
            line.close()

    def _mail(self, to: str, text: str, key: str, subject: str) -> EmailMessage:
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = self.sender, to, subject
        mail["Date"] = formatdate()
        mail["Message-ID"] = self.name(key)
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(text, charset="utf-8")
        return mail

    def _line(self) -> smtplib.SMTP:
        where = urlsplit(self.url)
        host, port = where.hostname or "", where.port or PORTS[where.scheme]
        trust = self.trust or ssl.create_default_context()
        line: smtplib.SMTP
        if where.scheme == "smtps":
            line = smtplib.SMTP_SSL(host, port, timeout=self.patience_s, context=trust)
        else:
            line = smtplib.SMTP(host, port, timeout=self.patience_s)
        try:
            if where.scheme == "starttls":
                line.starttls(context=trust)
            if where.username:
                line.login(unquote(where.username), unquote(where.password or ""))
        except (OSError, smtplib.SMTPException):
            line.close()
            raise
        return line


def verdict(code: int) -> Temporary | Permanent:
    """4xx: later; 5xx: never (RFC 5321, 4.2.1)."""
    return Permanent(f"smtp_{code}") if code >= 500 else Temporary(f"smtp_{code}")


def mail() -> Carrier | None:
    """The carrier of mails, if this deployment has one."""
    return Mail(settings.SMTP_URL, settings.MAIL_FROM) if settings.SMTP_URL else None
