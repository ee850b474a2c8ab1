"""Cold commands timed in turns, and the rows of the table: every figure is a ratio against a named command."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import IO

try:
    import resource
except ImportError:  # Windows
    resource = None  # type: ignore[assignment]

ROUNDS = 11  # after one to warm up


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds by the clock, and of processor time (nan where the system does not say)."""

    wall: float
    cpu: float


@dataclass(frozen=True, slots=True)
class Row:
    """One comparison; ``goal`` is the highest ratio wanted, None for information only; ``note`` is printed below."""

    title: str
    against: str
    ours: Cost
    theirs: Cost
    goal: float | None = None
    note: str = ""

    @property
    def ratio(self) -> Cost:
        """Ours divided by theirs."""
        return Cost(self.ours.wall / self.theirs.wall, self.ours.cpu / self.theirs.cpu)


def environment(cache: str) -> dict[str, str]:
    """The environment of a cold command: compiled modules in ``cache``, so that each round finds them alike."""
    kept = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONPYCACHEPREFIX": cache}


def _used() -> float:
    if resource is None:
        return float("nan")
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def once(command: Sequence[str], env: Mapping[str, str], told: IO[str] | None = None) -> Cost:
    """One run of ``python COMMAND`` in a new process; CalledProcessError where it fails and nobody takes what it prints."""
    before, start = _used(), time.perf_counter()
    subprocess.run([sys.executable, *command], check=told is None, stdout=told or subprocess.DEVNULL, env=env)
    return Cost(time.perf_counter() - start, _used() - before)


def in_turns(commands: Mapping[str, Callable[[], Sequence[str]]], env: Mapping[str, str]) -> dict[str, Cost]:
    """The median cost of each command; they take turns, so that a busy moment of the machine meets all of them.

    A command is made anew before each run, outside the measured time.
    """
    costs: dict[str, list[Cost]] = {name: [] for name in commands}
    for turn in range(ROUNDS + 1):
        for name, make in commands.items():
            cost = once(make(), env)
            if turn:
                costs[name].append(cost)
    return {name: middle(found) for name, found in costs.items()}


def middle(costs: Sequence[Cost]) -> Cost:
    """The median of each kind of cost."""
    return Cost(median(cost.wall for cost in costs), median(cost.cpu for cost in costs))
