"""Orders and what belongs to them, one concept a file."""

from lianxin.orders.models.answered import Answered
from lianxin.orders.models.content import Content
from lianxin.orders.models.delivery import Channel, Delivery, State
from lianxin.orders.models.event import Event
from lianxin.orders.models.follow import Follow
from lianxin.orders.models.follow_mail import FollowMail
from lianxin.orders.models.hand import Hand
from lianxin.orders.models.hotline import Hotline
from lianxin.orders.models.link import Link
from lianxin.orders.models.look import Look
from lianxin.orders.models.notice import Notice
from lianxin.orders.models.order import Order, OrderPath
from lianxin.orders.models.page import UsedPage
from lianxin.orders.models.photo import Photo
from lianxin.orders.models.served import Served
from lianxin.orders.models.tally import Tally

__all__ = [
    "Answered",
    "Channel",
    "Content",
    "Delivery",
    "Event",
    "Follow",
    "FollowMail",
    "Hand",
    "Hotline",
    "Link",
    "Look",
    "Notice",
    "Order",
    "OrderPath",
    "Photo",
    "Served",
    "State",
    "Tally",
    "UsedPage",
]
