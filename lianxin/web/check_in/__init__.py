"""Dual check-in: a member's own page, the clerk's list, a unit and its communities, what is thanked
for."""

from lianxin.web.check_in.certificate import certificate, own_certificate
from lianxin.web.check_in.clerk import check_in_of, check_ins
from lianxin.web.check_in.communities import communities, partners
from lianxin.web.check_in.letter import letter
from lianxin.web.check_in.own import leave, mine, move, tasks

__all__ = [
    "certificate",
    "check_in_of",
    "check_ins",
    "communities",
    "leave",
    "letter",
    "mine",
    "move",
    "own_certificate",
    "partners",
    "tasks",
]
