"""`lianxin <verb>`: every module in this folder is one verb.

A module says `words` (its line of help), `add(parser)` and `run(args) -> code`. Django is there
when the module is read, the database when it runs, unless it says `alone = True`. An underscore at
the end of a module's name (a Python keyword) is not part of the verb.
"""

import argparse
import os
import sys
from contextlib import ExitStack
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

from lianxin.trouble import Trouble

MISSPELT = 2


def main(argv: list[str] | None = None) -> int:
    """Runs one command; trouble is two sentences on stderr and code 2."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lianxin.settings")
    try:
        import django

        django.setup()
        words = sys.argv[1:] if argv is None else argv
        args = parser(words[0] if words else "").parse_args(words)
        return perform(args.module, args)
    except Trouble as trouble:
        print(trouble, file=sys.stderr)
        return MISSPELT
    except KeyboardInterrupt:
        return 130


def perform(module: ModuleType, args: argparse.Namespace) -> int:
    """Gives the command what it needs, runs it, and leaves the database as it was found."""
    with ExitStack() as stack:
        if not getattr(module, "alone", False):
            from lianxin.cli.setup import opened

            stack.enter_context(opened())
        return int(module.run(args))


def parser(verb: str = "") -> argparse.ArgumentParser:
    """Reads one verb's module only, when it is known; all of them, when somebody asks for help."""
    top = argparse.ArgumentParser(prog="lianxin", description="连心 Lianxin")
    rows = top.add_subparsers(required=True, metavar="<verb>")
    names = verbs()
    for name in [verb] if verb in names else names:
        module = import_module(f"{__name__}.{names[name]}")
        row = rows.add_parser(name, help=module.words, description=module.words)
        module.add(row)
        row.set_defaults(module=module)
    return top


def verbs() -> dict[str, str]:
    """Verb → module, in alphabetical order."""
    names = sorted(found.name for found in iter_modules(__path__))
    return {name.rstrip("_"): name for name in names}
