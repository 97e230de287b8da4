"""The only code that writes to the registry: each change is one transaction with its entry."""

from lianxin.registry.actions.areas import (
    close_area,
    merge_area,
    open_area,
    rename_area,
    set_grid_code,
)
from lianxin.registry.actions.boundaries import publish_boundaries
from lianxin.registry.actions.buildings import add_building, add_door
from lianxin.registry.actions.people import add_person, change_person, set_password
from lianxin.registry.actions.posts import appoint, end_post, stand_in
from lianxin.registry.actions.stamp import Stamp
from lianxin.registry.actions.tokens import issue_token, revoke_token, token_hash
from lianxin.registry.actions.units import add_unit, change_unit, drop_duty, give_duty

__all__ = [
    "Stamp",
    "add_building",
    "add_door",
    "add_person",
    "add_unit",
    "appoint",
    "change_person",
    "change_unit",
    "close_area",
    "drop_duty",
    "end_post",
    "give_duty",
    "issue_token",
    "merge_area",
    "open_area",
    "publish_boundaries",
    "rename_area",
    "revoke_token",
    "set_grid_code",
    "set_password",
    "stand_in",
    "token_hash",
]
