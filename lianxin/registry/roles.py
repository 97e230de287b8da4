"""The kinds of post there are (params/roles.toml)."""

from __future__ import annotations

import tomllib
from functools import cache

from lianxin.core.flow import parts
from lianxin.core.flow.page import Role
from lianxin.registry.tables import text_of


def all_roles() -> dict[str, Role]:
    """Roles by name. The loader of the flow pages is who complains about the table."""
    return _roles(text_of("roles.toml"))


@cache
def _roles(text: str) -> dict[str, Role]:
    rows = tomllib.loads(text)["roles"]
    return {name: parts.role(name, row) for name, row in rows.items()}
