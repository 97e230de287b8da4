"""The registers of those who do the work, each with its page, its sheet out and its sheet in."""

from lianxin.growth.rolls.careers import CAREERS, STANDINGS
from lianxin.growth.rolls.classes import ATTENDANCES, COURSES, TRAINEES
from lianxin.growth.rolls.communities import BARE, COMMUNITIES, VACANCIES
from lianxin.growth.rolls.figures import FIGURES
from lianxin.growth.rolls.grid_workers import GRID_WORKERS, OVERBURDENED
from lianxin.growth.rolls.rearing import REARING
from lianxin.growth.rolls.reserved_posts import RESERVED_POSTS
from lianxin.growth.rolls.reserves import RESERVES, RISEN, STUDYING
from lianxin.growth.rolls.workers import WORKERS

ROLLS = (
    WORKERS, CAREERS, STANDINGS, GRID_WORKERS, OVERBURDENED, RESERVES, REARING, STUDYING, RISEN,
    COURSES, ATTENDANCES, TRAINEES, RESERVED_POSTS, COMMUNITIES, VACANCIES, BARE, FIGURES,
)  # fmt: skip

__all__ = ["ROLLS"]
