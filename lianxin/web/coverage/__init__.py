"""Covered twice: the two rates of a place, the rows behind each number, and how a gap is closed."""

from lianxin.web.coverage.elections import elections
from lianxin.web.coverage.listed import listed
from lianxin.web.coverage.page import coverage

__all__ = ["coverage", "elections", "listed"]
