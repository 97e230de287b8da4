"""A step's form, made from what its page asks: no loop has a form of its own."""

from lianxin.web.forms.step import StepForm

__all__ = ["StepForm"]
