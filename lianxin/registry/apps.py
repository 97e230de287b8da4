"""Tells Django that `registry` is here; a broken table of its own stops it."""

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "lianxin.registry"
    label = "registry"

    def ready(self) -> None:
        from lianxin.registry import contact_table, rolls, uses
        from lianxin.registry.actions import closing, closing_rows
        from lianxin.registry.imports import member_use
        from lianxin.registry.organisations import organisations
        from lianxin.registry.rolls import contact_points, members, partners, posts, units
        from lianxin.registry.rolls.organisations import OFFICERS, ORGANISATIONS

        organisations()
        contact_table.tables()
        uses.also(member_use.in_use)
        closing.also(*closing_rows.ROWS)
        for roll in (ORGANISATIONS, OFFICERS, members.ROLL, posts.ROLL, units.ROLL,
                     contact_points.ROLL, partners.PARTNERS, partners.PROMISES):  # fmt: skip
            rolls.add(roll)
