"""Lianxin 连心: software for running a neighbourhood."""

__version__ = "0.1.0"
