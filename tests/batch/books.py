"""Workbooks for a folder: sound ones that all differ, and those with one fault each, from one filled workbook."""

from __future__ import annotations

import contextlib
import io
import random
import zipfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

from jixiao import pipeline
from jixiao.master import HIDDEN, ScoringBook, open_scoring_book, put_entry, read_entries, rescore, scored
from jixiao.model import Refused
from jixiao.office import KEEP
from jixiao.scoring import UNIT, YEAR, Keys, keys
from tests.office import hostile_files

SPECIMENS = Path(__file__).parents[2] / "workbooks" / "specimens" / "suixi-2022"
SOURCES = ("决算报表.xlsx", "资产报表.xls", "预算批复.xlsx", "科目余额表.csv", "自评基础信息表.xlsx")


def filled(path: Path) -> Path:
    """A workbook filled from the specimen sources and the judgements."""
    pipeline.new("suixi-2022", path, unit="遂溪县招商局", year="2022")
    pipeline.fill(path, [SPECIMENS / name for name in SOURCES], facts_file=SPECIMENS / "judgements.yaml")
    return path


def sound(base: Path, unit: str, seed: int, year: str = "2022") -> bytes:
    """The workbook of a unit of its own: other awarded points, saved as ``score`` saves."""
    chance = random.Random(seed)
    book = open_scoring_book(base)
    card = scored(book)
    put_entry(book, UNIT, unit)
    put_entry(book, YEAR, year)
    for one in card.indicators:
        own = Keys(one.title)
        if one.awarded and chance.random() < 0.5:
            put_entry(book, own.awarded, (one.full * chance.randint(4, 10) / 10).quantize(Decimal("0.1")))
        put_entry(book, own.own_points, one.full)
        put_entry(book, own.evidence, "佐证材料清册第3页")
    return saved(book)


def saved(book: ScoringBook) -> bytes:
    """A workbook after ``jixiao score``."""
    read_entries(book)
    rescore(book)
    return book.book.to_bytes()


def edited(base: Path, change: Callable[[ScoringBook], None]) -> bytes:
    """A workbook in which somebody changed something and saved it, without scoring it anew."""
    book = open_scoring_book(base)
    change(book)
    return book.book.to_bytes()


def _place(book: ScoringBook, key: str) -> tuple[str, str]:
    place = book.plan.places[key]
    return place.sheet, place.ref


def total_typed(book: ScoringBook) -> None:
    """The total is a number instead of its formula."""
    sheet, ref = _place(book, keys.ALL.points)
    book.sheet(sheet).set(ref, Decimal(99), formula=None)


def formula_altered(book: ScoringBook) -> None:
    """A score gets ten points more."""
    key = Keys(list(book.rubric.indicators())[2].key).points
    sheet, ref = _place(book, key)
    book.sheet(sheet).set(ref, Decimal(10), formula=f"{book.plan.formula(key)}+10")


def number_changed(book: ScoringBook) -> None:
    """A cell of an imported table is another number."""
    link = book.links["年度支出决算数"]
    cell = book.sheet(link.sheet).get(link.ref)
    assert cell is not None and cell.number is not None
    book.sheet(link.sheet).set(link.ref, cell.number - 1000)


def link_typed_over(book: ScoringBook) -> None:
    """A figure is typed over its link."""
    sheet, ref = _place(book, "年度支出决算数")
    book.sheet(sheet).set(ref, Decimal("555.5"), formula=None)


def own_formula(book: ScoringBook) -> None:
    """A person calculates a figure."""
    sheet, ref = _place(book, "年度支出决算数")
    book.sheet(sheet).set(ref, Decimal(2), formula="1+1")


def definition_altered(book: ScoringBook) -> None:
    """A weight of the definition in the workbook is another one; its digest is left."""
    sheet = book.sheet("_jixiao")
    text = str(sheet.get("B10").value)  # type: ignore[union-attr]
    assert "遂溪县" in text
    sheet.set("B10", text.replace("遂溪县", "某某县", 1))


def definition_forged(book: ScoringBook) -> None:
    """The same, and the digest says the same."""
    from jixiao.rubric import digest

    definition_altered(book)
    made, row = "", 10
    while (cell := book.sheet("_jixiao").get(f"B{row}")) is not None and cell.value:
        made, row = made + str(cell.value), row + 1
    book.sheet("_jixiao").set("B3", digest(made))


def award_unreasoned(book: ScoringBook) -> None:
    """Points are awarded and nobody says why: they do not count."""
    own = Keys(next(one for one in book.rubric.indicators() if book.entries.get(Keys(one.key).awarded)).key)
    sheet, ref = _place(book, own.reason)
    book.sheet(sheet).set(ref, None)


def unnamed(book: ScoringBook) -> None:
    """Nobody wrote whose workbook it is."""
    sheet, ref = _place(book, UNIT)
    book.sheet(sheet).set(ref, None)


DOUBTFUL: dict[str, Callable[[ScoringBook], None]] = {
    "总分改数": total_typed,
    "公式改动": formula_altered,
    "导入后改数": number_changed,
    "链接改数": link_typed_over,
    "自编公式": own_formula,
    "定义改动": definition_altered,
    "定义伪造": definition_forged,
}
"""Faults of a workbook that can be scored and must not be ranked."""


def any_cell(seed: int) -> Callable[[ScoringBook], None]:
    """Some cells of any sheet that people see become another number, text or formula, or go."""

    def change(book: ScoringBook) -> None:
        chance = random.Random(seed)
        for _ in range(chance.randint(1, 3)):
            name = chance.choice([name for name in book.book.worksheets if name != HIDDEN])
            refs = [cell.ref for cell in book.sheet(name).cells()]
            value = chance.choice(
                [Decimal(chance.randint(-50, 9_999)) / 100, "文字", "", None, "不适用", Decimal(0)]
            )
            formula = chance.choice([None, None, "1+1", KEEP])
            with contextlib.suppress(Refused):  # a cell whose formula others share
                book.sheet(name).set(chance.choice(refs), value, formula=formula)

    return change


def unreadable() -> dict[str, bytes]:
    """Files that are no workbook that can be read."""
    empty = hostile_files.pack(hostile_files.parts())
    bomb = hostile_files.parts()
    bomb["xl/worksheets/sheet1.xml"] = b"<worksheet>" + b" " * 60_000_000 + b"</worksheet>"
    return {
        "有密码": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1600) + "EncryptedPackage".encode("utf-16-le"),
        "文本": "这不是工作簿\n".encode(),
        "空文件": b"",
        "空工作簿": empty,
        "截断": empty[: len(empty) // 2],
        "炸弹": hostile_files.pack(bomb),
    }


def renamed(data: bytes, old: str, new: str) -> bytes:
    """The same workbook of another unit, packed anew: much faster than scoring one."""
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as package,
        zipfile.ZipFile(made, "w") as target,
    ):
        for name in package.namelist():
            content = package.read(name).replace(old.encode(), new.encode())
            target.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED, 1)
    return made.getvalue()


def another_rubric(path: Path) -> bytes:
    """A workbook of another table."""
    pipeline.new("changli-2023", path, unit="昌黎县某局", year="2023")
    return path.read_bytes()
