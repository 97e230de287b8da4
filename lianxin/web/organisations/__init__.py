"""One organisation's page, and the forms by which it is set up, changed and ended."""

from lianxin.web.organisations.acts import form, press
from lianxin.web.organisations.page import organisation
from lianxin.web.organisations.set_up import new

__all__ = ["form", "new", "organisation", "press"]
