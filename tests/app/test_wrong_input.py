"""Wrong input: one clear line, the right exit code, nothing changed on disk."""

from __future__ import annotations

import struct
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def encrypted() -> bytes:
    """A compound file with the streams of an encrypted workbook in its directory."""
    header = OLE + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(10)
    header += struct.pack("<IIIIIIII", 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    header += struct.pack("<I", 0) + b"\xff" * (109 * 4 - 4)
    table = struct.pack("<III", 0xFFFFFFFD, 0xFFFFFFFE, 0xFFFFFFFE) + b"\xff" * (512 - 12)
    entries = b""
    for name, kind, child in (
        ("Root Entry", 5, 1),
        ("EncryptionInfo", 2, 2),
        ("EncryptedPackage", 2, 0xFFFFFFFF),
    ):
        raw = (name + "\0").encode("utf-16-le")
        entry = raw.ljust(64, b"\0") + struct.pack("<HBB", len(raw), kind, 1)
        entry += struct.pack(
            "<III", 0xFFFFFFFF, child if kind == 2 else 0xFFFFFFFF, child if kind == 5 else 0xFFFFFFFF
        )
        entries += entry + bytes(36) + struct.pack("<IQ", 0xFFFFFFFE, 0)
    return header + table + entries.ljust(512, b"\0")


@pytest.fixture
def wrong(book: Path) -> Path:
    """The working folder with everything that is wrong in it."""
    folder = book.parent
    (folder / "文件夹.xlsx").mkdir()
    (folder / "文字.xlsx").write_text("不是工作簿", "utf-8")
    (folder / "零字节.xlsx").write_bytes(b"")
    (folder / "加密.xlsx").write_bytes(encrypted())
    blank = openpyxl.Workbook()
    blank.save(folder / "空白.xlsx")
    assert blank.active is not None
    blank.active["A1"], blank.active["B7"] = "随便写的", 3
    blank.save(folder / "认不出.xlsx")
    (folder / "未知数据.yaml").write_text("facts:\n  收入预算书: 3\n", "utf-8")
    (folder / "未知指标.yaml").write_text("awarded:\n  预算编制准确姓: 3\n", "utf-8")
    (folder / "坏.yaml").write_text("facts:\n  收入预算数: 3\n   x: 1\n", "utf-8")
    (folder / "重复.yaml").write_text("id: a\nid: b\n", "utf-8")
    (folder / "空").mkdir()
    (folder / "错放" / "rubrics").mkdir(parents=True)
    (folder / "错放" / "rubrics" / "2025.yaml").write_text("id: a\n", "utf-8")
    return folder


CASES: list[tuple[str, int, str, list[str]]] = [
    ("score BOOK", 3, "J559", ["没有.xlsx"]),
    ("score a folder", 3, "J533", ["文件夹.xlsx"]),
    ("score text", 3, "J560", ["文字.xlsx"]),
    ("score nothing", 3, "J560", ["零字节.xlsx"]),
    ("score encrypted", 3, "加密.xlsx", ["加密.xlsx"]),
    ("score another workbook", 3, "J560", ["空白.xlsx"]),
]


@pytest.mark.parametrize("verb", ["score", "check", "verify", "fill"])
@pytest.mark.parametrize(("what", "code", "says", "words"), CASES, ids=[case[0] for case in CASES])
def test_a_file_that_is_no_scoring_workbook(
    wrong: Path, run: Any, folder_state: Any, verb: str, what: str, code: int, says: str, words: list[str]
) -> None:
    before = folder_state(wrong)
    more = ["--facts", "坏.yaml"] if verb == "fill" else []
    ran = run(verb, *words, *more)
    assert (ran.code, ran.out) == (code, "")
    assert says in ran.line and words[0] in ran.line
    assert folder_state(wrong) == before


SOURCES: list[tuple[str, int, str]] = [
    ("没有.xlsx", 3, "找不到"),
    ("文件夹.xlsx", 3, "文件夹"),
    ("文字.xlsx", 3, "J106"),
    ("零字节.xlsx", 3, "空文件"),
    ("加密.xlsx", 3, "密"),
    ("空白.xlsx", 3, "没有找到可识别的表格"),
    ("认不出.xlsx", 3, "没有找到可识别的表格"),
]


@pytest.mark.parametrize(("source", "code", "says"), SOURCES)
def test_a_source_that_cannot_be_used(
    wrong: Path, run: Any, folder_state: Any, source: str, code: int, says: str
) -> None:
    before = folder_state(wrong)
    ran = run("fill", "评分簿.xlsx", source)
    assert (ran.code, ran.out) == (code, "")
    assert source in ran.line and says in ran.line
    assert folder_state(wrong) == before


FACTS = [
    ("未知数据.yaml", 2, "是否指“收入预算数”"),
    ("未知指标.yaml", 2, "是否指“预算编制准确性”"),
    ("坏.yaml", 3, "第3行"),
    ("没有.yaml", 3, "找不到文件"),
]


@pytest.mark.parametrize(("facts", "code", "says"), FACTS)
def test_a_facts_file_that_cannot_be_used(
    wrong: Path, run: Any, folder_state: Any, facts: str, code: int, says: str
) -> None:
    before = folder_state(wrong)
    ran = run("fill", "评分簿.xlsx", "--facts", facts)
    assert (ran.code, ran.out) == (code, "")
    assert facts in ran.line and says in ran.line
    assert folder_state(wrong) == before


USAGE = [
    (["scroe", "评分簿.xlsx"], "是否指“score”"),
    (["rubric", "lst"], "是否指“list”"),
    (["score"], "缺少参数“评分簿”｜用法：jixiao score 评分簿 [选项]"),
    (["fill", "评分簿.xlsx"], "缺少参数“来源”（或选项“--facts”）"),
    (["new", "suixi-2022"], "缺少选项“-o/--output”"),
    (["score", "评分簿.xlsx", "--jsn"], "是否指“--json”"),
    (["score", "评分簿.xlsx", "--json=3"], "选项“--json”后面不应有值"),
    (["score", "评分簿.xlsx", "多余"], "多余的参数：多余"),
    (["verify", "评分簿.xlsx", "--engine"], "选项“--engine”后面缺少值｜用法：jixiao verify"),
    (["verify", "评分簿.xlsx", "--engine", "excel"], "应为fast、formulas、libreoffice、all"),
    (["verify", "评分簿.xlsx", "--format", "html"], "应为text、json、junit"),
    (["new", "suixi-2022", "-o", "新.xlsx", "--year", "22"], "四位数的年度"),
    (["new", "suixi-2023", "-o", "新.xlsx"], "是否指“suixi-2022”"),
    (["new", "没有.yaml", "-o", "新.xlsx"], "找不到评分表定义文件“没有.yaml”"),
    (["new", "重复.yaml", "-o", "新.xlsx"], "重复.yaml 第2行：键“id”重复"),
    (["rubric", "lint", "重复.yaml"], "第2行"),
    (["rubric", "show", "suixi"], "是否指“suixi-2022”"),
    (["rubric", "list", "--definitions", "没有"], "找不到文件夹“没有”"),
    (["rubric", "list", "--definitions", "坏.yaml"], "是文件，需要的是文件夹"),
    (["rubric", "list", "--definitions", "空"], "“空”不能用：其中没有定义"),
    (["rubric", "list", "--definitions", "错放"], "没有读取其中的 rubrics/2025.yaml"),
    (["demo", "坏.yaml"], "是文件，需要的是文件夹"),
]


@pytest.mark.parametrize(("words", "says"), USAGE, ids=[" ".join(words) for words, _ in USAGE])
def test_wrong_usage(wrong: Path, run: Any, folder_state: Any, words: list[str], says: str) -> None:
    before = folder_state(wrong)
    ran = run(*words)
    assert (ran.code, ran.out) == (2, "")
    assert says in ran.line
    assert folder_state(wrong) == before


@pytest.mark.parametrize("words", [[], ["rubric"]])
def test_without_a_verb_the_help_is_shown(run: Any, words: list[str]) -> None:
    ran = run(*words)
    assert (ran.code, ran.out) == (2, "")
    assert "命令：" in ran.err and "请写明要执行的命令" in ran.err


JSON = [
    (["score", "没有.xlsx", "--json"], 3, "J559"),
    (["check", "文字.xlsx", "--json"], 3, "J560"),
    (["fill", "评分簿.xlsx", "文字.xlsx", "--json"], 3, "J106"),
    (["score", "--json"], 2, "J810"),
    (["check", "评分簿.xlsx", "多余", "--json"], 2, "J813"),
    (["rubric", "show", "suixi", "--json"], 2, "J801"),
    (["verify", "--format", "json"], 2, "J810"),
]


@pytest.mark.parametrize(("words", "code", "finding"), JSON, ids=[" ".join(case[0]) for case in JSON])
def test_errors_are_json_where_json_was_asked_for(
    wrong: Path, run: Any, words: list[str], code: int, finding: str
) -> None:
    ran = run(*words)
    assert (ran.code, ran.err) == (code, "")
    error = ran.data["error"]
    assert error["code"] == finding and error["message"] and error["advice"]
    assert isinstance(error["sources"], list) and set(ran.data) == {"error"}


@pytest.mark.parametrize("lock", ["~$评分簿.xlsx", ".~lock.评分簿.xlsx#"])
@pytest.mark.parametrize("words", [["score", "评分簿.xlsx"], ["fill", "评分簿.xlsx", "--facts", "x.yaml"]])
def test_a_workbook_that_is_open_elsewhere(
    book: Path, run: Any, folder_state: Any, lock: str, words: list[str]
) -> None:
    (book.parent / lock).write_bytes(b"")
    before = folder_state(book.parent)
    ran = run(*words)
    assert ran.code == 4 and "评分簿.xlsx" in ran.line and lock in ran.line
    assert folder_state(book.parent) == before


def test_a_read_only_workbook(book: Path, run: Any, folder_state: Any) -> None:
    book.chmod(0o444)
    before = folder_state(book.parent)
    ran = run("score", book)
    assert ran.code == 6 and "只读" in ran.line
    assert folder_state(book.parent) == before


def test_a_target_that_exists_or_whose_folder_does_not(book: Path, run: Any, folder_state: Any) -> None:
    before = folder_state(book.parent)
    assert (ran := run("new", "suixi-2022", "-o", book)).code == 6 and "已经存在" in ran.line
    assert (ran := run("new", "suixi-2022", "-o", "没有/新.xlsx")).code == 6 and "文件夹不存在" in ran.line
    assert folder_state(book.parent) == before


@pytest.mark.skipif(sys.platform == "win32", reason="limits of the POSIX kind")
def test_a_full_disk(book: Path, folder_state: Any) -> None:
    before = folder_state(book.parent)
    script = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096));"
        "from jixiao.app import main; sys.exit(main(['new', 'suixi-2022', '-o', '新.xlsx']))"
    )
    done = subprocess.run(
        [sys.executable, "-B", "-c", script], capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert (done.returncode, done.stdout) == (6, "")
    assert "无法写入“新.xlsx”" in done.stderr and done.stderr.count("\n") == 1
    assert folder_state(book.parent) == before


def test_a_bug_of_ours_is_a_line_and_a_log(
    book: Path, run: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("secret of the code")

    monkeypatch.setattr("jixiao.pipeline.score", fail)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    ran = run("score", book)
    logs = list(tmp_path.glob("jixiao-*.log"))
    assert ran.code == 70 and "内部错误（RuntimeError）" in ran.line and str(logs[0]) in ran.line
    assert "secret of the code" in logs[0].read_text("utf-8") and "secret" not in ran.err


STOPS: list[tuple[type[BaseException], int, str]] = [
    (KeyboardInterrupt, 130, "已中断"),
    (MemoryError, 5, "内存不足"),
    (BrokenPipeError, 141, ""),
]


@pytest.mark.parametrize(("stop", "code", "says"), STOPS)
@pytest.mark.parametrize(
    "words", [["score", "x.xlsx"], ["score", "x.xlsx", "--json", "--json"], ["check", "x.xlsx"]]
)
def test_other_ways_to_stop(
    run: Any,
    monkeypatch: pytest.MonkeyPatch,
    stop: type[BaseException],
    code: int,
    says: str,
    words: list[str],
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise stop

    silent: Callable[[], int] = lambda: 141  # noqa: E731 - the streams of pytest must stay open
    monkeypatch.setattr("jixiao.app.cli._unread", silent)
    monkeypatch.setattr("jixiao.pipeline.score", fail)
    monkeypatch.setattr("jixiao.pipeline.check", fail)
    ran = run(*words)
    assert ran.code == code
    assert says in ran.out + ran.err and "Traceback" not in ran.err


def test_nobody_reads_the_output(book: Path) -> None:
    command = (
        f'"{sys.executable}" -B -m jixiao check {book.name} | head -1 >/dev/null; echo ${{PIPESTATUS[0]}}'
    )
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert done.stdout.strip() in {"141", "1"}  # 1 where all of it fitted into the pipe
