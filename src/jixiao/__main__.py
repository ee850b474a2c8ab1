"""``python -m jixiao``: the same as the console script."""

import sys

from jixiao.app.cli import main

sys.exit(main())
