"""The .xlam: the same bytes each time, the text that we wrote, a container that other readers accept."""

from __future__ import annotations

import io
import os
import re
import shutil
import struct
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import jixiao
from addin import making
from addin.making import checklist
from addin.making.compound import compound
from addin.making.ovba import compress
from addin.making.package import WORKBOOK
from jixiao.office import Package

olefile = pytest.importorskip("olefile")
olevba = pytest.importorskip("oletools.olevba")
mraptor = pytest.importorskip("oletools.mraptor")

SOURCES = making.FOLDER
MODULES = sorted((*SOURCES.glob("excel/vba/*.bas"), *SOURCES.glob("excel/vba/*.cls")))


@pytest.fixture(scope="module")
def xlam() -> bytes:
    return making.files()[making.XLAM]


def part(xlam: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(xlam)) as package:
        return package.read(name)


def test_two_builds_are_alike_byte_for_byte(tmp_path: Path, xlam: bytes) -> None:
    """In another process, time zone, language and folder."""
    script = SOURCES / "making" / "__main__.py"
    subprocess.run(
        [sys.executable, str(script), "-o", str(tmp_path / "别处")],
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join((str(SOURCES.parent), *sys.path)),
            "TZ": "Asia/Shanghai",
            "LC_ALL": "C",
            "PYTHONHASHSEED": "7",
        },
        cwd=tmp_path,
        check=True,
    )
    assert (tmp_path / "别处" / making.XLAM).read_bytes() == xlam


def test_the_committed_add_ins_are_what_the_text_makes() -> None:
    for name, data in making.files().items():
        assert (SOURCES / name).read_bytes() == data, f"run: make addin ({name})"


def test_other_readers_find_the_text_that_we_wrote(xlam: bytes) -> None:
    parser = olevba.VBA_Parser("jixiao.xlam", data=xlam)
    found = {name: code for _, _, name, code in parser.extract_macros()}
    parser.close()
    assert {name.rpartition("/")[2] for name in found} == {path.name for path in MODULES}
    for path in MODULES:
        code = next(code for name, code in found.items() if name.rpartition("/")[2] == path.name)
        assert code.replace("\r\n", "\n").rstrip("\n") == path.read_text("ascii").rstrip("\n")


def test_nothing_that_a_virus_scanner_stops_at(xlam: bytes) -> None:
    parser = olevba.VBA_Parser("jixiao.xlam", data=xlam)
    code = "\n".join(code for _, _, _, code in parser.extract_macros())
    raptor = mraptor.MacroRaptor(code)
    raptor.scan()
    kinds = {kind for kind, _, _ in parser.analyze_macros()}
    words = {word.lower() for kind, word, _ in parser.analyze_macros() if kind == "Suspicious"}
    parser.close()
    assert not (raptor.suspicious or raptor.autoexec or raptor.execute)
    assert "AutoExec" not in kinds
    assert "IOC" not in kinds
    assert words <= {"environ", "open", "output", "print #", "hex strings", "base64 strings"}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_the_macros_only_ring(path: Path) -> None:
    text = path.read_bytes()
    assert text.isascii()
    banned = (
        rb"\bShell\b|CreateObject|GetObject|\bDeclare\b|https?:|WinHttp|XMLHTTP|SendKeys|\bKill\b|\bCallByName\b"
        rb"|Auto_?Open|Auto_?Exec|Workbook_|Worksheet_|\bRun\b|ExecuteExcel4|AddressOf|\bRmDir\b|FileCopy|\bEvaluate\b"
    )
    assert re.findall(banned, text, re.IGNORECASE) == []


def test_the_package_is_whole_and_points_nowhere_else(xlam: bytes) -> None:
    package = Package(xlam)
    names = set(package.names)
    for name in names:
        if not name.endswith(".rels"):
            continue
        folder = name.rpartition("_rels/")[0]
        for target in re.findall(r'Target="([^"]+)"', package.read(name).decode()):
            assert folder + target in names, f"{name}: {target}"
    assert all(b"TargetMode" not in package.read(name) for name in names)
    assert b"addin.macroEnabled.main+xml" in package.read("[Content_Types].xml")


def test_the_ribbon_of_2007_is_the_same_ribbon(xlam: bytes) -> None:
    new, old = (part(xlam, f"customUI/{name}.xml").decode() for name in ("customUI14", "customUI"))
    assert old == new.replace("2009/07/customui", "2006/01/customui") != new


def test_another_reader_sees_the_messages() -> None:
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(making.xlam(SOURCES, jixiao.__version__, WORKBOOK)))
    rows: list[Any] = list(book.worksheets[0].iter_rows(values_only=True))
    kept = dict(rows)
    assert kept.pop("release") == jixiao.__version__
    assert kept == making.messages(SOURCES / "excel" / "messages.yaml")


@given(st.binary(max_size=9_000) | st.text("ab \r\n", max_size=9_000).map(str.encode))
def test_compression_is_undone_by_another_program(data: bytes) -> None:
    if data:
        made = olevba.decompress_stream(bytearray(compress(data)))
        # a chunk that does not shrink is padded with zeros, which only random bytes ever need
        assert bytes(made)[: len(data)] == data
        assert not any(bytes(made)[len(data) :])


@given(
    st.dictionaries(
        st.text("abXYZ_1", min_size=1, max_size=31), st.binary(max_size=6_000), min_size=1, max_size=24
    )
)
def test_a_container_is_read_by_another_program(streams: dict[str, bytes]) -> None:
    named = {f"VBA/{name}": data for name, data in streams.items()}
    unlike = len({name.upper() for name in streams}) == len(streams)  # the format does not tell A from a
    if unlike:
        with olefile.OleFileIO(io.BytesIO(compound(named)), raise_defects=olefile.DEFECT_POTENTIAL) as ole:
            assert {"/".join(path) for path in ole.listdir()} == set(named)
            for name, data in named.items():
                assert ole.openstream(name).read() == data
            balanced(ole)


def balanced(ole: Any) -> None:
    """The directory is a red-black tree in the order of the format: Excel removes the macros otherwise."""
    for storage in (entry for entry in ole.direntries if entry is not None and entry.entry_type in (1, 5)):
        seen: list[tuple[int, str]] = []

        def walk(number: int, above: int, seen: list[tuple[int, str]] = seen) -> int:
            if number == 0xFFFFFFFF:
                return 1
            entry = ole.direntries[number]
            assert entry.color == 1 or above == 1, "two red entries in a row"
            left = walk(entry.sid_left, entry.color)
            seen.append((len(entry.name), entry.name.upper()))
            assert left == walk(entry.sid_right, entry.color), "unequal numbers of black entries"
            return left + int(entry.color)

        walk(storage.sid_child, 1)
        assert seen == sorted(seen)


def test_a_name_that_does_not_fit_is_an_error() -> None:
    with pytest.raises(ValueError, match="name too long"):
        compound({"x" * 32: b""})


def test_every_button_has_its_pictures() -> None:
    """Square, of the size in the name, with an edge that lets the ribbon shine through."""
    for file in sorted((SOURCES / "icons").glob("*.png")):
        size = int(file.stem.rpartition("-")[2])
        data = file.read_bytes()
        assert data[:8] == b"\x89PNG\r\n\x1a\n"
        assert struct.unpack_from(">LLBB", data, 16) == (size, size, 8, 6), file.name


def test_a_wrong_text_is_named(tmp_path: Path) -> None:
    copy = tmp_path / "addin"
    shutil.copytree(SOURCES, copy)
    assert making.xlam(copy, "1")
    (copy / "excel" / "vba" / "JxText.bas").write_text("' 中文\n", "utf-8")
    with pytest.raises(UnicodeDecodeError):
        making.xlam(copy, "1")
    (copy / "icons" / "score-64.png").unlink()
    with pytest.raises(FileNotFoundError, match=r"score-64\.png"):
        making.xlam(copy, "1")


def test_the_checklist_records_answers_and_what_nobody_signed_is_unproven(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "核对表.xlsx"

    def run(*words: str) -> str:
        monkeypatch.setattr("sys.argv", ["checklist", *words])
        checklist.main()
        return capsys.readouterr().out

    assert run("-o", str(path)) == ""
    assert set(checklist.answers(path).values()) == {checklist.UNPROVEN}
    book = openpyxl.load_workbook(path)
    sheet = book["核对"]
    assert sheet.max_row == len(checklist.items()) + 1
    for row, filled in {2: ("通过", "", "16.0", "李", "2026-12-01"), 3: ("通过", "", "", "李", "2026-12-01"),
                        4: ("没有通过", "打不开", "12.1", "王", "2026-12-02")}.items():  # fmt: skip
        for column, value in enumerate(filled, 5):
            sheet.cell(row, column, value)
    book.save(path)
    told = run("--read", str(path)).splitlines()
    count = {host: sum(of == host for _, of, _, _ in checklist.items()) for host in checklist.HOSTS.values()}
    assert told == [
        f"Windows Excel：通过 1，未证明 {count['Windows Excel'] - 1}",
        f"Mac Excel：未证明 {count['Mac Excel']}",
        f"WPS 表格：没有通过 1，未证明 {count['WPS 表格'] - 1}：opens",
    ]
