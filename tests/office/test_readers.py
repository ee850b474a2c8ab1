"""Every kind of file by its content: the same grid from each, and one clear line for what cannot be read."""

from __future__ import annotations

import io
import random
import struct
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest
import xlwt
from xlwt import CompoundDoc

from jixiao import intake
from jixiao.model import LimitReached, Refused, Stop
from jixiao.office import read_book
from tests.intake.grids import rows, xlsx

LINES = [
    ["收入支出决算总表", "", "", ""],
    ["单位：万元", "", "", ""],
    ["收入", "", "支出", ""],
    ["项目", "决算数", "项目", "决算数"],
    ["一、一般公共预算财政拨款收入", "1,234.50", "一、一般公共服务支出", "1,234.50"],
    ["本年收入合计", "1,234.50", "本年支出合计", "1,234.50"],
    ["总计", "1,234.50", "总计", "1,234.50"],
]
HTML = """<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head>
<meta http-equiv="Content-Type" content="text/html; charset=gb2312"><style>td {{}}</style></head><body>
<h3>收入支出决算总表</h3><div>单位：万元</div><table border=1><tr><th colspan="2">收入</th><th colspan=2>支出</th></tr>
<tr><td rowspan=2>项目</td><td rowspan=2>决算数<td rowspan=2>项目<td rowspan=2>决算数</tr><tr></tr>
<tr><td>一、一般公共预算<br>财政拨款收入<td x:num="1234.5">1,235<td>一、一般公共服务支出<td>1,234.50</tr>
{}
</table></body></html>"""
XML = """<?xml version="1.0" encoding="{}"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">
<Worksheet ss:Name="公开01"><Table>
<Row><Cell ss:MergeAcross="3"><Data ss:Type="String">收入支出决算总表</Data></Cell></Row>
<Row><Cell ss:Index="4"><Data ss:Type="String">单位：万元</Data></Cell></Row>
<Row ss:Index="4"><Cell ss:MergeAcross="1"><Data ss:Type="String">收入</Data></Cell>
<Cell ss:MergeAcross="1"><Data ss:Type="String">支出</Data></Cell></Row>
<Row>{}</Row>
{}
</Table></Worksheet></Workbook>"""


def totals(data: bytes, name: str, folder: Path) -> tuple[object, ...]:
    path = folder / name
    path.write_bytes(data)
    reading = intake.read([path])
    names = ("一般公共预算财政拨款收入", "本年收入合计", "本年支出合计", "支出总计")
    return tuple(reading.facts.of(name)[0].value for name in names)


EXPECTED = (Decimal("1234.5"),) * 4


def lines(delimiter: str) -> str:
    return "\r\n".join(delimiter.join(f'"{cell}"' for cell in line) for line in LINES) + "\r\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
@pytest.mark.parametrize("name", ["表.csv", "表.txt", "表.xls"])
def test_text_tables(tmp_path: Path, encoding: str, delimiter: str, name: str) -> None:
    assert totals(lines(delimiter).encode(encoding), name, tmp_path) == EXPECTED


def test_a_code_that_a_csv_file_guards_is_its_text() -> None:
    data = '="1601",固定资产,"=""05""",贷\r\n="1602",累计折旧,"1,234.50",借\r\n'.encode()
    cells = read_book(data, "余额表.csv").sheets[0].cells
    assert [cells[place].value for place in ((1, 1), (1, 3), (1, 4), (2, 1))] == ["1601", "05", "贷", "1602"]


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8"])
def test_html_saved_as_xls(tmp_path: Path, encoding: str) -> None:
    body = "".join(f"<tr><td>{a}<td>{b}<td>{c}<td>{d}</tr>" for a, b, c, d in LINES[5:])
    page = HTML.format(body).replace("gb2312", "utf-8" if encoding == "utf-8" else "gb2312")
    assert totals(page.encode(encoding), "表.xls", tmp_path) == EXPECTED
    book = read_book(page.encode(encoding), "表.xls")
    assert book.sheets[0].merged[:2] == ["A3:B3", "C3:D3"]


def test_nested_html_tables_are_read_from_the_inside(tmp_path: Path) -> None:
    inner = "".join(f"<tr><td>{a}</td><td>{b}</td><td>{c}</td><td>{d}</td></tr>" for a, b, c, d in LINES)
    page = f"<html><body><table><tr><td>页眉</td></tr><tr><td><table>{inner}</table></td></tr></table></body></html>"
    assert totals(page.encode(), "表.xls", tmp_path) == EXPECTED


@pytest.mark.parametrize("encoding", ["utf-8", "gbk"])
def test_xml_2003_saved_as_xls(tmp_path: Path, encoding: str) -> None:
    def row(line: list[str]) -> str:
        return "".join(f'<Cell><Data ss:Type="String">{cell}</Data></Cell>' for cell in line)

    body = "".join(f"<Row>{row(line)}</Row>" for line in LINES[4:])
    text = XML.format(encoding, row(LINES[3]), body).replace(
        '<Data ss:Type="String">1,234.50</Data>', '<Data ss:Type="Number">1234.5</Data>'
    )
    assert totals(text.encode(encoding), "表.xls", tmp_path) == EXPECTED


def test_binary_xls_with_merged_cells_and_an_error(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("公开01")
    for r, line in enumerate(LINES):
        for c, cell in enumerate(line):
            if cell and r != 2:
                sheet.write(r, c, 1234.5 if cell == "1,234.50" else cell)
    sheet.write_merge(2, 2, 0, 1, "收入")
    sheet.write_merge(2, 2, 2, 3, "支出")
    out = io.BytesIO()
    book.save(out)
    assert totals(out.getvalue(), "表.et", tmp_path) == EXPECTED
    assert sorted(read_book(out.getvalue(), "表.et").sheets[0].merged) == ["A3:B3", "C3:D3"]


def test_coordinates_widths_and_merged_areas_of_an_xlsx(tmp_path: Path) -> None:
    grid = rows("表", [[], ["", "", "收入支出决算总表"], ["", "", "单位：元"], ["", "", "项目"]])
    grid.spans = [(2, 3, 2, 6)]
    book = read_book(xlsx(grid), "表.xlsx")
    assert book.sheets[0].cells[2, 3].value == "收入支出决算总表" and book.sheets[0].merged == ["C2:F2"]
    assert book.sheets[0].spans == [(2, 3, 2, 6)]


def plain_zip() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.txt", "x")
    return out.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
REFUSED = {
    "空文件": ("空.xlsx", b"", "J104"),
    "文字": ("文字.xlsx", "这不是工作簿，只是一段文字。\n第二行".encode(), "J106"),
    "逗号文字": ("文字.xlsx", b"a,b\n1,2\n3,4\n", "J106"),
    "没有表格的文字": ("说明.txt", "一段文字\n又一段文字".encode(), "J106"),
    "压缩包": ("包.xlsx", plain_zip(), "J106"),
    "截断": ("截断.xlsx", xlsx(rows("表", [["x"]]))[:900], ""),
    "加密": ("密.xlsx", OLE + bytes(2000) + "EncryptedPackage".encode("utf-16-le") + bytes(2000), "J105"),
    "坏的OLE": ("坏.xls", OLE + b"x" * 4000, "J101"),
    "二进制": ("乱.csv", bytes(range(256)) * 20, "J101"),
    "无表网页": ("页.xls", b"<html><body><p>hello</p></body></html>", "J106"),
    "坏XML": ("坏.xls", b'<?xml version="1.0"?><Workbook><a>', "J101"),
    "实体": (
        "实体.xls",
        b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><Workbook>&b;</Workbook>',
        "J101",
    ),
    "别的XML": ("别的.xml", b'<?xml version="1.0"?><a/>', "J106"),
}


@pytest.mark.parametrize("case", sorted(REFUSED))
def test_what_cannot_be_read_is_one_clear_line(tmp_path: Path, case: str) -> None:
    name, data, code = REFUSED[case]
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(Refused) as stop:
        intake.read([path])
    assert stop.value.exit_code == 3 and name in str(stop.value) and "\n" not in str(stop.value)
    assert stop.value.finding.code == code or not code


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="找不到文件"):
        intake.read([tmp_path / "没有.xlsx"])
    with pytest.raises(Refused, match="没有可以导入的文件"):
        intake.read([tmp_path])


@pytest.mark.parametrize(
    "page",
    [
        "<table>" * 60 + "<tr><td>x</td></tr>",
        "<table>" + "<tr><td rowspan=1000 colspan=1000>x</td></tr>" * 3 + "</table>",
    ],
)
def test_hostile_html_hits_a_limit(page: str) -> None:
    with pytest.raises(LimitReached):
        read_book(f"<html><body>{page}</body></html>".encode(), "页.xls")


def test_a_sheet_of_far_cells_in_xml_hits_a_limit() -> None:
    text = (
        '<?xml version="1.0"?><Workbook xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet" '
        'xmlns="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="a"><Table>'
        '<Row ss:Index="9999999"><Cell/></Row></Table></Worksheet></Workbook>'
    )
    with pytest.raises(LimitReached):
        read_book(text.encode(), "远.xls")


@pytest.mark.parametrize("seed", range(40))
def test_damaged_files_are_read_or_refused_and_nothing_else(
    seed: int, capfd: pytest.CaptureFixture[str]
) -> None:
    chance = random.Random(seed)
    book = xlwt.Workbook()
    book.add_sheet("表").write(0, 0, "收入支出决算总表")
    out = io.BytesIO()
    book.save(out)
    data = bytearray(chance.choice([out.getvalue(), xlsx(rows("表", LINES)), lines(",").encode("gb18030")]))
    for _ in range(chance.choice((1, 5, 30))):
        data[chance.randrange(len(data))] = chance.randrange(256)
    if chance.random() < 0.3:
        del data[chance.randrange(len(data)) :]
    line = ""
    try:
        read_book(bytes(data), "坏.xls")
    except Stop as stop:
        line = str(stop)
    assert "\n" not in line
    assert capfd.readouterr().err == ""


def test_excel_95_is_read_with_its_chinese_code_page() -> None:
    """A BIFF5 stream by hand: one label in GBK and one number."""

    def record(kind: int, body: bytes) -> bytes:
        return struct.pack("<HH", kind, len(body)) + body

    text, name = "收入支出决算总表".encode("gbk"), "表".encode("gbk")
    sheet = record(0x809, struct.pack("<HHHH", 0x0500, 16, 0, 0))
    sheet += record(0x204, struct.pack("<HHHH", 0, 0, 0, len(text)) + text)
    sheet += record(0x203, struct.pack("<HHHd", 1, 0, 0, 307.82)) + record(0x0A, b"")
    head = record(0x809, struct.pack("<HHHH", 0x0500, 5, 0, 0)) + record(0x42, struct.pack("<H", 936))
    start = len(head) + 4 + 7 + len(name) + 4
    head += record(0x85, struct.pack("<IHB", start, 0, len(name)) + name) + record(0x0A, b"")
    out = io.BytesIO()
    CompoundDoc.XlsDoc().save(out, head + sheet)
    book = read_book(out.getvalue(), "旧.xls")
    assert book.sheets[0].name == "表"
    assert book.sheets[0].cells[1, 1].value == "收入支出决算总表"
    assert book.sheets[0].cells[2, 1].value == Decimal("307.82")
