"""Tells Django that `growth` is here, and the registry which lists and sheets are kept here."""

from django.apps import AppConfig


class GrowthConfig(AppConfig):
    name = "lianxin.growth"
    label = "growth"

    def ready(self) -> None:
        from lianxin.growth import closing as own
        from lianxin.growth.actions import merged, reckoned
        from lianxin.growth.loops import LOOPS
        from lianxin.growth.rolls import ROLLS
        from lianxin.orders import world
        from lianxin.registry import rolls
        from lianxin.registry.actions import closing, merging, told

        world.DETAILS.update(LOOPS)
        merging.also(merged.move)
        closing.also(*own.ROWS)
        told.tells("growth.fact", "person_id", reckoned.facts_changed)
        for roll in ROLLS:
            rolls.add(roll)
