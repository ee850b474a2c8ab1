"""A workbook with all that careless saving loses: written by XlsxWriter, some parts put in by hand."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

PIXEL = b"\x89PNG\r\n\x1a\n" + b"".join(
    struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
    for kind, body in (
        (b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(b"\x00\xff\x00\x00")),
        (b"IEND", b""),
    )
)


def rich_book(*, macro: bytes | None = None) -> bytes:
    """Picture, chart, comment, text box, rich text, validation, formats, names, array formula, macro."""
    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    bold = book.add_format({"bold": True, "num_format": "0.00"})
    first = book.add_worksheet("取数")
    second = book.add_worksheet("评分 表")
    hidden = book.add_worksheet("_jixiao")
    hidden.hide()
    for row in range(1, 61):
        first.write(row, 0, f"指标{row}")
        first.write_number(row, 1, row * 1.1, bold)
        first.write_formula(row, 2, f"=B{row + 1}*2", None, row * 2.2)
    first.write_rich_string("E1", "总分", bold, "很重要", "。")
    first.write_array_formula("F2:F4", "{=B2:B4*2}", None, 1)
    first.insert_image("H2", "pixel.png", {"image_data": io.BytesIO(PIXEL)})
    first.write_comment("B2", "请核对")
    first.insert_textbox("H10", "说明")
    first.data_validation("G2:G9", {"validate": "list", "source": ["是", "否"]})
    first.conditional_format("B2:B60", {"type": "data_bar", "data_bar_2010": True})
    first.add_sparkline("I2", {"range": "取数!B2:B9"})
    first.merge_range("A70:C71", "合并", bold)
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": "='取数'!$B$2:$B$9"})
    second.insert_chart("D2", chart)
    second.write("A1", "得分")
    second.write_formula("B1", "=SUM('取数'!B2:B61)", None, 1)
    hidden.write("A1", "{}")
    book.define_name("总分", "='评分 表'!$B$1")
    book.define_name("数据", "='取数'!$A$2:$C$61")
    book.define_name("'评分 表'!本表名", "='评分 表'!$A$1")
    if macro is not None:
        book.add_vba_project(io.BytesIO(macro), True)
    book.close()
    return with_parts(out.getvalue(), {"customXml/item1.xml": b"<note>keep me</note>"})


def with_parts(data: bytes, extra: dict[str, bytes]) -> bytes:
    """The package with parts appended, as other programs leave them."""
    out = io.BytesIO(data)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        for name, content in extra.items():
            archive.writestr(name, content)
    return out.getvalue()


def rewrite(data: bytes, changes: dict[str, bytes | None]) -> bytes:
    """The package with parts replaced (None: left out), for tests that need a damaged or unusual part."""
    out = io.BytesIO()
    source, target = zipfile.ZipFile(io.BytesIO(data)), zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED)
    with source, target:
        for info in source.infolist():
            content = changes.get(info.filename, source.read(info))
            if content is not None:
                target.writestr(info.filename, content)
        for name, content in changes.items():
            if content is not None and name not in source.namelist():
                target.writestr(name, content)
    return out.getvalue()


def raw_members(data: bytes) -> dict[str, tuple[int, bytes]]:
    """Each member's checksum and compressed bytes, in order."""
    found: dict[str, tuple[int, bytes]] = {}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for info in archive.infolist():
            name_length, extra_length = struct.unpack_from("<HH", data, info.header_offset + 26)
            start = info.header_offset + 30 + name_length + extra_length
            found[info.filename] = (info.CRC, data[start : start + info.compress_size])
    return found
