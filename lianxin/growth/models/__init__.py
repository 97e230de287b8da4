"""Careers, reserves, classes and reserved posts, one concept a file."""

from lianxin.growth.models.correction import Correction
from lianxin.growth.models.course import Attendance, Course
from lianxin.growth.models.fact import Fact, plain_number
from lianxin.growth.models.particulars import Particulars
from lianxin.growth.models.reserve import Rearing, Reserve
from lianxin.growth.models.reserved_post import ReservedPost
from lianxin.growth.models.standing import Standing

__all__ = [
    "Attendance", "Correction", "Course", "Fact", "Particulars", "Rearing", "Reserve",
    "ReservedPost", "Standing", "plain_number",
]  # fmt: skip
