"""What every test shares: no limit on how long a case may take, and the same cases in every ordinary run."""

from __future__ import annotations

import gc
import os

from hypothesis import settings

LONG = "JIXIAO_CASES" in os.environ  # `make readings`: new cases each time
settings.register_profile("house", derandomize=not LONG, deadline=None, database=None, print_blob=LONG)
settings.load_profile("house")


def pytest_collection_finish() -> None:
    """Thousands of collected cases live to the end: looking at them for garbage again and again took a tenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
