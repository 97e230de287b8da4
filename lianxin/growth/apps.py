"""Tells Django that `growth` is here."""

from django.apps import AppConfig


class GrowthConfig(AppConfig):
    name = "lianxin.growth"
    label = "growth"
