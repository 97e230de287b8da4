"""Tells Django that `orders` is here, and the registry which of its rows orders speak of."""

from django.apps import AppConfig


class OrdersConfig(AppConfig):
    name = "lianxin.orders"
    label = "orders"

    def ready(self) -> None:
        from lianxin.orders.registry_use import CLOSING, in_use
        from lianxin.registry import uses
        from lianxin.registry.actions import closing

        uses.also(in_use)
        closing.also(*CLOSING)
