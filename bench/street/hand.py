"""The house's worker or its clock under the street's time: `python -m bench.street.hand worker`."""

import os
import sys

import django

from bench.street import clock


def main() -> int:
    django.setup()
    clock.install()
    if sys.argv[1] == "clock":
        from lianxin.__main__ import main as lianxin

        return int(lianxin(["clock"]) or 0)
    from django.core.management import call_command

    from lianxin.cli.run import GIVES_WAY

    os.nice(GIVES_WAY)
    call_command("procrastinate", "worker", concurrency=2, verbosity=0)
    return 0


if __name__ == "__main__":
    sys.exit(main())
