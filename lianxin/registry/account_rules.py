"""The rules for accounts (params/accounts.toml), and what a password must be."""

from __future__ import annotations

import tomllib
from functools import cache
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from lianxin.registry import roles
from lianxin.registry.models import Person
from lianxin.registry.refusal import NotPossible
from lianxin.registry.tables import text_of

# What Django's validators say, by their codes; one sentence each stands in words/account.toml.
FAULTS = {
    "password_too_short": "short",
    "password_too_common": "common",
    "password_too_similar": "similar",
    "password_entirely_numeric": "numeric",
}


def rule(name: str) -> Any:
    return _rules(text_of("accounts.toml"))[name]


@cache
def _rules(text: str) -> dict[str, Any]:
    """ValueError for a role that is not in roles.toml: a typing error must not open a door."""
    rows = tomllib.loads(text)
    known = roles.all_roles()
    for name in ("second_step", "desk_keeps"):
        if odd := set(rows[name]) - set(known):
            raise ValueError(f"accounts.toml: {name} names {sorted(odd)}, which are no roles")
    return rows


def faults(password: str, person: Person) -> list[str]:
    """What is wrong with a password for this person: names of sentences, none when it will do."""
    try:
        validate_password(password, person)
    except ValidationError as wrong:
        return [FAULTS.get(str(fault.code), "common") for fault in wrong.error_list]
    return []


def must_be_good(password: str, person: Person) -> None:
    """Raises NotPossible("bad_password"); whoever asked first (`faults`) never sees it."""
    if found := faults(password, person):
        raise NotPossible("bad_password", why=found[0])
