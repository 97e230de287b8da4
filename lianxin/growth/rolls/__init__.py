"""The registers of those who do the work, each with its page, its sheet out and its sheet in."""

from lianxin.growth.rolls.careers import CAREERS, STANDINGS
from lianxin.growth.rolls.classes import ATTENDANCES, COURSES
from lianxin.growth.rolls.figures import FIGURES
from lianxin.growth.rolls.reserved_posts import RESERVED_POSTS
from lianxin.growth.rolls.reserves import RESERVES, STUDYING
from lianxin.growth.rolls.workers import WORKERS

ROLLS = (
    WORKERS, CAREERS, STANDINGS, RESERVES, STUDYING, COURSES, ATTENDANCES, RESERVED_POSTS, FIGURES,
)  # fmt: skip

__all__ = ["ROLLS"]
