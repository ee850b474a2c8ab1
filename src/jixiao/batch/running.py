"""Blocks of files -> parts of the store, by a pool of processes or by many machines (Dask).

Whatever happens to one file, the others are scored.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, contextmanager
from itertools import islice
from typing import Any

from jixiao.batch.listing import Item, blocks_of
from jixiao.batch.scoring import Options, dead, read
from jixiao.batch.store import Store
from jixiao.model import CannotWrite, Finding, UsageStop
from jixiao.verify import Prover

Say = Callable[[str], None]
WARM = 16
"""After so many files of a block most of what all of them share is in memory."""
TOGETHER = 20_000
"""After so many new objects it is looked for what can go: a workbook is thousands that all go together."""
AHEAD = 2
"""Blocks that wait for each worker, so that none waits for us."""
LOCAL, SECONDS = "local", 20
"""A cluster of this machine; how long a scheduler may take to answer."""


class _Own(threading.local):
    """What the engines of a thread have loaded serves the next workbook of the same formulas."""

    def __init__(self) -> None:
        self.prover = Prover()


_own = _Own()


class Done:
    """How far a run is: files scored, refused, and taken from an earlier run."""

    def __init__(self, whole: int, say: Say) -> None:
        self.whole, self.say, self.begun = whole, say, time.monotonic()
        self.scored = self.refused = self.kept = 0

    def add(self, files: int, refused: int, *, kept: bool = False) -> None:
        """Count a block and say how it goes on."""
        self.scored += files - refused
        self.refused += refused
        self.kept += files if kept else 0
        done = self.scored + self.refused
        pace = (done - self.kept) / max(time.monotonic() - self.begun, 1e-3)
        left = (self.whole - done) / pace if pace else 0
        self.say(
            f"评分 {done}/{self.whole}，每秒{pace:.0f}本，未收下{self.refused}本，约剩{left // 60:.0f}分{left % 60:02.0f}秒"
        )


def run(
    items: Sequence[Item],
    store: Store,
    options: Options,
    workers: int,
    say: Say,
    *,
    resume: bool = False,
    scheduler: str = "",
) -> Done:
    """Score every block that is not done and write its parts; those of files that are no longer there go.

    Without ``resume`` every block is scored anew. ``scheduler``: an address of Dask, or ``local``; files and store have to be
    where its workers reach them. CannotWrite where the store cannot take them, UsageStop for a scheduler that is not there.
    """
    store.begin()
    done = Done(len(items), say)
    blocks = {store.name(block, options): block for block in blocks_of(items)}
    open_blocks = {}
    for name, block in blocks.items():
        if resume and store.has(name):
            done.add(len(block), 0, kept=True)
        else:
            open_blocks[name] = block
    if scheduler:
        with _cluster(scheduler, workers) as pool:
            _spread(pool, open_blocks, store, options, workers, done)
    elif workers == 1:
        try:
            for name, block in open_blocks.items():
                done.add(len(block), _work(block, name, store, options))
        finally:
            gc.unfreeze()
    else:
        _pooled(open_blocks, store, options, workers, done)
    store.keep(blocks)
    return done


def _work(
    block: Sequence[Item], name: str, store: Store, options: Options, lost: frozenset[str] = frozenset()
) -> int:
    """Score a block into its parts; how many of its files were refused. ``lost`` are those that end a process."""
    made, usual = [], gc.get_threshold()
    gc.set_threshold(TOGETHER, *usual[1:])
    try:
        for number, item in enumerate(block):
            if (
                number == WARM
            ):  # what is remembered for the next files need not be searched for what can go, with each
                gc.collect()
                gc.freeze()
            made.append(dead(item) if item.path in lost else read(item, options, _own.prover))
    finally:
        gc.set_threshold(*usual)
    store.write(name, made)
    return sum("code" in rows.unit for rows in made)


def _sent(*work: Any) -> int | Finding:
    """``_work`` in another process: a stop comes back as its finding, since exceptions of ours do not travel."""
    try:
        return _work(*work)
    except CannotWrite as stop:
        return stop.finding


def _settled(future: Future[int | Finding]) -> int:
    made = future.result()
    if isinstance(made, Finding):
        raise CannotWrite(made.code, *made.sources, **dict(made.args))
    return made


@contextmanager
def _cluster(scheduler: str, workers: int) -> Iterator[Executor]:
    """The workers of a Dask cluster, asked one block at a time; a block that ends two of them holds the file that does."""
    try:
        import distributed  # only where it is asked for
    except ImportError as error:
        raise UsageStop("J924", name=error.name or "distributed") from error
    dask: Any = distributed
    with ExitStack() as own:
        if scheduler == LOCAL:
            scheduler = own.enter_context(
                dask.LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=None)
            )
        try:
            client = own.enter_context(dask.Client(scheduler, timeout=SECONDS))
        except (OSError, ValueError) as error:
            raise UsageStop("J925", name=scheduler) from error
        yield client.get_executor(retries=0, pure=False)


def _spread(
    pool: Executor, blocks: dict[str, list[Item]], store: Store, options: Options, workers: int, done: Done
) -> None:
    """Every block by a worker somewhere; one whose workers end is looked through here."""
    waiting: Iterator[tuple[str, list[Item]]] = iter(blocks.items())
    running: dict[Future[int | Finding], str] = {}
    while True:
        for name, block in islice(waiting, workers * AHEAD - len(running)):
            running[pool.submit(_sent, block, name, store, options)] = name
        if not running:
            return
        for future in wait(running, return_when=FIRST_COMPLETED).done:
            name = running.pop(future)
            if future.exception() is None:
                done.add(len(blocks[name]), _settled(future))
            else:
                _searched(name, blocks[name], store, options, done)


def _searched(name: str, block: list[Item], store: Store, options: Options, done: Done) -> None:
    """Score a block that ended its worker: without the files that do so."""
    lost = frozenset(_deadly(block, store, options))
    with _pool(1) as pool:
        done.add(len(block), _settled(pool.submit(_sent, block, name, store, options, lost)))


def _pooled(blocks: dict[str, list[Item]], store: Store, options: Options, workers: int, done: Done) -> None:
    waiting: Iterator[tuple[str, list[Item]]] = iter(blocks.items())
    suspects: dict[str, list[Item]] = {}
    while True:
        running: dict[Future[int | Finding], str] = {}
        try:
            with _pool(workers) as pool:
                while True:
                    for name, block in islice(waiting, workers * AHEAD - len(running)):
                        suspects[name] = block
                        running[pool.submit(_sent, block, name, store, options)] = name
                    if not running:
                        return
                    for future in wait(running, return_when=FIRST_COMPLETED).done:
                        refused = _settled(future)
                        name = running.pop(future)
                        done.add(len(suspects.pop(name)), refused)
        except BrokenProcessPool:  # a worker was ended: one of the blocks under way holds the file
            for name, block in suspects.items():
                _searched(name, block, store, options, done)
            suspects.clear()


def _deadly(block: Sequence[Item], store: Store, options: Options) -> Iterator[str]:
    """The files of a block that end the process that reads them, found by halves."""
    try:
        with _pool(1) as pool:
            pool.submit(_probe, block, options).result()
    except BrokenProcessPool:
        if len(block) == 1:
            yield block[0].path
        else:
            half = len(block) // 2
            yield from _deadly(block[:half], store, options)
            yield from _deadly(block[half:], store, options)


def _probe(block: Sequence[Item], options: Options) -> None:
    for item in block:
        read(item, options, _own.prover)


def _pool(workers: int) -> ProcessPoolExecutor:
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(workers, mp_context=context, initializer=_begin)


def _begin() -> None:
    """A worker ends with the process that began it, also where that is killed."""
    parent = multiprocessing.parent_process()

    def follow() -> None:
        if parent is not None:
            parent.join()
            os._exit(1)

    threading.Thread(target=follow, daemon=True).start()
