"""``jixiao demo``: a worked case from its sources to a proved workbook, held against what was published.

The sources are copied into a folder of the user's, where nothing of his is touched.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from jixiao import pipeline
from jixiao.app.score import points, say_card, total
from jixiao.app.terminal import Column, Progress, Table, say, terminal_width
from jixiao.app.verbs import plain_findings, say_checks, say_verified
from jixiao.model import Body, CannotWrite, Findings, Refused, UsageStop, load_yaml, reason

if TYPE_CHECKING:
    from jixiao.checks import Checked
    from jixiao.model import Value
    from jixiao.scoring import Scorecard
    from jixiao.verify import Verified

BOOK, FOLDER = "评分簿.xlsx", "来源"
CASE = "suixi-2022"
PUBLISHED = "case.yaml"
SOURCES = ("决算报表.xlsx", "资产报表.xls", "预算批复.xlsx", "科目余额表.csv", "自评基础信息表.xlsx")
JUDGEMENTS = "judgements.yaml"


class Case(NamedTuple):
    """A worked case: its rubric and folder of specimens, its source tables, its facts file, and the demo's folder."""

    rubric: str
    title: str
    sources: tuple[str, ...]
    facts: str
    folder: str


CASES = {
    "suixi": Case(CASE, "部门整体支出绩效核查", SOURCES, JUDGEMENTS, "演示"),
    "changli": Case("changli-2023", "部门整体和项目支出绩效自评", (), "facts.yaml", "演示-昌黎"),
}
LEDGER = ".jixiao-demo.json"  # what the demo wrote, by SHA-256: only that may it replace


def specimen_folder(case: Case = CASES["suixi"]) -> Path:
    """The folder of a case: inside the installed package, or in the checkout that this package runs from."""
    package = Path(__file__).parents[1]
    for folder in (
        package / "specimens" / case.rubric,
        package.parents[1] / "workbooks" / "specimens" / case.rubric,
    ):
        if all((folder / name).is_file() for name in (*case.sources, case.facts, PUBLISHED)):
            return folder
    raise Refused("J822")


class Own:
    """The files that the demo wrote into a folder, remembered there; anything else is the user's."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.path = folder, folder / LEDGER
        self.kept: list[tuple[str, str]] = []
        try:
            known: Any = json.loads(self.path.read_text("utf-8"))
        except (OSError, ValueError):
            known = {}
        self.known = {str(k): str(v) for k, v in known.items()} if isinstance(known, dict) else {}

    def place(self, name: str) -> Path:
        """Where a file of ours goes: under its name, or the next free one where that holds work of the user's."""
        start = self.folder / name
        for number in range(1, 1000):
            path = start.with_name(f"{start.stem}-{number}{start.suffix}") if number > 1 else start
            if not os.path.lexists(path) or self.is_ours(path):
                if number > 1:
                    self.kept.append((start.name, path.name))
                return path
        raise CannotWrite("J823", name=name, why="同名文件过多")

    def is_ours(self, path: Path) -> bool:
        """Whether a file is as the demo left it."""
        wrote = self.known.get(path.relative_to(self.folder).as_posix())
        return wrote is not None and path.is_file() and not path.is_symlink() and wrote == _digest(path)

    def remember(self, path: Path) -> None:
        """Note a file that the demo has just written."""
        self.known[path.relative_to(self.folder).as_posix()] = _digest(path)
        half = self.path.with_suffix(".part")
        half.write_text(json.dumps(self.known, ensure_ascii=False, indent=1), "utf-8")
        half.replace(self.path)

    def copy(self, source: Path, name: str) -> Path:
        """A copy of a specimen; one that is there already, unchanged, stays."""
        path = self.place(name)
        data = source.read_bytes()
        if not path.exists() or path.read_bytes() != data:
            path.parent.mkdir(parents=True, exist_ok=True)
            half = path.with_name(f".{path.name}.{os.getpid()}.part")
            half.write_bytes(data)
            half.replace(path)
        self.remember(path)
        return path


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def demo(case: str = "", folder: str = "") -> int:
    """Copy the sources into a folder, build, fill, score and prove the workbook there; 1 where a figure is not right."""
    if case and case not in CASES and not folder:
        case, folder = "", case  # a folder alone
    if case and case not in CASES:
        raise UsageStop("J826", name=case, known="、".join(CASES))
    chosen = CASES[case or "suixi"]
    return _demo_in(Path(folder or chosen.folder), chosen)


def _demo_in(folder: Path, chosen: Case) -> int:
    place = specimen_folder(chosen)
    if folder.exists() and not folder.is_dir():
        raise UsageStop("J819", name=str(folder))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return _demo(chosen, place, folder, Own(folder))
    except OSError as error:
        raise CannotWrite("J823", name=str(folder), why=reason(error)) from error


def _demo(case: Case, place: Path, folder: Path, own: Own) -> int:
    published = load_yaml(place / PUBLISHED)
    sources = [own.copy(place / name, f"{FOLDER}/{name}") for name in case.sources]
    facts = own.copy(place / case.facts, f"{FOLDER}/{case.facts}")
    target = own.place(BOOK)
    if target.exists():
        from jixiao.office import check_writable

        check_writable(target)  # it may be open in Excel
    say(f"演示：{published['unit']} {published['year']} 年度{case.title}")
    say(f"1. 来源文件 {len(sources) or 1} 个，写入 {folder / FOLDER}")
    with tempfile.TemporaryDirectory(prefix=".jixiao-", dir=folder) as rooms:
        book = Path(rooms) / BOOK
        card, checks, findings, proved = _walk(case, book, sources, facts, published)
        book.replace(target)
    own.remember(target)
    say()
    say_card(card)
    say()
    say_checks(checks, findings)
    say()
    right = _say_published(card, published)
    say()
    for old, new in own.kept:
        say(f"{old} 已被改动，予以保留；本次写入 {new}")
    say(f"评分簿：{target}（可用 Excel、WPS 或 LibreOffice 打开）")
    if not any(run.ran for run in proved.engines):
        say("没有可用的复算引擎；安装 jixiao[verify] 或 LibreOffice 后可独立复算")
    return 0 if right and not proved.findings.errors else 1


def _walk(
    case: Case, book: Path, sources: list[Path], facts: Path, published: Body
) -> tuple[Scorecard, list[Checked], Findings, Verified]:
    with Progress() as progress:
        progress("生成评分簿")
        pipeline.new(case.rubric, book, unit=str(published["unit"]))
        filled = pipeline.fill(book, sources, facts_file=facts, say=progress)
        card = pipeline.score(book)
        checks, found = pipeline.check(book)
        proved = pipeline.verify([book], engines=("all",), say=progress)[0]
    say(f"2. 新建评分簿（{case.rubric}）")
    say(f"3. 导入 {filled.sheets} 张表，取得 {filled.facts} 个数")
    say(f"4. 评分：得分 {total(card.total)}")
    say("5. 核验：")
    say_verified([replace(proved, findings=Findings(proved.findings.errors))])
    return card, checks, plain_findings(found, filled.findings), proved


def _say_published(card: Scorecard, published: Body) -> bool:
    """Each computed figure beside the published one; whether all agree."""
    table = Table(
        [Column("与公布结果对照"), Column("计算", right=True), Column("公布", right=True), Column("")]
    )
    right = True
    for item in (*published.parts("published", []), *published.parts("derived", [])):
        said = f"{item['value']}（{item['note']}）" if "note" in item else str(item["value"])
        right &= _row(table, str(item["name"]), _shown(card.values[item["key"]], str(item["value"])), said)
    if "ratios" not in published:
        say(table.draw(terminal_width()))
        say(str(published.get("remark", "")))
        return right
    for name, text in published["ratios"].items():
        value = card.values.get(name)
        if isinstance(value, Decimal):
            shown = f"{points((value * 100).quantize(Decimal('0.01')))}%"
            right &= _row(table, name, shown, str(text))
    right &= _row(table, "得分", total(card.total), total(published["total"]))
    differ = sum(item.awarded and item.rule_points not in (None, item.points) for item in card.indicators)
    table.row("规则合计", total(card.rule_total), "", f"{differ} 项核定分与规则分不同")
    say(table.draw(terminal_width()))
    return right


def _row(table: Table, name: str, ours: str, theirs: str) -> bool:
    """One line; what stands in brackets behind a figure is a remark."""
    agree = ours == theirs.split("（", maxsplit=1)[0]
    table.row(name, ours, theirs, "一致" if agree else "不一致")
    return agree


def _shown(value: Value, pattern: str) -> str:
    """A value as the published one is written: a rate as a percentage, a number plain, a grade as it is."""
    if not isinstance(value, Decimal):
        return str(value)
    return f"{points((value * 100).quantize(Decimal('0.01')))}%" if pattern.endswith("%") else points(value)
