"""What a reader of another hand is given: containers whose chains run in circles, pages whose marks never end, long work."""

from __future__ import annotations

import contextlib
import io
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable

import pytest
import xlwt
from xlwt import CompoundDoc

from jixiao.model import Refused
from jixiao.office import bounds, read_book

NOTHING, END = 0xFFFFFFFF, 0xFFFFFFFE


def sound(sheets: int = 1) -> bytearray:
    """A binary workbook of some sheets."""
    book = xlwt.Workbook()
    for number in range(1, sheets + 1):
        sheet = book.add_sheet(f"表{number}")
        for row in range(200):
            sheet.write(row, 0, f"第{row}行")
            sheet.write(row, 1, row)
    out = io.BytesIO()
    book.save(out)
    return bytearray(out.getvalue())


def at(sector: int) -> int:
    return 512 + sector * 512


def word(data: bytearray, place: int, value: int | None = None) -> int:
    if value is not None:
        struct.pack_into("<I", data, place, value)
    return int(struct.unpack_from("<I", data, place)[0])


def table_circle(data: bytearray) -> None:
    """The sectors of the workbook stream: the second names the first."""
    directory, table = word(data, 48), at(word(data, 76))
    entry = next(e for e in range(at(directory), at(directory) + 512, 128) if data[e : e + 2] == b"W\0")
    first = word(data, entry + 116)
    word(data, table + 4 * word(data, table + 4 * first), first)


def directory_circle(data: bytearray) -> None:
    """The directory goes on in itself."""
    directory = word(data, 48)
    word(data, at(word(data, 76)) + 4 * directory, directory)


def header_circle(data: bytearray) -> None:
    """The list of the table's sectors goes on in itself."""
    data += struct.pack("<128I", *[NOTHING] * 127, (len(data) - 512) // 512)
    word(data, 68, word(data, len(data) - 4))
    word(data, 72, 1)


def doubled_table(data: bytearray) -> None:
    """One sector of the table a hundred times."""
    for number in range(1, 109):
        word(data, 76 + 4 * number, word(data, 76))


def small_circle(data: bytearray) -> None:
    """Small sectors that name each other, in a stream that the header calls small."""
    sector, table = (len(data) - 512) // 512, at(word(data, 76))
    data += struct.pack("<128I", *[1, 0] * 64)
    word(data, table + 4 * sector, END)
    word(data, 60, sector)
    word(data, 64, 1)
    word(data, 56, 1 << 30)
    directory = at(word(data, 48))
    entry = next(e for e in range(directory, directory + 512, 128) if data[e : e + 2] == b"W\0")
    root = next(e for e in range(directory, directory + 512, 128) if data[e : e + 2] == b"R\0")
    word(data, root + 116, word(data, entry + 116))
    word(data, entry + 116, 0)


def small_table_circle(data: bytearray) -> None:
    """The table of small sectors goes on in itself."""
    small_circle(data)
    sector = word(data, 60)
    word(data, at(word(data, 76)) + 4 * sector, sector)


def outside(data: bytearray) -> None:
    """A chain that leaves the file."""
    word(data, 48, 99_999_999)


def no_header(data: bytearray) -> None:
    """A container of an unknown size of sectors."""
    struct.pack_into("<H", data, 30, 30)


BREAKS = (
    table_circle, directory_circle, header_circle, doubled_table, small_circle, small_table_circle, outside, no_header,
)  # fmt: skip


@pytest.mark.parametrize("spoil", BREAKS, ids=lambda spoil: spoil.__name__)
def test_a_chain_that_does_not_end_is_refused(spoil: Callable[[bytearray], None]) -> None:
    data = sound()
    spoil(data)
    with pytest.raises(Refused, match="内容已损坏"):
        read_book(bytes(data), "账.xls")


def test_a_stream_of_small_sectors_and_a_file_cut_in_its_last_sector_are_read() -> None:
    data = sound()
    cells = read_book(bytes(data), "账.et").sheets[0].cells
    assert len(cells) == 400 and read_book(bytes(data.rstrip(b"\0")), "账.et").sheets[0].cells == cells


def named(count: int) -> bytes:
    """A workbook of names that are each twice the text of the one before."""
    names = b""
    for number in range(count):
        part = b"\x17\x04\0xxxx" if number == 0 else struct.pack("<BHH", 0x23, number, 0)
        name, formula = f"n{number:03}".encode(), part * 2 + b"\x08"
        body = (
            struct.pack("<HBBHHH4B", 0, 0, len(name), len(formula), 0, 0, 0, 0, 0, 0) + b"\0" + name + formula
        )
        names += struct.pack("<HH", 0x18, len(body)) + body
    book = xlwt.Workbook()
    book.add_sheet("表").write(0, 0, "x")
    stream, place = bytearray(book.get_biff_data()), 0
    while (kind := struct.unpack_from("<H", stream, place)[0]) != 0x0A:
        if kind == 0x85:  # the place of a sheet, which comes behind the names
            word(stream, place + 4, word(stream, place + 4) + len(names))
        place += 4 + struct.unpack_from("<H", stream, place + 2)[0]
    out = io.BytesIO()
    CompoundDoc.XlsDoc().save(out, bytes(stream[:place] + names + stream[place:]))
    return out.getvalue()


def test_names_that_double_a_text_are_not_computed() -> None:
    assert read_book(named(200), "账.xls").sheets[0].cells[1, 1].value == "x"


PAGES = {
    "quotes": '<td a="',
    "single quotes": "<td a='",
    "tags": "<td ",
    "tags in tags": "<a <a",
    "comments": "<!-- x ",
    "bare comments": "<!--",
    "declarations": "<!",
    "instructions": "<?",
    "end tags": "</",
    "mixed quotes": "<td a=\"'",
    "sections": "<![CDATA[",
}


@pytest.mark.parametrize("mark", PAGES)
def test_a_page_of_marks_that_never_end_is_refused(mark: str) -> None:
    page = "<html><table><tr><td>x</td></tr>" + PAGES[mark] * 200_000
    with pytest.raises(Refused, match="没有结束"):
        read_book(page.encode(), "页.xls")
    assert (
        read_book((page + "\"'>-->").encode(), "页.xls").sheets[0].cells
    )  # closed at last: read, however long it is


def test_marks_of_a_sound_page_are_no_text() -> None:
    page = (
        "<!DOCTYPE html><html><?xml a?><!-- <td>no --><!--[if gte mso 9]><xml><x>no</x></xml><![endif]-->"
        "<script>if (a<b) '<td>'</script><table><tr><td title='a>b' x:num=\"1.5\">约1<td>2 < 3 &amp; &#20803; &#99999999999999;"
        "<![if !x]><td colspan=2 nowrap>末<br/>尾<![endif]></table></html>"
    )
    cells = read_book(page.encode(), "页.xls").sheets[0].cells
    assert [str(cell.value) for cell in cells.values()] == ["1.5", "2 < 3 & 元 \ufffd", "末\n尾"]


def test_an_unknown_reader_is_ended_at_its_bound_in_any_thread() -> None:
    told: list[str] = []

    def endless() -> None:
        while True:
            with contextlib.suppress(Exception):  # as libraries do
                time.sleep(0)

    def reading() -> None:
        with pytest.raises(bounds.Overrun) as stop:
            bounds.bounded(endless, seconds=0.2)
        told.append(str(stop.value))

    threads = [threading.Thread(target=reading) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert told == ["0.2秒的读取时间"] * 4


def test_a_reader_that_fills_the_memory_is_ended() -> None:
    def filling() -> None:
        held = []
        while True:
            held.append(bytes(b"x" * 1_000_000))

    with pytest.raises(bounds.Overrun, match="内存"):
        bounds.bounded(filling, memory=200_000_000)
    assert bounds.bounded(lambda: 3) == 3


def test_a_bounded_reading_leaves_the_interpreter_as_it_was() -> None:
    """A call for an exception that never comes made CPython 3.11 look for it for ever: a traced program hung."""
    after = (
        "import sys; from jixiao.office import bounds; assert bounds.bounded(lambda: 3) == 3\n"
        "def called(): return 4\n"
        "sys.setprofile(lambda *_: None); assert called() == 4"
    )
    subprocess.run([sys.executable, "-c", after], check=True, timeout=60)
