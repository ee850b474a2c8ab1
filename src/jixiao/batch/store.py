"""The store: Parquet files of units, points and findings, read by any program of data; questions asked of them by DuckDB.

``OUT/store/units/SOURCE-BLOCK.parquet``, likewise ``points`` and ``findings``. SOURCE is a hash of where the files were, BLOCK
one of their names, sizes and times and of all that was asked: a part that is there is the part that would be written, so
nothing else keeps account of what is done. A part appears whole or not at all.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from jixiao.batch.listing import Item
from jixiao.batch.scoring import Options, Rows
from jixiao.model import CannotWrite, Source, plain, reason

SHAPE = 3
"""Of the tables; parts of another shape are not used again."""
TABLES = ("units", "points", "findings")
_FIGURE = pa.decimal128(36, 18)
_TEXT = pa.string()


def _schema(text: str = "", figures: str = "", counts: str = "", flags: str = "") -> pa.Schema:
    kinds = ((text, _TEXT), (figures, _FIGURE), (counts, pa.int64()), (flags, pa.bool_()))
    return pa.schema([(name, kind) for names, kind in kinds for name in names.split()])


SCHEMAS = {
    "units": _schema(
        "file path sha256 code message advice rubric rubric_name definition unit unit_key year grade proof doubt"
        " state signer signed seal",
        "total rule_total own_total full",
        "size mtime pending awarded unproven_awards changes by_hand errors warnings",
        "altered",
    ),
    "points": _schema(
        "path definition year id label title status explanation cell",
        "full rule_points points own_points",
        "number",
        "awarded",
    ).append(pa.field("reasons", pa.list_(_TEXT))),
    "findings": _schema("path code level message advice place subject sheet cell door", "", "count"),
}
"""Columns: texts, figures (decimals in points), counts, flags. ``code`` of a unit: why it was not scored, else null;
``state``: 草稿, 已复核 or 定稿, ``altered`` where it was changed since."""


class Store:
    """The parts below one folder, and what a run over ``place`` adds to them."""

    def __init__(self, folder: Path, place: str = "") -> None:
        self.folder = folder / "store"
        self.source = _hash([place if "://" in place else str(Path(place).absolute())])

    def begin(self) -> None:
        """Make the folders, and take away what a run that was ended left half-written. CannotWrite."""
        with told(self.folder):
            for table in TABLES:
                (self.folder / table).mkdir(parents=True, exist_ok=True)
                for half in (self.folder / table).glob("*.part"):
                    half.unlink()

    def name(self, block: Sequence[Item], options: Options) -> str:
        """What the parts of a block are called: the same name, the same content."""
        asked = [
            options.version,
            SHAPE,
            options.prove,
            str(options.fill or ""),
            [_definition(folder) for folder in options.definitions],
        ]
        return f"{self.source}-{_hash([asked, *block])}"

    def has(self, name: str) -> bool:
        """Whether a block is done: the units are written last."""
        return self._path("units", name).is_file()

    def write(self, name: str, made: Iterable[Rows]) -> None:
        """Write the parts of a block, each whole or not at all. CannotWrite: the disk is full or closed to us."""
        tables: dict[str, list[dict[str, Any]]] = {table: [] for table in TABLES}
        for rows in made:
            same = {key: rows.unit.get(key) for key in ("path", "definition", "year")}
            tables["units"].append(rows.unit)
            tables["points"] += [same | row for row in rows.points]
            tables["findings"] += [same | row for row in rows.findings]
        with told(self.folder):
            for table in reversed(TABLES):
                path = self._path(table, name)
                half = path.with_name(f"{path.name}.{os.getpid()}.part")
                schema = SCHEMAS[table]
                columns = [pa.array([row.get(c.name) for row in tables[table]], c.type) for c in schema]
                pq.write_table(pa.Table.from_arrays(columns, schema=schema), half, compression="zstd")
                with half.open("rb+") as file:
                    os.fsync(file.fileno())
                half.replace(path)

    def keep(self, names: Iterable[str]) -> None:
        """Take away the parts of earlier runs over the same place; what came from elsewhere stays."""
        wanted = set(names)
        with told(self.folder):
            for table in TABLES:
                for path in (self.folder / table).glob(f"{self.source}-*.parquet"):
                    if path.stem not in wanted:
                        path.unlink()

    def _path(self, table: str, name: str) -> Path:
        return self.folder / table / f"{name}.parquet"


def _hash(data: object) -> str:
    return hashlib.sha256(json.dumps(data, ensure_ascii=False).encode()).hexdigest()[:20]


def _definition(folder: Path) -> list[str]:
    """What a folder of definitions says: its files by their content."""
    files = sorted(file for file in folder.rglob("*.yaml") if file.is_file())
    return [hashlib.sha256(file.read_bytes()).hexdigest() for file in files]


@contextlib.contextmanager
def told(place: Path) -> Iterator[None]:
    """Say in one line that a place cannot be written."""
    try:
        yield
    except OSError as error:
        raise CannotWrite("J908", Source(place.name), name=str(place), why=reason(error)) from error


class Query:
    """The store as tables ``units``, ``points`` and ``findings`` of a database in memory."""

    def __init__(self, store: Store) -> None:
        self._base = duckdb.connect(":memory:", config={"threads": 2})
        for table in TABLES:
            files = sorted(str(path) for path in (store.folder / table).glob("*.parquet"))
            self._base.read_parquet(files, union_by_name=True).create_view(
                table
            )  # years before had fewer columns

    def rows(self, question: str, *values: object) -> list[tuple[Any, ...]]:
        """The rows that a question in SQL gives, decimals exact and without the zeros of their column."""
        found = self._base.execute(question, list(values)).fetchall()
        return [tuple(Decimal(plain(v)) if isinstance(v, Decimal) else v for v in row) for row in found]

    def dicts(self, question: str, *values: object) -> list[dict[str, Any]]:
        """The same, each row by its columns' names."""
        rows = self.rows(question, *values)
        names = [column[0] for column in self._base.description or ()]
        return [dict(zip(names, row, strict=True)) for row in rows]
