"""Mail through a real server on loopback: taken, refused, busy, away, and with a wrong password."""

import email
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import policy
from pathlib import Path

import pytest
from carriers import free_port, post_office
from cryptography import x509
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from notice_town import (
    NOON,
    PHONE,
    carry_all,
    nobodys,
    press,
    reach,
    say_all,
    ways,
    with_accounts,
)
from town import Town, settled

from lianxin.orders.models import Delivery
from lianxin.orders.notices import carry as carrying
from lianxin.orders.notices.gateway import Permanent, Temporary
from lianxin.orders.notices.mail import Mail
from lianxin.registry import secret
from lianxin.registry.actions import Stamp, add_person, change_person
from lianxin.registry.models import Entry, Person
from lianxin.registry.refusal import NotPossible

CLERK = "clerk@unit.example.org"


@pytest.fixture
def town(request: pytest.FixtureRequest) -> Iterator[Town]:
    with settled(request) as town:
        with_accounts(town)
        yield town


@pytest.fixture(autouse=True)
def noon(monkeypatch):
    monkeypatch.setattr("lianxin.orders.words.timezone.now", lambda: NOON)


def dispatched(town: Town) -> str:
    reach(town, "clerk", mail=CLERK)
    number = nobodys(town)
    press(town, number, "dispatch", "desk", unit=str(town.unit.pk))
    say_all(number)
    return number


def test_a_unit_with_an_address_is_written_to(town, settings):
    with post_office() as (post, port):
        settings.SMTP_URL, settings.MAIL_FROM = f"smtp://127.0.0.1:{port}", "lianxin@example.org"
        number = dispatched(town)
        carry_all()
    [letter] = post.letters
    assert letter.rcpt_tos == [CLERK]
    said = email.message_from_bytes(letter.content, policy=policy.default)
    assert (said["To"], said["From"]) == (CLERK, "lianxin@example.org")
    assert number in said["Subject"] and said["Auto-Submitted"] == "auto-generated"
    text = said.get_content()
    assert f"/orders/{number}" in text and "请在11月20日17:30前" in text
    assert PHONE not in text and "路灯" not in text
    assert ("mail", "sent", "") in ways(number)


def test_a_wrong_password_is_tried_again_until_somebody_mends_it(town, settings):
    with post_office(password="right") as (post, port):
        settings.SMTP_URL = f"smtp://house:wrong@127.0.0.1:{port}"
        number = dispatched(town)
        carry_all()
        row = Delivery.objects.get(channel="mail")
        assert (row.state, row.why, row.tries) == ("queued", "smtp_535", 1)
        assert post.letters == []
        settings.SMTP_URL = f"smtp://house:right@127.0.0.1:{port}"
        carrying.carry(row.pk, row.next_at)
    assert len(post.letters) == 1
    assert ("mail", "sent", "") in ways(number)


def test_a_refused_recipient_is_told_by_message_instead(town, settings):
    with post_office() as (post, port):
        post.refuses = (CLERK,)
        settings.SMTP_URL, settings.SMS_URL = f"smtp://127.0.0.1:{port}", "http://127.0.0.1:1/"
        number = dispatched(town)
        reach(town, "clerk", phone="13900000001", mail=CLERK)
        carry_all()
    assert ways(number) == [("mail", "refused", "smtp_550"), ("sms", "queued", "")]


def test_a_busy_server_and_one_that_is_away_are_asked_again(town, settings):
    with post_office() as (post, port):
        post.busy = True
        settings.SMTP_URL = f"smtp://127.0.0.1:{port}"
        number = dispatched(town)
        carry_all()
        assert ("mail", "queued", "smtp_451") in ways(number)
    row = Delivery.objects.get(channel="mail")
    carrying.carry(row.pk, row.next_at)
    row.refresh_from_db()
    assert (row.state, row.tries, row.why) == ("queued", 2, "ConnectionRefusedErr")


def test_nobody_there(settings):
    with pytest.raises(Temporary, match="ConnectionRefusedError"):
        Mail(f"smtp://127.0.0.1:{free_port()}", "a@example.org").send(CLERK, "一", "k", "s")


def test_a_line_feed_in_an_address_or_subject_writes_no_head(settings):
    with post_office() as (post, port), pytest.raises(Permanent, match="no_letter"):
        Mail(f"smtp://127.0.0.1:{port}", "a@example.org").send(
            "x@example.org\nBcc: all@example.org", "一", "k", "s"
        )
    assert post.letters == []


# ── sealed lines ─────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )  # fmt: skip
    return path


@pytest.fixture
def sealed(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def test_starttls_seals_the_line_before_the_password(certificate, sealed):
    trust = ssl.create_default_context(cafile=str(certificate))
    more = {"tls_context": sealed, "require_starttls": True, "auth_require_tls": True}
    with post_office(password="right", **more) as (post, port):
        line = f"starttls://house:right@localhost:{port}"
        Mail(line, "a@example.org", trust=trust).send(CLERK, "一", "k", "s")
        assert len(post.letters) == 1
        with pytest.raises(Temporary):
            Mail(line, "a@example.org").send(CLERK, "一", "k", "s")
        assert len(post.letters) == 1, "an unknown certificate is not trusted"


def test_a_server_without_tls_is_not_given_the_password():
    with post_office() as (post, port), pytest.raises(Temporary):
        Mail(f"starttls://house:right@127.0.0.1:{port}", "a@example.org").send(CLERK, "一", "k")
    assert post.letters == []


# ── the address in the register ──────────────────────────────────────────────────────────────────


@pytest.mark.django_db
def test_an_address_is_sealed_and_stays_out_of_the_log():
    stamp = Stamp(None, NOON)
    person = add_person(stamp, "李雪", mail=" li＠example.org ")
    row = Person.objects.get(pk=person.pk)
    assert row.mail == "li@example.org"
    assert b"example" not in bytes(row.mail_sealed)
    with pytest.raises(InvalidTag):
        secret.unseal(secret.PHONE, row.mail_sealed)
    assert change_person(stamp, row, mail="li@example.org") is False
    assert change_person(stamp, row, mail="xue@example.org") is True
    assert Person.objects.get(pk=row.pk).mail == "xue@example.org"
    assert "example" not in str(list(Entry.objects.values_list("before", "after")))


@pytest.mark.django_db
@pytest.mark.parametrize("bad", ["li", "li@", "@example.org", "li@example", "a@b.cn\nBcc: c@d.cn"])
def test_what_is_no_address_is_refused(bad):
    with pytest.raises(NotPossible, match="bad_mail"):
        add_person(Stamp(None, NOON), "李雪", mail=bad)
