"""Only a workbook that verifies gives a report; what people wrote stays, in the workbook and beside the new file."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import docx
import pytest

import jixiao
from jixiao import pipeline
from jixiao.model import Refused, UsageStop, plain
from jixiao.report import Grid, Heading, as_docx
from tests.report.report_reading import Draft, cli, drafted, put, put_own_scores


def texts(path: Path) -> str:
    return "\n".join(p.text for p in docx.Document(str(path)).paragraphs)


def test_a_proved_workbook_gives_its_report(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = book.with_name("报告.docx")
    assert cli("report", book, "-o", target) == 0
    assert f"已写出核查报告：{target}" in capsys.readouterr().out
    assert "核查得分为82.27分" in texts(target)


def test_a_workbook_with_self_evaluation_forms_gives_a_self_report(changli: Path, tmp_path: Path) -> None:
    made = pipeline.report(changli, tmp_path / "报告.docx")
    assert made.kind == "自评" and made.pending == []


@pytest.mark.parametrize(
    ("name", "kind", "typed"),
    [("suixi", "核查", {"年度支出决算数": 120}), ("changli", "自评", {"年度支出决算数": 120})],
)
def test_the_first_page_says_what_was_changed_by_hand_and_prints_the_digest(
    name: str, kind: str, typed: dict[str, int], request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    book = Path(shutil.copy(request.getfixturevalue(name), tmp_path / "评分簿.xlsx"))
    total = jixiao.score(book).total
    pipeline.report(book, tmp_path / "报告.docx", kind=kind, draft=True)
    first = texts(tmp_path / "报告.docx").split("目录")[0].split("目　录")[0]
    assert "手工改动" not in first and f"封存摘要：{jixiao.seal(book).short}" in first
    put(book, typed)
    pipeline.score(book)
    pipeline.report(book, tmp_path / "改动.docx", kind=kind, draft=True)
    first = texts(tmp_path / "改动.docx").split("目录")[0].split("目　录")[0]
    assert "手工改动：1处，见评分簿“改动”表；全部恢复为原值时总分" in first and plain(total) in first
    assert f"封存摘要：{jixiao.seal(book).short}" in first


def test_a_changed_formula_gives_no_report(book: Path, tmp_path: Path) -> None:
    put(book, {"合计.得分": 99})
    with pytest.raises(Refused) as stop:
        pipeline.report(book, tmp_path / "报告.docx")
    assert stop.value.finding.code == "J701" and not (tmp_path / "报告.docx").exists()
    made = pipeline.report(book, tmp_path / "草稿.docx", draft=True)
    assert any("核验未通过" in line for line in made.pending)
    assert "核验未通过" in texts(tmp_path / "草稿.docx")
    own = pipeline.report(book, tmp_path / "自评.docx", draft=True, kind="自评")
    assert any("核验未通过" in line for line in own.pending)


def test_an_unfinished_workbook_gives_only_a_draft(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book = pipeline.new("suixi-2022", tmp_path / "空.xlsx", unit="某局")
    assert cli("report", book, "-o", tmp_path / "报告.docx") == 3
    assert "J702" in capsys.readouterr().err
    assert cli("report", book, "-o", tmp_path / "草稿.docx", "--draft") == 0
    out = capsys.readouterr().out
    assert "草稿还缺" in out and "30项指标待核定：预算编制合理性" in out


@pytest.mark.parametrize(("options", "code"), [({"kind": "审计"}, "J703"), ({"target": "报告.pdf"}, "J706")])
def test_wrong_usage_is_told(book: Path, tmp_path: Path, options: dict[str, str], code: str) -> None:
    with pytest.raises(UsageStop) as stop:
        pipeline.report(book, tmp_path / options.pop("target", "报告.docx"), **options)
    assert stop.value.finding.code == code


def test_a_report_written_again_keeps_the_old_one_beside_it(book: Path) -> None:
    target = book.with_name("报告.docx")
    pipeline.report(book, target)
    edited = docx.Document(str(target))
    edited.add_paragraph("人工补写")
    edited.save(str(target))
    pipeline.report(book, target)
    assert "人工补写" not in texts(target)
    assert ["人工补写" in texts(file) for file in book.parent.glob("报告.*.bak.docx")] == [True]


def test_texts_stay_when_tables_are_brought_in_again(book: Path, tmp_path: Path) -> None:
    (tmp_path / "又.yaml").write_text("texts: {部门职能: 另一份职能}\n", "utf-8")
    done = pipeline.fill(book, [], facts_file=tmp_path / "又.yaml")
    assert [
        finding.code for finding in done.findings if finding.code == "J570"
    ] == []  # our own text is replaced
    put(book, {"文字.部门职能": "人工写的职能"})
    done = pipeline.fill(book, [], facts_file=tmp_path / "又.yaml")
    assert [finding.code for finding in done.findings if finding.code == "J570"] == ["J570"]
    pipeline.score(book)
    pipeline.report(book, tmp_path / "报告.docx")
    assert "人工写的职能。" in texts(tmp_path / "报告.docx")


def test_an_unknown_text_is_refused_with_the_nearest(book: Path, tmp_path: Path) -> None:
    (tmp_path / "错.yaml").write_text("texts: {部门职责: 某}\n", "utf-8")
    with pytest.raises(UsageStop) as stop:
        pipeline.fill(book, [], facts_file=tmp_path / "错.yaml")
    assert stop.value.finding.code == "J195" and "部门职能" in stop.value.finding.message


def test_a_date_typed_as_a_date_is_written_as_one(book: Path) -> None:
    put(book, {"文字.报告日期": Decimal(45275), "文字.委托单位": Decimal(12)})
    cover = drafted(book, "核查").cover
    assert ("评价时间：", "2023年12月15日") in cover and ("委托单位：", "12") in cover


def test_the_audit_finds_nothing_wrong_in_our_own_reports(suixi: Path, changli: Path, tmp_path: Path) -> None:
    for path, kind, least in ((suixi, "核查", 400), (changli, "自评", 80)):
        (tmp_path / "报告.docx").write_bytes(as_docx(drafted(path, kind)))
        found = pipeline.audit(tmp_path / "报告.docx", path).shares()
        assert found["不一致"] == 0 and found["一致"] > least


def test_self_scores_are_compared_with_the_review(book: Path) -> None:
    assert "单位自评" not in drafted(book, "核查").text()
    put_own_scores(book)
    assert "单位自评100分，核查比自评核减17.73分。" in drafted(book, "核查").text()


def test_what_stays_open_is_told_with_a_finished_report(
    book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = book.with_name("报告.docx")
    assert cli("report", book, "-o", target) == 0
    out = "".join(capsys.readouterr().out.split())
    assert "报告已写出，但核对还有1项没有解决" in out and "J225" in out


@pytest.mark.parametrize("name", ["报告.docx", "报告.pdf"])
def test_a_folder_is_no_report(book: Path, tmp_path: Path, name: str) -> None:
    (tmp_path / "出").mkdir()
    (tmp_path / "出" / name).mkdir()
    with pytest.raises(UsageStop) as stop:
        pipeline.report(book, tmp_path / "出" / "报告.docx", draft=True, pdf=True)
    assert stop.value.finding.code == "J709"
    assert [file.name for file in (tmp_path / "出").iterdir()] == [name]  # nothing half-written


@pytest.mark.parametrize(("name", "kind", "gone"), [
    ("suixi", "核查", {"主要绩效": "主要绩效", "评价人员": "评价人员", "委托单位": "委托单位"}),
    ("changli", "自评", {"结果公开": "自评结果公开情况", "项目完成情况": "项目支出绩效目标完成情况"}),
])  # fmt: skip
def test_a_report_is_not_issued_while_a_text_that_only_a_person_can_write_is_empty(
    name: str,
    kind: str,
    gone: dict[str, str],
    request: pytest.FixtureRequest,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    book = Path(shutil.copy(request.getfixturevalue(name), tmp_path / "评分簿.xlsx"))
    optional = {
        "核查": ("问题补充", "建议补充"),
        "自评": ("自评人员", "问题补充", "目标完成情况", "整改措施"),
    }
    put(book, {f"文字.{key}": None for key in (*gone, *optional[kind])})
    pipeline.score(book)
    assert cli("report", book, "-o", tmp_path / "报告.docx") == 3
    first, *others = capsys.readouterr().err.splitlines()
    assert "J710" in first and f"还有{len(gone)}处" in first and not (tmp_path / "报告.docx").exists()
    assert len(others) == len(gone)
    for title in gone.values():
        line = next(line for line in others if f"“{title}”没有填写：" in line)
        assert "J711" in line and "评分簿.xlsx 文字!E" in line and "例子：" in line
    text = drafted(book, kind, draft=True)
    assert all(f"〔待填写：{title}（" in text.text() for title in gone.values())
    assert text.text().count("〔待填写：") == len(gone)


def test_a_unit_without_projects_is_not_asked_about_them(draft: Callable[..., Draft]) -> None:
    titles = [need.title for need in draft("facts: {}\n", "自评").unwritten]
    assert "自评结果公开情况" in titles and not [title for title in titles if "项目" in title]


def test_the_signed_page_names_the_people_and_leaves_room_to_sign(suixi: Path, changli: Path) -> None:
    for path, kind, person, seal in (
        (suixi, "核查", ["1", "张某【示例】", "注册会计师", "组长", ""], "评价机构（盖章）："),
        (changli, "自评", ["2", "赵某【示例】", "招商股", "数据填报", ""], "单位负责人（签字）："),
    ):
        report = drafted(path, kind)
        at = next(n for n, block in enumerate(report.blocks) if isinstance(block, Heading) and block.new_page)
        people, signs = report.blocks[at + 1 :]
        assert isinstance(people, Grid) and isinstance(signs, Grid)
        assert person in [[cell.text for cell in row] for row in people.body]
        assert seal in [cell.text.split("\n")[0] for row in signs.body for cell in row]
        assert all("年　　月　　日" in cell.text for row in signs.body for cell in row)


def test_texts_are_known_by_their_titles_too(book: Path, tmp_path: Path) -> None:
    (tmp_path / "题.yaml").write_text("texts: {部门职能职责: 按题名写的职能}\n", "utf-8")
    pipeline.fill(book, [], facts_file=tmp_path / "题.yaml")
    assert "按题名写的职能。" in drafted(book, "核查").text()
