"""The only code that writes to the registry: each change is one transaction with its entry."""

from lianxin.registry.actions.accounts import accept, invite, invited, open_again, reset, shut
from lianxin.registry.actions.areas import (
    close_area,
    merge_area,
    open_area,
    open_top,
    rename_area,
    set_grid_code,
    set_office,
)
from lianxin.registry.actions.boundaries import publish_boundaries
from lianxin.registry.actions.buildings import add_building, add_door
from lianxin.registry.actions.people import (
    add_person,
    change_person,
    mail_address,
    set_password,
)
from lianxin.registry.actions.phone_codes import (
    Going,
    begin_code,
    clear_codes,
    phone_waiting,
    prove_phone,
    to_send,
)
from lianxin.registry.actions.posts import appoint, end_post, stand_in
from lianxin.registry.actions.second_step import (
    begin_second,
    begun_second,
    codes_left,
    confirm_second,
    drop_second,
    has_second,
    renew_codes,
    take_code,
)
from lianxin.registry.actions.stamp import Stamp
from lianxin.registry.actions.tokens import issue_token, revoke_token, token_hash
from lianxin.registry.actions.units import add_unit, change_unit, drop_duty, give_duty
from lianxin.registry.actions.vetting import after, unvet, vet

__all__ = [
    "Going",
    "Stamp",
    "accept",
    "add_building",
    "add_door",
    "add_person",
    "add_unit",
    "after",
    "appoint",
    "begin_code",
    "begin_second",
    "begun_second",
    "change_person",
    "change_unit",
    "clear_codes",
    "close_area",
    "codes_left",
    "confirm_second",
    "drop_duty",
    "drop_second",
    "end_post",
    "give_duty",
    "has_second",
    "invite",
    "invited",
    "issue_token",
    "mail_address",
    "merge_area",
    "open_again",
    "open_area",
    "open_top",
    "phone_waiting",
    "prove_phone",
    "publish_boundaries",
    "rename_area",
    "renew_codes",
    "reset",
    "revoke_token",
    "set_grid_code",
    "set_office",
    "set_password",
    "shut",
    "stand_in",
    "take_code",
    "to_send",
    "token_hash",
    "unvet",
    "vet",
]
