"""The house's own application under the street's clock."""

from bench.street import clock

clock.install()
from lianxin.wsgi import application  # noqa: E402 - the clock is set before anybody reads it

__all__ = ["application"]
