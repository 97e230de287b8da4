"""What grade a worker stands in, with the arithmetic: dated tables, a career, one day."""

from lianxin.core.career.grade import Grade, Line, grade_on
from lianxin.core.career.history import Career, CareerError, career_in
from lianxin.core.career.table import Table, Tables, read_tables

__all__ = [
    "Career", "CareerError", "Grade", "Line", "Table", "Tables", "career_in", "grade_on",
    "read_tables",
]  # fmt: skip
