"""Whoever is pointed to by rows of the register is held by them at once."""

from django.db import migrations

from lianxin.registry.holding import held_at_once


class Migration(migrations.Migration):
    dependencies = (("registry", "0014_declined"),)

    operations = (held_at_once("registry"),)
