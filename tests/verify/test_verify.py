"""Proving a workbook: the worked case is proved by both engines; every kind of tampering is named by its cell."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree

import pytest

from jixiao import pipeline
from jixiao.master import ScoringBook, open_scoring_book
from jixiao.verify import ENGINES, Prover, Session, Verified, as_junit, as_text, verify_one

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
    assert made.engines[0].differences == 0
    assert made.engines[0].cells == made.formulas > 1000


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


def test_a_link_bent_to_another_cell_is_found(workbook: Path, prover: Prover) -> None:
    def bend(book: ScoringBook) -> None:
        place, link = book.plan.places["三公经费决算数"], book.links["三公经费决算数"]
        other = book.links["三公经费预算数"]
        assert other.ref != link.ref
        bent = type(link)(other.sheet, other.ref, other.divisor)
        book.sheet(place.sheet).set(place.ref, Decimal(4), formula=bent.formula())

    spoil(workbook, bend)
    assert "J624" in codes(verify_one(workbook, prover))


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
def test_a_changed_source_cell_moves_fact_ratio_points_explanation_and_total(filled: Path) -> None:
    """No Python involved: LibreOffice alone recalculates."""
    book = open_scoring_book(filled)
    link, places = book.links["年度支出决算数"], book.plan.places
    with Session() as office:
        (after,) = office.what_if(filled, [{(link.sheet, link.ref): Decimal("1200000.00")}])
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
