"""Every link and code that leaves the house bears the address people know, not the machine's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import segno
from django.conf import settings as conf
from django.test import Client
from django.utils import timezone
from filing import Filing, at_a_door
from town import GRID, Town
from web_town import as_

import lianxin
from lianxin.cli import run
from lianxin.demo import cast
from lianxin.registry.actions import Stamp

HOUSE = Path(lianxin.__file__).resolve().parent
PUBLIC = "https://lianxin.example.org"
# A code for an authenticator names no address; every other one leads to the house.
NO_ADDRESS = "otpauth://"


@pytest.fixture
def town(request: pytest.FixtureRequest, settings: Any) -> Iterator[Town]:
    settings.PUBLIC_URL = PUBLIC
    with at_a_door(request) as town:
        yield town


@pytest.fixture
def drawn(monkeypatch: Any) -> list[str]:
    """What is drawn as a code to scan."""
    texts: list[str] = []
    make = segno.make
    monkeypatch.setattr(segno, "make", lambda text, **how: texts.append(text) or make(text, **how))
    return texts


def test_nobody_asks_a_request_where_the_house_is() -> None:
    """A request says what its sender likes: its host is compared, never repeated."""
    asks = re.compile(r"build_absolute_uri|get_current_site|\.get_host\(|META\[.HTTP_HOST")
    found = {
        str(path.relative_to(HOUSE))
        for path in [*HOUSE.rglob("*.py"), *HOUSE.rglob("*.html")]
        if asks.search(path.read_text("utf-8"))
    }
    assert found == {"web/switches.py"}  # compares an address that leads back


def test_whoever_draws_a_code_knows_the_address() -> None:
    """`pictures.py` draws what it is given, `entering.py` what only an authenticator reads."""
    drawing = [
        p for p in HOUSE.rglob("*.py") if re.search(r"segno\.make\(|picture_of\(", p.read_text())
    ]
    assert len(drawing) > 8
    silent = {p.name for p in drawing if "PUBLIC_URL" not in p.read_text("utf-8")}
    assert silent == {"pictures.py", "entering.py"}


def test_every_code_and_link_on_the_pages(town: Town, drawn: list[str]) -> None:
    walk = Filing()
    walk.what()
    walk.where()
    sent = walk.send()
    pages = [walk.client.get(sent["Location"])]
    slip = re.search(r'href="(/o/[^"]+/slip)"', pages[0].content.decode())
    pages.append(walk.client.get(slip[1]))
    desk = as_(town, "desk")
    pages.append(desk.post(f"/accounts/{town.people['worker'].pk}/invite"))
    pages.append(desk.post("/accounts/new", {"name": "新", "role": "grid_worker", "area": GRID}))
    pages.append(desk.get("/account/phone"))
    assert [p.status_code for p in pages] == [200] * 5
    codes = [text for text in drawn if not text.startswith(NO_ADDRESS)]
    assert len(codes) == 4
    assert len(drawn) == 5
    assert [text for text in codes if not text.startswith(f"{PUBLIC}/")] == []
    html = "".join(p.content.decode() for p in pages)
    assert f"{PUBLIC}/o/" in html
    assert f"{PUBLIC}/join/" in html
    assert not re.search(r"https?://(?:testserver|localhost|127\.0\.0\.1)", html)


def test_every_code_and_link_at_the_terminal(
    town: Town, drawn: list[str], monkeypatch: Any, capsys: Any, tmp_path: Path
) -> None:
    from lianxin.registry.actions import invite
    from lianxin.web.account.invitations import lines

    monkeypatch.setattr(conf, "VAR", tmp_path)
    print(*lines(*invite(Stamp(None, timezone.now()), town.people["worker"])), sep="\n")
    run.greet()
    cast.file().write_text('{"link": "s%s", "door": "door23456789"}' % ("x" * 31))
    print(*cast.lines(), sep="\n")
    told = capsys.readouterr().out
    assert len(drawn) == 3
    assert [text for text in drawn if not text.startswith(f"{PUBLIC}/")] == []
    assert set(re.findall(r"https?://[\w.:]+", told)) == {PUBLIC}


def test_a_foreign_host_gets_no_page_and_no_link(town: Town) -> None:
    assert Client().get("/", headers={"host": "elsewhere.example"}).status_code == 400
