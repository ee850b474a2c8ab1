"""A PDF as sheets of cells: where words stand, what is doubtful, what is refused, and files made to do harm."""

from __future__ import annotations

import contextlib
import random
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from jixiao.model import LimitReached, Refused, Stop
from jixiao.office import Book, read_book
from tests.office.pdf_maker import LINES, Paper, pdf, to_unicode, whole

pytest.importorskip("pypdfium2")


def read(*papers: Paper, **more: object) -> Book:
    return read_book(pdf(*papers, **more), "决算.pdf")  # type: ignore[arg-type]


def rows(book: Book, page: int = 0) -> list[list[str]]:
    made: dict[int, dict[int, str]] = {}
    for (row, column), cell in book.sheets[page].cells.items():
        made.setdefault(row, {})[column] = str(cell.value)
    return [[line.get(column, "") for column in range(1, max(line) + 1)] for _, line in sorted(made.items())]


def test_words_stand_in_the_first_column_and_tables_behind_it() -> None:
    book = read(Paper().table().text(60, 380, "注：本表反映收支情况。"), Paper().text(60, 50, "名词解释"))
    assert [sheet.name for sheet in book.sheets] == ["第1页", "第2页"] and not book.typed
    first = rows(book)
    assert first[:3] == [["收入支出决算总表"], ["单位：万元"], ["", "收入", "", "支出"]]
    assert first[4] == ["", "一、一般公共预算财政拨款收入", "1,234.56", "一、一般公共服务支出", "1,000.00"]
    assert first[-1] == ["注：本表反映收支情况。"] and rows(book, 1) == [["名词解释"]]
    assert book.sheets[0].source(5, 3).box == (1, 250, 120, 320, 140)
    assert book.findings == []


HEAD = [("项目", "本年支出", "", "其他"), ("", "基本支出", "项目支出", ""), ("合计", "1.00", "2.00", "3.00")]


def test_merged_headings_are_merged_cells() -> None:
    gone = [(0, 0, "below"), (0, 1, "right"), (0, 3, "below")]
    sheet = read(Paper().table(HEAD, without=gone)).sheets[0]
    assert sorted(sheet.merged) == ["A1:E1", "A2:E2", "B3:B4", "C3:D3", "E3:E4"]
    assert sheet.boxes[3, 3] == (1, 250, 80, 510, 100)


@pytest.mark.parametrize(
    ("words", "cell"),
    [
        ("123,456,7\n89.01", "123,456,789.01"),  # broken by the width of the cell
        ("123,456,\n789.01", "123,456,789.01"),
        ("5364\n.75", "5364.75"),
        ("△0.50", "△0.50"),
        ("(10.00)", "(10.00)"),
        ("1,234.56\n100.00", "？1,234.56 100.00"),
        ("1000\n2000", "？1000 2000"),
    ],
)
def test_a_number_on_two_lines_is_one_only_where_it_cannot_be_two(words: str, cell: str) -> None:
    book = read(Paper().table([*LINES[:2], ("本年收入合计", words, "", "")]))
    assert rows(book)[4][2] == cell
    assert [found.code for found in book.findings] == (["J154"] if cell.startswith("？") else [])


@pytest.mark.parametrize(
    ("turn", "tilt"), [(0, 0), (90, 0), (180, 0), (270, 0), (0, 1), (0, 2), (0, 3), (90, 1), (270, 3)]
)
def test_a_page_laid_sideways_is_read_upright(turn: int, tilt: int) -> None:
    paper = Paper(595, 842, turn=turn, tilt=tilt) if tilt % 2 else Paper(turn=turn, tilt=tilt)
    assert rows(read(paper.table())) == rows(read(Paper().table()))


def test_a_label_longer_than_its_cell_is_one_label() -> None:
    """What is drawn at once stays together; where the next cell cuts it off, nobody knows how it ends."""
    long = "机关事业单位基本养老保险缴费支出（含职业年金）及其他"
    lines = [*LINES[:2], (long, "", "", ""), (long, "12.00", "", "")]
    found = rows(read(Paper().table(lines)))
    assert found[4] == ["", long] and found[5] == ["", f"？{long}", "12.00"]


@pytest.mark.parametrize(("font", "cell"), [("", "11627.59"), ("each", "？11627.59")])
def test_a_number_that_touches_the_code_behind_it_is_one_of_two_only_if_drawn_apart(
    font: str, cell: str
) -> None:
    paper = Paper().table([("科目编码", "决算数", "科目编码", "决算数"), ("301", "", "302", "")])
    words = ((319.5 - 5 * 8 + 2.2, "11627.59"), (320.5, "30201"))
    for x, text in words:
        for part, letters in enumerate(text if font else [text]):
            paper.text(x + 5 * part, 113, letters)
    assert rows(read(paper))[3][2] == cell


def shifted(by: int) -> str:
    return to_unicode([(48 + n, str((n + by) % 10)) for n in range(10)], 2)


WORDS = sorted(set("".join(map("".join, LINES))))
SCAN = "q 842 0 0 595 0 0 cm BI /W 1 /H 1 /BPC 8 /CS /G ID x EI Q"
LOCKED = f"/Encrypt << /Filter /Standard /V 1 /R 2 /O ({'0' * 32}) /U ({'1' * 32}) /P -4 >> /ID [<00> <00>]"


def white() -> bytes:
    paper = Paper()
    return pdf(paper.table(put=lambda left, _, y, words: paper.text(left, y, words, more="1 g").raw("0 g")))


REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "扫描": (lambda: pdf(Paper().raw(SCAN)), "扫描件"),
    "识别文字": (lambda: pdf(Paper().raw("3 Tr").table()), "识别文字"),
    "曲线": (lambda: pdf(Paper().raw("0 0 m 1 5 9 9 3 4 c S " * 400)), "图形"),
    "无对照": (lambda: pdf(Paper().table(), maps=(to_unicode([(ord(c), "\ue123") for c in WORDS], 4), "")), "没有文字对照"),
    "乱对照": (lambda: pdf(Paper().table(), maps=(to_unicode([(ord(c), chr(ord(c) + 1500)) for c in WORDS], 4), "")), "乱的"),
    "数字无对照": (lambda: pdf(Paper().table(), maps=("", to_unicode([(48 + n, "\ue010") for n in range(10)], 2))), "没有文字对照"),
    "数字错一位": (lambda: pdf(Paper().table(), maps=("", shifted(1))), "数字"),
    "数字错三位": (lambda: pdf(Paper().table(), maps=("", shifted(3))), "数字"),
    "白字": (white, "看不见"),
    "没有框线": (lambda: pdf(Paper().table(ruled=False)), "没有框线"),
    "没有表格": (lambda: pdf(Paper().text(60, 60, "本单位没有需要公开的表格。")), "没有表格"),
    "密码": (lambda: pdf(Paper().table(), trailer=LOCKED), "密码"),
    "只有头": (lambda: b"%PDF-1.7", "损坏"),
    "不是": (lambda: b"%PDF-1.7\n" + random.Random(1).randbytes(9000), "损坏"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_read_for_sure_is_refused_in_one_line(name: str) -> None:
    make, why = REFUSED[name]
    with pytest.raises(Refused, match=why) as stop:
        read_book(make(), "决算.pdf")
    assert stop.value.finding.code == "J151" and "\n" not in stop.value.finding.line()


def test_a_page_that_cannot_be_read_keeps_its_place() -> None:
    book = read(Paper().table(LINES[:7]), Paper().raw(SCAN), Paper().table(LINES[7:], title="", unit=""))
    assert [sheet.name for sheet in book.sheets] == ["第1页", "第2页", "第3页"]
    assert rows(book, 1) == [["（本页没有读取：是扫描件，没有文字）"]]
    assert [found.code for found in book.findings] == ["J152"] and "第2页" in book.findings[0].message


def test_a_table_without_lines_beside_others_is_told() -> None:
    book = read(Paper().table(), Paper().table(ruled=False))
    assert [found.code for found in book.findings] == ["J153"] and "第2页" in book.findings[0].message


def form(body: bytes, names: bytes) -> bytes:
    more = b"/Type /XObject /Subtype /Form /BBox [0 0 600 800] /Resources << /XObject << %s >> >>" % names
    return stream(body, more)


def stream(body: bytes, more: bytes = b"") -> bytes:
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(body), more, body)


def page(body: bytes, names: bytes = b"", *others: bytes, more: bytes = b"", catalogue: bytes = b"") -> bytes:
    return whole(
        [
            b"<< /Type /Catalog /Pages 2 0 R %s >>" % catalogue,
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R /Resources << /XObject << %s >> >> >>"
            % names,
            stream(body, more),
            *others,
        ]
    )


def crowd(count: int) -> str:
    dice = random.Random(count)
    spots = ((dice.random() * 800, dice.random() * 500) for _ in range(count))
    return " ".join(
        f"{x:.2f} {y:.2f} m {x + 5:.2f} {y:.2f} l S {x:.2f} {y:.2f} m {x:.2f} {y + 5:.2f} l S"
        for x, y in spots
    )


def grid(count: int, step: float) -> str:
    end = count * step
    return " ".join(
        f"0 {n * step} m {end} {n * step} l S {n * step} 0 m {n * step} {end} l S" for n in range(count)
    )


TEXT = Paper().text(20, 20, "abcdefghijklmn").work[-1]
FLATE = b"/Filter /FlateDecode"
HOSTILE = {
    "自含的表单": lambda: page(b"/X Do", b"/X 5 0 R", form(b"/X Do", b"/X 5 0 R")),
    "互含的表单": lambda: page(b"/X Do", b"/X 5 0 R", form(b"/X Do", b"/X 6 0 R"), form(b"/X Do", b"/X 5 0 R")),
    "层层相乘": lambda: page(b"/X Do", b"/X 5 0 R", *(form(b"/X Do " * 10, b"/X %d 0 R" % n) for n in range(6, 15)), form(b"", b"")),
    "压缩炸弹": lambda: page(zlib.compress(b"q " * 60_000_000, 9), more=FLATE),
    "三层压缩": lambda: page(squeezed(), more=b"/Filter [/FlateDecode /FlateDecode /FlateDecode]"),
    "无数线条": lambda: page(zlib.compress(b"0 0 m 9 9 l S " * 1_500_000, 9), more=FLATE),
    "一条长线": lambda: page(zlib.compress(b"0 0 m " + b"1 1 l 5 5 l " * 1_000_000 + b"S", 9), more=FLATE),
    "无数文字": lambda: pdf(Paper().raw(f"BT /F2 9 Tf 10 10 Td ({'1' * 1_000_000}) Tj ET")),
    "许多满页": lambda: pdf(*[Paper().raw(f"BT /F2 1 Tf 10 10 Td ({'1' * 19_000}) Tj ET")] * 290),
    "千页": lambda: pdf(*[Paper().text(50, 50, "空白")] * 1000),
    "乱线": lambda: pdf(Paper().raw(TEXT).raw(crowd(25_000))),
    "密格": lambda: pdf(*[Paper(2000, 2000).raw(TEXT).raw(grid(190, 10))] * 6),
    "页树成环": lambda: whole([b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 200 >>"]),
    "虚报页数": lambda: whole([b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 2000000000 >>", b"<<>>"]),
    "无边的纸": lambda: page(b"1e30 0 0 1e30 0 0 cm 0 0 5 5 re S 0 0 5 0 re f"),
    "脚本": lambda: page(b"BT ET", catalogue=b"/OpenAction << /S /JavaScript /JS (while(1);) >>"),
    "深层嵌套": lambda: whole([b"<< /Type /Catalog /A " + b"[" * 200_000 + b" >>", b"<< /Type /Pages /Kids [] /Count 0 >>"]),
}  # fmt: skip


def squeezed() -> bytes:
    data = b" " * 300_000_000
    for _ in range(3):
        data = zlib.compress(data, 9)
    return data


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_ends_in_one_line(name: str) -> None:
    """Ended by its own bounds, never by the patience of the parent, and without harm to it."""
    with pytest.raises(Stop) as stop:
        read_book(HOSTILE[name](), "决算.pdf")
    assert stop.value.exit_code in (3, 5) and "\n" not in stop.value.finding.line()


def test_a_damaged_file_is_read_or_refused() -> None:
    dice, sound = random.Random(7), pdf(Paper().table())
    for _ in range(25):
        data = bytearray(sound)
        for _ in range(dice.choice((1, 10, 100))):
            at = dice.randrange(9, len(data))
            data[at : at + dice.randrange(3)] = dice.randbytes(dice.randrange(3))
        with contextlib.suppress(Refused, LimitReached):
            assert read_book(bytes(data), "决算.pdf").sheets


def test_a_file_is_known_by_its_content(tmp_path: Path) -> None:
    made = tmp_path / "决算.xls"
    made.write_bytes(b"\xef\xbb\xbf\r\n" + pdf(Paper().table()))
    assert rows(read_book(made.read_bytes(), made.name))[0] == ["收入支出决算总表"]
