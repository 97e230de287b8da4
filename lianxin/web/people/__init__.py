"""The four teams of a place, what is missing in them, and who takes a grid over."""

from lianxin.web.people.grids import grids_page
from lianxin.web.people.hand import hand
from lianxin.web.people.page import people

__all__ = ["grids_page", "hand", "people"]
