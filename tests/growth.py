"""Whether work grows with its input and no faster: a ratio within one run, so a slow or busy machine does not matter."""

from __future__ import annotations

import time
from collections.abc import Callable

TIMES = 4


def grows_no_faster(run: Callable[[str], object], unit: str, length: int) -> bool:
    """Whether ``run`` takes about four times as long for a text four times as long; each with each takes sixteen times."""

    def work(characters: int) -> float:
        text = unit * (characters // len(unit))
        begun = time.process_time()
        run(text)
        return time.process_time() - begun

    work(length // TIMES)  # what is made once is made now
    return work(length) < 2 * TIMES * work(length // TIMES) + 0.2
