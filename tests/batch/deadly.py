"""A path that ends the process which opens it, as a reader of compiled code may."""

from __future__ import annotations

import os
from multiprocessing import parent_process


class Deadly(str):
    """Text like any other in the process of the tests."""

    __slots__ = ()

    def __str__(self) -> str:
        if parent_process() is not None:
            os._exit(1)
        return super().__str__()
