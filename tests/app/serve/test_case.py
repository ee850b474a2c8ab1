"""The worked case over the page's questions: sources dropped, 82.27, the findings, the workbook back and proved."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from jixiao import pipeline
from jixiao.app import demo
from jixiao.office import open_workbook
from tests.app import test_finish
from tests.app.serve.loopback import Client


@pytest.fixture(scope="module")
def case(client: Client) -> tuple[str, Any]:
    """A session with every source of the worked case, scored, and what was said."""
    session, folder = client.session(), demo.specimen_folder()
    roles = [
        client.put(session, name, (folder / name).read_bytes()).data["role"]
        for name in (*demo.SOURCES, demo.JUDGEMENTS)
    ]
    assert roles == ["source"] * len(demo.SOURCES) + ["facts"]
    return session, client.call("POST", f"{session}/score", {"rubric": "suixi-2022"}).data


def test_the_score_is_the_published_one(case: tuple[str, Any]) -> None:
    _, data = case
    assert (data["total"], data["rule_total"], data["grade"], data["full"]) == (82.27, 82, "良", 100)
    assert [group["title"] for group in data["groups"]] == [
        "预算编制情况",
        "预算执行情况",
        "预算监督情况",
        "预算执行效益",
    ]
    assert sum(item["lost"] for item in data["lost"]) == pytest.approx(100 - 82.27)
    assert [group["open"] for group in data["groups"]] == [0] * 4
    assert [item["lost"] for item in data["lost"]] == sorted(
        (item["lost"] for item in data["lost"]), reverse=True
    )
    assert all(item["why"] for item in data["lost"])


def test_a_finding_names_file_sheet_and_cell(case: tuple[str, Any]) -> None:
    _, data = case
    income = next(f for f in data["findings"] if f["code"] == "J202" and "收入决算数" in f["message"])
    assert {(s["file"], s["cell"]) for s in income["sources"]} == {
        ("决算报表.xlsx", "E34"),
        ("科目余额表.csv", "F18"),
    }
    assert income["advice"]
    assert not [f for f in data["findings"] if str(Path.cwd().anchor + "tmp") in str(f)]


def test_the_workbook_comes_back_and_proves(client: Client, case: tuple[str, Any], tmp_path: Path) -> None:
    session, _ = case
    said = client.call("GET", f"{session}/book")
    assert said.status == 200 and "spreadsheetml" in said.headers["content-type"]
    assert said.headers["content-disposition"].startswith("attachment; filename*=UTF-8''%E9%81%82")
    book = tmp_path / "评分簿.xlsx"
    book.write_bytes(said.body)
    assert pipeline.verify([book])[0].proved
    assert str(pipeline.score(book, write=False).total) == "82.27"


def test_a_second_press_gives_the_same_workbook(client: Client, case: tuple[str, Any]) -> None:
    session, data = case
    first = client.call("GET", f"{session}/book").body
    again = client.call("POST", f"{session}/score", {"rubric": "suixi-2022"}).data
    assert again == data and client.call("GET", f"{session}/book").body == first


def test_the_page_proves_and_checks_as_the_command_line_does(client: Client, case: tuple[str, Any]) -> None:
    session, data = case
    checks = client.call("POST", f"{session}/check", {}).data["checks"]
    assert sum(item["outcome"] == "不一致" for item in checks) == data["checks"]["不一致"] > 0
    proof = client.call("POST", f"{session}/verify", {}).data
    assert proof["proved"] and proof["total"] == 82.27 and proof["engines"][0]["differences"] == 0


def test_the_draft_of_the_report_comes_back(client: Client, case: tuple[str, Any]) -> None:
    session, _ = case
    if not client.call("GET", "/api/about").data["report"]:
        pytest.skip("没有报告功能")
    early = client.call("GET", f"{session}/report")
    assert early.code == "J881"
    made = client.call("POST", f"{session}/report", {"kind": "", "draft": True}).data
    assert made["draft"] and made["kind"] == "核查" and made["pending"]
    said = client.call("GET", f"{session}/report")
    assert said.body[:2] == b"PK" and "wordprocessingml" in said.headers["content-type"]


def test_a_scored_workbook_can_be_dropped_again_and_filled_further(client: Client, master: Path) -> None:
    session = client.session()
    said = client.put(session, "终稿.xlsx", master.read_bytes())
    assert said.data["role"] == "book"
    assert client.call("POST", f"{session}/score", {}).data["total"] == 82.27
    client.put(session, demo.SOURCES[0], (demo.specimen_folder() / demo.SOURCES[0]).read_bytes())
    data = client.call("POST", f"{session}/score", {}).data
    assert (data["total"], data["book"]) == (82.27, "终稿.xlsx")
    client.call("DELETE", session)


def test_a_department_book_shows_its_project_tables(client: Client, session: str) -> None:
    changli = demo.CASES["changli"]
    client.put(session, changli.facts, (demo.specimen_folder(changli) / changli.facts).read_bytes())
    data = client.call("POST", f"{session}/score", {"rubric": changli.rubric}).data
    assert data["total"] == 98
    assert [(t["name"], t["points"]) for t in data["tables"]][:2] == [
        ("昌黎县招商中心", 98),
        ("招商引资工作经费", 96),
    ]


@pytest.mark.parametrize("verb", ["check", "verify", "report"])
def test_nothing_can_be_proved_before_it_is_scored(client: Client, session: str, verb: str) -> None:
    said = client.call("POST", f"{session}/{verb}", {})
    assert (said.status, said.code) == (400, "J881")


def test_an_empty_session_is_told_what_is_missing(client: Client, session: str) -> None:
    assert client.call("POST", f"{session}/score", {"rubric": "suixi-2022"}).code == "J880"
    assert client.call("POST", f"{session}/nichts", {}).code == "J873"
    client.put(session, "表.csv", "甲,乙\n".encode())
    assert client.call("POST", f"{session}/score", {}).code == "J896"
    assert client.call("POST", f"{session}/score", {"rubric": "@"}).code == "J881"
    assert client.call("POST", f"{session}/own", {"rubric": "@"}).code == "J879"


def test_answers_that_do_not_fit_are_told_and_nothing_is_saved(client: Client, session: str) -> None:
    assert client.call("POST", f"{session}/question", {"question": "1"}).code == "J881"
    for name, data in {"表.xlsx": b"x", "表.pdf": b"%PDF-1.7"}.items():
        said = client.call("PUT", f"{session}/table?name={quote(name)}", data)
        assert said.status == 422 and name in str(said.data["error"])
    rows = "\n".join(",".join(map(str, row)) for row in test_finish.ROWS)
    made = client.call("PUT", f"{session}/table?name={quote('甲 表.csv')}", rows.encode()).data
    assert made["files"][0] | {"size": 0} == {
        "name": "甲 表.yaml",
        "role": "definition",
        "size": 0,
        "table": False,
    }
    (first, *_) = made["questions"]["questions"]
    kept = client.call("GET", f"{session}/definition").body
    answer = {"question": str(first["id"]), "choice": "0", "who": "李审核"}
    for wrong in (
        {"question": "99"},
        {"choice": "99"},
        {"choice": "x"},
        {"choice": "", "text": "胡写"},
        {"who": " "},
    ):
        assert client.call("POST", f"{session}/answer", {**answer, **wrong}).status == 400
    assert client.call("GET", f"{session}/definition").body == kept
    assert client.call("POST", f"{session}/answer", answer).data["count"] == 1
    assert client.call("GET", session).data["questions"]["decisions"][0]["who"] == "李审核"
    assert client.call("POST", f"{session}/back", {}).data["questions"]["back"] is False
    assert client.call("GET", f"{session}/definition").body == kept


def test_sources_that_nobody_knows_are_told(client: Client, session: str) -> None:
    client.put(session, "菜单.csv", "菜,价\n白菜,2\n".encode())
    said = client.call("POST", f"{session}/score", {"rubric": "suixi-2022"})
    assert (said.status, said.code) == (422, "J803") and "菜单.csv" in said.data["error"]["message"]
    client.put(session, "补充.yaml", "没有这个: 1\n".encode())
    said = client.call("POST", f"{session}/score", {"rubric": "suixi-2022"})
    assert said.status in (400, 422) and said.data["error"]["code"].startswith("J")


def test_an_officers_own_table_is_filled_and_nothing_else(
    client: Client, session: str, own_table: Path
) -> None:
    data = own_table.read_bytes()
    files = client.put(session, "自评 表.xlsx", data).data["files"]
    assert files[0]["table"] is True
    client.put(session, demo.SOURCES[0], (demo.specimen_folder() / demo.SOURCES[0]).read_bytes())
    assert [file["table"] for file in client.call("GET", session).data["files"]] == [True, False]
    assert client.call("GET", f"{session}/own").code == "J881"
    made = client.call("POST", f"{session}/own", {"file": "自评 表.xlsx"}).data
    assert made["ok"] and "填写 5 项" in made["message"] and made["cells"]
    assert {cell.partition("!")[0] for cell in made["cells"]} == {"绩效评分"}
    said = client.call("GET", f"{session}/own")
    before, after = open_workbook(data), open_workbook(said.body)
    changed = {
        f"{name}!{cell.ref}"
        for name in after.sheet_names
        for old in [{cell.ref: cell.value for cell in before.sheet(name).cells()}]
        for cell in after.sheet(name).cells()
        if cell.formula is None and old.get(cell.ref) != cell.value
    }
    assert changed == set(made["cells"])
