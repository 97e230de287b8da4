"""`/rolls`: the registers of people, each a page that narrows and sorts, a sheet out and in."""

from lianxin.web.rolls.hub import rolls_page
from lianxin.web.rolls.page import roll_page
from lianxin.web.rolls.sheet import roll_sheet
from lianxin.web.rolls.take import roll_take, roll_undo

__all__ = ["roll_page", "roll_sheet", "roll_take", "roll_undo", "rolls_page"]
