"""A property company without account, on its own phone, with the desk that hands the order out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from conftest import Live
from filing import photo
from test_web_desk_story import WIDE, accessible
from test_web_received import PHONE, TEXT, handed, ready, state
from town import Town, settled
from web_town import picture


@pytest.fixture
def town(request: pytest.FixtureRequest, live: Live) -> Iterator[Town]:
    with settled(request) as town:
        yield ready(town)


@pytest.mark.parametrize("size", [{}, WIDE], ids=["phone", "desktop"])
def test_a_property_company_answers_from_the_street(
    town: Town, pages: Callable[..., Any], open_as: Callable[..., Any], size: Any
) -> None:
    number = handed(town, photo=[picture(town.people["resident"])])
    desk = open_as("desk", bypass_csp=True, **size)
    address = handed_out(desk, number)

    company, other = pages(bypass_csp=True, **size), pages(**size)
    company.goto(address)
    assert TEXT in company.inner_text("main")
    assert PHONE not in company.content()
    good(company)
    other.goto(f"{address}/back")
    company.click("text=办完了")
    company.click("form .main")  # nothing said yet: told what is missing
    company.wait_for_selector(".errors")
    good(company)
    says_it_is_done(company)
    company.wait_for_selector("text=答复收到了")
    good(company)

    other.fill("[name=reason]", "不归我们")
    other.fill("[name=_who]", "李四")
    other.click("form .main")
    other.wait_for_selector("text=没有记下")
    assert "不归我们" in other.inner_text("main"), "what was written is there to be kept"
    assert state(number) == "done"
    desk.goto(f"/orders/{number}")
    assert "明达物业（张师傅，凭链接）" in desk.inner_text(".story")


def handed_out(desk: Any, number: str) -> str:
    """The desk makes a link and looks at the sheet. Gives the address."""
    desk.goto(f"/orders/{number}")
    desk.click(f"aside a[href='/orders/{number}/receiver']")
    good(desk)
    desk.click("form[action$=give_link] .main")
    desk.wait_for_selector("figure.ticket img")
    good(desk)
    address = str(desk.get_attribute(".link a", "href"))
    desk.goto(f"{address}/sheet")
    desk.wait_for_selector(".sheet.handout")
    good(desk)
    return address


def says_it_is_done(company: Any) -> None:
    company.check("[name=outcome][value=solved]")
    company.fill("[name=text]", "换了灯管")
    shot = {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": photo().read()}
    company.set_input_files("[name=photo]", shot)
    company.fill("[name=_who]", "张师傅")
    company.click("form .main")


def good(page: Any) -> None:
    """Nothing is scrolled sideways, and axe finds nothing."""
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    accessible(page)


@pytest.mark.parametrize("size", [{}, WIDE], ids=["phone", "desktop"])
def test_the_desk_copies_what_was_written_by_hand(
    town: Town, open_as: Callable[..., Any], size: Any
) -> None:
    number = handed(town)
    desk = open_as("desk", bypass_csp=True, **size)
    desk.goto(f"/orders/{number}/receiver")
    desk.click("text=不归我们")
    desk.click("form .main")
    desk.wait_for_selector(".errors")
    good(desk)
    desk.fill("[name=reason]", "不在我们小区")
    desk.fill("[name=_who]", "李工")
    desk.click("form .main")
    desk.wait_for_url(f"**/orders/{number}")
    assert "明达物业（李工，纸上答复，desk代录）" in desk.inner_text(".story")
    assert state(number) == "returned"
