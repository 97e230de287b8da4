"""The table of organisations: a broken one stops the start, with the key and the reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from lianxin.registry import organisations
from lianxin.registry.organisations import BrokenTable, read
from lianxin.registry.tables import SHIPPED, text_of
from lianxin.trouble import Trouble

TEXT = (SHIPPED / "organisations.toml").read_text("utf-8")


def test_the_table_as_it_is_shipped() -> None:
    table = organisations.organisations()
    assert list(table.kinds) == ["community", "branch", "group", "household"]
    assert (table.kinds["branch"].members, table.kinds["household"].covers) == (3, 1)
    assert table.kinds["group"].covers is None
    firsts = [table.first_office(kind) for kind in table.kinds]
    assert firsts == ["secretary", "secretary", "head", "host"]
    assert (table.soon, table.work) == (90, 90)


BROKEN = [
    ('at = ["quarter"]', 'at = ["village"]', "kinds.branch.at"),
    ('under = ["group"]', 'under = ["cell"]', "kinds.household.under"),
    ('under = ["community"]', 'under = ["branch"]', "kinds.branch.under"),
    ("members = 3", 'members = "3"', "kinds.branch.members"),
    ('named = "{area}党支部"', 'named = "党支部"', "kinds.branch.named"),
    ('zh = "楼栋党小组", ', "", "kinds.group"),
    ("admits = true", "admit = true", "kinds.community.admit"),
    ('of = ["household"]', 'of = ["home"]', "offices.host.of"),
    ('of = ["group"], one = true', 'of = ["group"]', "offices.head.one"),
    ('of = ["household"], one = true, years = 3', 'of = ["household"], one = true, years = 0',
     "offices.host.years"),
    ("work = 90", "work = 0", "days.work"),
    ("soon = 90", "early = 90", "days.early"),
    ("[days]", "[day]", "days"),
    ("head      = {", "chief     = {", "offices.chief.one"),
]  # fmt: skip


@pytest.mark.parametrize(("was", "now", "key"), BROKEN)
def test_a_broken_table_names_the_key_and_the_reason(was: str, now: str, key: str) -> None:
    assert was in TEXT
    with pytest.raises(BrokenTable) as no:
        read(TEXT.replace(was, now, 1))
    assert no.value.key == key
    assert no.value.zh and no.value.en


def test_a_deployments_broken_table_stops_in_both_languages(
    tmp_path: Path, settings: object
) -> None:
    text = TEXT.replace("work = 90", "work = -1")
    (tmp_path / "organisations.toml").write_text(text, "utf-8")
    settings.PARAMS = tmp_path
    assert text_of("organisations.toml") == text
    with pytest.raises(Trouble) as no:
        organisations.organisations()
    zh, en = str(no.value).split("\n")
    assert "days.work" in zh and "days.work" in en and "whole number" in en
