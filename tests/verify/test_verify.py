"""Proving a workbook: the worked case is proved by both engines; every kind of tampering is named by its cell."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree

import pytest

import jixiao
from jixiao import pipeline
from jixiao.master import ScoringBook, open_scoring_book
from jixiao.model import Findings, Level, make
from jixiao.office import KEEP
from jixiao.verify import ENGINES, Prover, Session, Verified, as_junit, as_text, verify_one

SPECIMENS = Path(__file__).parents[2] / "workbooks" / "specimens"
MASTERS = Path(__file__).parents[2] / "workbooks" / "masters"
SOFFICE = shutil.which("soffice")
needs_office = pytest.mark.skipif(ENGINES["libreoffice"]() is not None, reason="LibreOffice is not installed")


@pytest.fixture(scope="module")
def prover() -> Prover:
    return Prover()


def spoil(path: Path, change: Callable[[ScoringBook], None]) -> Path:
    """The workbook with something changed, as a person or another program would leave it."""
    book = open_scoring_book(path)
    change(book)
    path.write_bytes(book.book.to_bytes())
    return path


def codes(made: Verified) -> set[str]:
    return {finding.code for finding in made.findings}


def cells(made: Verified, code: str) -> set[str]:
    return {f"{s.sheet}!{s.cell}" for f in made.findings if f.code == code for s in f.sources}


def test_the_worked_case_is_proved(filled: Path, prover: Prover) -> None:
    made = verify_one(filled, prover)
    assert made.proved
    assert made.card is not None
    assert made.card.total == Decimal("82.27")
    assert [run.engine for run in made.engines] == ["formualizer", "cellrune"]
    assert all(run.differences == 0 and run.cells > made.formulas > 1000 for run in made.engines)


@pytest.mark.parametrize("master", sorted(MASTERS.glob("*.xlsx")), ids=lambda path: path.stem)
def test_every_engine_gives_what_a_shipped_master_holds(master: Path) -> None:
    (made,) = jixiao.verify(master, engines=["fast", "formulas"])
    assert [(run.engine, run.ran, run.differences) for run in made.engines] == [
        (name, True, 0) for name in ("formualizer", "cellrune", "formulas")
    ]


def test_a_third_engine_recomputes_the_file_as_it_is(filled: Path, workbook: Path) -> None:
    (made,) = jixiao.verify(filled, engines=["formulas"])
    assert made.proved
    assert made.engines[0].differences == 0
    assert made.engines[0].cells > made.formulas, "links and cross-checks are compared too"
    spoil(workbook, lambda book: book.sheet("评分表").set("M14", Decimal(3), formula="1+2"))
    (made,) = jixiao.verify(workbook, engines=["formulas"])
    assert "评分表!M14" in cells(made, "J623"), as_text([made])


def test_the_second_case_is_proved(tmp_path: Path) -> None:
    case = SPECIMENS / "changli-2023"
    book = tmp_path / "评分簿.xlsx"
    pipeline.new("changli-2023", book, unit="昌黎县某局")
    pipeline.fill(book, [file for file in case.iterdir() if file.suffix in (".xlsx", ".xls")])
    (made,) = jixiao.verify(book)
    assert [(run.ran, run.differences) for run in made.engines] == [(True, 0), (True, 0)], as_text([made])


def _names_both(made: Verified, code: str, cell: str) -> bool:
    """Whether a finding of that code names the cell and both default engines."""
    return any(
        "formualizer、cellrune" in finding.message
        for finding in made.findings
        if finding.code == code and cell in {f"{s.sheet}!{s.cell}" for s in finding.sources}
    )


def test_a_formula_altered_with_its_cached_value_is_named_by_both_engines(workbook: Path) -> None:
    spoil(workbook, lambda book: book.sheet("评分表").set("M14", Decimal(3), formula="1+2"))
    (made,) = jixiao.verify(workbook)
    assert not made.proved
    assert _names_both(made, "J623", "评分表!M14"), as_text([made])


def test_a_cached_value_altered_is_named_by_both_engines(workbook: Path) -> None:
    def falsify(book: ScoringBook) -> None:
        place = book.plan.places["三公经费决算数"]
        book.sheet(place.sheet).set(place.ref, Decimal("77.7"))

    spoil(workbook, falsify)
    (made,) = jixiao.verify(workbook)
    place = open_scoring_book(workbook).plan.places["三公经费决算数"]
    assert not made.proved
    assert _names_both(made, "J629", f"{place.sheet}!{place.ref}"), as_text([made])


def test_a_link_moved_with_its_old_value_kept_is_named_by_both_engines(workbook: Path) -> None:
    def move(book: ScoringBook) -> None:
        place, link = book.plan.places["三公经费决算数"], book.links["三公经费决算数"]
        other = book.links["三公经费预算数"]
        book.sheet(place.sheet).set(
            place.ref, KEEP, formula=type(link)(other.sheet, other.ref, other.divisor).formula()
        )

    spoil(workbook, move)
    (made,) = jixiao.verify(workbook)
    place = open_scoring_book(workbook).plan.places["三公经费决算数"]
    assert not made.proved
    assert _names_both(made, "J629", f"{place.sheet}!{place.ref}"), as_text([made])


def test_a_name_turned_elsewhere_is_seen_by_the_default_engines(workbook: Path) -> None:
    """The file as it is: its own names are calculated with, not those of the plan."""
    book = open_scoring_book(workbook)
    package, part = book.book.package, "xl/workbook.xml"
    name = book.plan.names["三公经费决算数"]
    text = package.read(part).decode("utf-8")
    found = re.search(rf'(<definedName name="{name}"[^>]*>)([^<]*)(</definedName>)', text)
    assert found is not None
    bent = text.replace(found[0], f"{found[1]}{found[2].rpartition('$')[0]}$1{found[3]}")
    package.replace(part, bent.encode("utf-8"))
    workbook.write_bytes(package.to_bytes())
    (made,) = jixiao.verify(workbook)
    assert all(run.differences for run in made.engines), as_text([made])
    assert not made.proved


def test_one_young_engine_alone_proves_nothing(filled: Path) -> None:
    (made,) = jixiao.verify(filled, engines=["cellrune"])
    assert made.engines[0].differences == 0 and not made.proved


def test_engines_that_are_not_installed_are_one_line(filled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    (made,) = jixiao.verify(filled)
    lines = [finding.message for finding in made.findings if finding.code == "J611"]
    assert lines == ["没有用 formualizer、cellrune 复算：没有安装 Python 库，请安装 jixiao[verify]"]
    assert not made.proved


@needs_office
def test_libreoffice_recomputes_every_cell_alike(filled: Path, prover: Prover) -> None:
    made = verify_one(filled, prover, ("libreoffice",))
    assert made.proved, as_text([made])
    assert made.engines[0].cells > made.formulas, "links and cross-checks are compared too"


def test_a_changed_formula_is_named(workbook: Path, prover: Prover) -> None:
    spoil(workbook, lambda book: book.sheet("评分表").set("M14", Decimal(7), formula="4+3"))
    made = verify_one(workbook, prover)
    assert cells(made, "J620") == {"评分表!M14"}
    assert not made.proved


def test_a_formula_replaced_by_a_number_is_named(workbook: Path, prover: Prover) -> None:
    spoil(workbook, lambda book: book.sheet("评分表").set("J10", Decimal(5), formula=None))
    assert cells(verify_one(workbook, prover), "J621") == {"评分表!J10"}


def test_a_stale_cached_value_is_found(workbook: Path, prover: Prover) -> None:
    spoil(workbook, lambda book: book.sheet("评分表").set("J10", Decimal("4.9")))
    assert cells(verify_one(workbook, prover), "J622") == {"评分表!J10"}


def test_a_forbidden_function_is_found(workbook: Path, prover: Prover) -> None:
    spoil(workbook, lambda book: book.sheet("评分表").set("M14", Decimal(7), formula="IFERROR(1/0,7)"))
    assert {"J601", "J620"} <= codes(verify_one(workbook, prover))


def test_an_error_cell_is_found(workbook: Path, prover: Prover) -> None:
    from jixiao.office import ErrorText

    spoil(workbook, lambda book: book.sheet("评分表").set("M14", ErrorText("#REF!")))
    assert "J627" in codes(verify_one(workbook, prover))


def test_a_link_bent_to_another_cell_is_a_change(workbook: Path, prover: Prover) -> None:
    def bend(book: ScoringBook) -> None:
        place, link = book.plan.places["三公经费决算数"], book.links["三公经费决算数"]
        other = book.links["三公经费预算数"]
        assert other.ref != link.ref
        bent = type(link)(other.sheet, other.ref, other.divisor)
        book.sheet(place.sheet).set(place.ref, Decimal(4), formula=bent.formula())

    spoil(workbook, bend)
    place = open_scoring_book(workbook).plan.places["三公经费决算数"]
    assert cells(verify_one(workbook, prover), "J584") == {f"{place.sheet}!{place.ref}"}


def test_points_outside_the_range_are_found(workbook: Path, prover: Prover) -> None:
    def award(book: ScoringBook) -> None:
        place = book.plan.places["财务合规性.核定分"]
        book.sheet(place.sheet).set(place.ref, Decimal(9))

    spoil(workbook, award)
    pipeline.score(workbook)
    assert "J404" in codes(verify_one(workbook, prover))


def test_a_tampered_definition_is_found(workbook: Path, prover: Prover) -> None:
    def soften(book: ScoringBook) -> None:
        sheet = book.sheet("_jixiao")
        text = str(sheet.get("B10").value)  # type: ignore[union-attr]  # the definition begins there
        assert '"年度支出决算数 / 财政下达预算数"' in book.blocks["definition"]
        sheet.set("B10", text.replace("遂溪县", "某县", 1))

    spoil(workbook, soften)
    assert {"J562", "J625"} <= codes(verify_one(workbook, prover))


@needs_office
def test_a_changed_source_cell_moves_fact_ratio_points_explanation_and_total(workbook: Path) -> None:
    """LibreOffice alone recalculates."""
    book = open_scoring_book(workbook)
    link, places = book.links["年度支出决算数"], book.plan.places
    book.sheet(link.sheet).set(link.ref, Decimal("1200000.00"))
    workbook.write_bytes(book.book.to_bytes())
    with Session() as office:
        after = office.recompute(workbook)
    got = {key: after[places[key].sheet, places[key].ref] for key in places if key in book.net.items}
    fact = after[places["年度支出决算数"].sheet, places["年度支出决算数"].ref]
    assert fact == pytest.approx(120)
    assert got["支出完成率"] == pytest.approx(0.860832)
    assert got["支出完成率.得分"] == pytest.approx(3.5)
    assert "支出完成率86.08%，得3.5分" in str(got["支出完成率.说明"])
    assert got["合计.得分"] == pytest.approx(82.27 - 3.5)


@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")
def test_a_copy_saved_by_another_program_is_proved(filled: Path, tmp_path: Path, prover: Prover) -> None:
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = [
        str(SOFFICE),
        "--headless",
        profile,
        "--convert-to",
        "xlsx",
        "--outdir",
        str(tmp_path),
        str(filled),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    made = verify_one(tmp_path / filled.name, prover)
    assert made.proved, as_text([made])
    card = pipeline.score(tmp_path / filled.name)
    assert card.total == Decimal("82.27")


def test_many_workbooks_one_bad(filled: Path, tmp_path: Path) -> None:
    bad = tmp_path / "坏.xlsx"
    bad.write_bytes(b"not a workbook")
    made = pipeline.verify([filled, bad])
    assert [item.proved for item in made] == [True, False]
    assert made[1].exit_code == 3
    suites = ElementTree.fromstring(as_junit(made))  # noqa: S314 - our own output
    assert [suite.get("failures") for suite in suites] == ["0", "1"]
    assert json.loads(json.dumps([item.data() for item in made]))[0]["total"] == 82.27


def junit(made: list[Verified]) -> dict[str, dict[str, str]]:
    """Workbook -> case -> what stands in it; what the suite says of itself must agree."""
    told = {}
    for suite in ElementTree.fromstring(as_junit(made)):  # noqa: S314 - our own output
        cases = {case.get("name", ""): [child.tag for child in case] for case in suite}
        assert max(map(len, cases.values())) <= 1
        marks = [tag for tags in cases.values() for tag in tags]
        assert [suite.get("failures"), suite.get("skipped")] == [
            str(marks.count("failure")),
            str(marks.count("skipped")),
        ]
        assert suite.get("tests") == str(len(cases))
        told[suite.get("name", "")] = {name: "".join(tags) for name, tags in cases.items()}
    return told


def test_a_suite_fails_exactly_where_a_workbook_is_not_proved(
    filled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = Path(shutil.copy(filled, tmp_path / "改过\u200b<&>.xlsx"))
    spoil(bad, lambda book: book.sheet("评分表").set("H5", Decimal(5)))
    (tmp_path / "坏.xlsx").write_bytes(b"x")
    for engines, missing in (("fast", ()), ("fast", ("cellrune",)), ("fast", ("cellrune", "formualizer"))):
        for name in missing:
            monkeypatch.setitem(ENGINES, name, lambda: "没有安装")
        made = pipeline.verify([filled, bad, tmp_path / "坏.xlsx"], engines=(engines,))
        told = junit(made)
        assert list(told) == [item.path.name for item in made]
        for item in made:
            assert ("failure" in told[item.path.name].values()) is not item.proved, (engines, missing)
        assert made[0].proved is not bool(missing)
        assert ("不足为证" in as_text(made), "没有引擎复算" in as_text(made)) == (
            len(missing) == 1,
            len(missing) == 2,
        )
    assert told[filled.name]["cellrune 复算"] == "skipped" and told[filled.name]["复算结论"] == "failure"


def test_the_xml_holds_whatever_a_name_holds() -> None:
    finding = make("J611", level=Level.ERROR, engine="\x0b引擎\ud800", why="<&>\"'")
    made = Verified(Path("\x07\udcff名<&>.xlsx"), Findings([finding]))
    told = junit([made])
    assert told == {"名<&>.xlsx": {"结构与数据": "failure"}}
    assert as_junit([made]).encode("utf-8")
