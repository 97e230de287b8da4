"""The leader's and the supervisor's day: counts by place, what is late, each open to its rows."""

from lianxin.web.board.page import board, late
from lianxin.web.board.sheet import board_sheet

__all__ = ["board", "board_sheet", "late"]
