"""`python -m lianxin` is the same as `lianxin`."""

import sys

from lianxin.cli import main

sys.exit(main())
