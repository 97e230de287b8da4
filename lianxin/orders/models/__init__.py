"""Orders and what belongs to them, one concept a file."""

from lianxin.orders.models.content import Content
from lianxin.orders.models.event import Event
from lianxin.orders.models.hand import Hand
from lianxin.orders.models.link import Link
from lianxin.orders.models.notice import Notice
from lianxin.orders.models.order import Order, OrderPath
from lianxin.orders.models.page import UsedPage
from lianxin.orders.models.photo import Photo
from lianxin.orders.models.tally import Tally

__all__ = [
    "Content",
    "Event",
    "Hand",
    "Link",
    "Notice",
    "Order",
    "OrderPath",
    "Photo",
    "Tally",
    "UsedPage",
]
