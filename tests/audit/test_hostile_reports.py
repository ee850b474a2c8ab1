"""Files that are no report, and reports no office writes: a clear message within a second or two."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from jixiao.audit import read_report
from jixiao.model import LimitReached, Refused

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.'
    'document.main+xml"/></Types>'
)
RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    'Target="word/document.xml"/></Relationships>'
)


def word(path: Path, body: str) -> None:
    """A small .docx with a body."""
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("[Content_Types].xml", TYPES)
        made.writestr("_rels/.rels", RELATIONS)
        made.writestr(
            "word/document.xml", f'<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>'
        )


def text(content: bytes) -> Callable[[Path], object]:
    """What writes a file with a content."""
    return lambda path: path.write_bytes(content)


def digits(path: Path) -> None:
    word(path, f"<w:p><w:r><w:t>支出{'1' * 200_000}万元</w:t></w:r></w:p>")


def nested(path: Path) -> None:
    word(path, "<w:tbl><w:tr><w:tc>" * 3_000 + "<w:p/>" + "</w:tc></w:tr></w:tbl>" * 3_000)


CASES = [
    ("a.docx", text(b"{\\rtf1 hello}"), "RTF"),
    ("a.pdf", text("支出决算数1万元".encode()), "纯文字"),
    ("a.docx", text(b""), "空的"),
    ("a.docx", text(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600), "旧格式"),
    ("a.doc", text(b"<html><body>1</body></html>"), "网页"),
    ("a.docx", lambda path: path.mkdir(), "文件夹"),
    ("a.docx", lambda path: None, "找不到文件"),
    ("a.txt", text(b"1" * 1_000_000), "位的数字"),
    ("a.docx", digits, "位的数字"),
    ("a.docx", nested, "嵌套"),
]


@pytest.mark.parametrize(("name", "make", "word_of"), CASES)
def test_a_clear_message(name: str, make: Callable[[Path], object], word_of: str, tmp_path: Path) -> None:
    make(tmp_path / name)
    with pytest.raises((Refused, LimitReached)) as raised:
        read_report(tmp_path / name)
    assert word_of in str(raised.value)
