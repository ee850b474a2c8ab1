"""PDF files written by hand: words and ruled tables on pages, from the upper left corner, and files that lie or attack."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Sequence

WIDE, NARROW = "F1", "F2"  # a Chinese font that no file need hold, and Helvetica
WIDTHS = {",": 0.278, ".": 0.278, " ": 0.278, "-": 0.333, "(": 0.333, ")": 0.333}
LINES = (
    ("收入", "", "支出", ""),
    ("项目", "决算数", "项目", "决算数"),
    ("一、一般公共预算财政拨款收入", "1,234.56", "一、一般公共服务支出", "1,000.00"),
    ("二、政府性基金预算财政拨款收入", "—", "二、外交支出", ""),
    ("四、上级补助收入", "", "三、国防支出", "-12.30"),
    ("五、事业收入", "", "", ""),
    ("六、经营收入", "", "", ""),
    ("七、附属单位上缴收入", "", "", ""),
    ("八、其他收入", "0.00", "", ""),
    ("本年收入合计", "1,234.56", "本年支出合计", "987.70"),
    ("使用非财政拨款结余", "", "结余分配", ""),
    ("年初结转和结余", "10.00", "年末结转和结余", "256.86"),
    ("总计", "1,244.56", "总计", "1,244.56"),
)
WHOLE = {
    "一般公共预算财政拨款收入": "1234.56",
    "其他收入": "0",
    "本年收入合计": "1234.56",
    "年初结转和结余": "10.00",
    "收入总计": "1244.56",
    "本年支出合计": "987.70",
    "结余分配": "0",
    "年末结转和结余": "256.86",
    "支出总计": "1244.56",
}
"""What the table of LINES says, beside the lines that are blank and mean zero."""
COLUMNS = (60, 250, 320, 510, 580)


class Paper:
    """One page; ``turn`` its /Rotate, ``tilt`` the quarter turns by which the words themselves are laid."""

    def __init__(self, width: int = 842, height: int = 595, *, turn: int = 0, tilt: int = 0) -> None:
        self.width, self.height, self.turn = width, height, turn
        self.high = width if tilt % 2 else height  # as the words see it
        turned = ("", f"0 1 -1 0 {width} 0 cm", f"-1 0 0 -1 {width} {height} cm", f"0 -1 1 0 0 {height} cm")
        self.work = [turned[tilt]]

    def raw(self, work: str) -> Paper:
        """Operators as they are."""
        self.work.append(work)
        return self

    def text(
        self,
        x: float,
        y: float,
        words: str,
        size: float = 9,
        *,
        gap: float = 0,
        more: str = "",
        font: str = "",
    ) -> Paper:
        """Words whose baseline begins at a point; ``gap`` behind each letter, ``more`` operators before them."""
        font = font or (NARROW if words.isascii() else WIDE)
        shown = (
            f"<{words.encode('utf-16-be').hex()}>"
            if font == WIDE
            else f"({words.replace('(', chr(92) + '(').replace(')', chr(92) + ')')})"
        )
        return self.raw(f"BT {more} {gap} Tc 1 0 0 1 {x} {self.high - y} Tm /{font} {size} Tf {shown} Tj ET")

    def line(self, x: float, y: float, u: float, v: float, wide: float = 0.5) -> Paper:
        """A drawn line."""
        return self.raw(f"{wide} w {x} {self.high - y} m {u} {self.high - v} l S")

    def strip(self, x: float, y: float, u: float, v: float) -> Paper:
        """A filled strip, as word processors draw lines."""
        return self.raw(f"{x} {self.high - v} {u - x} {v - y} re f")

    def table(
        self,
        lines: Sequence[Sequence[str]] = LINES,
        columns: Sequence[int] = COLUMNS,
        *,
        top: float = 80,
        height: float = 20,
        title: str = "收入支出决算总表",
        unit: str = "单位：万元",
        without: Iterable[tuple[int, int, str]] = (),
        ruled: bool = True,
        put: Callable[[float, float, float, str], object] | None = None,
        seam: float = 0,
    ) -> Paper:
        """A title, its unit and a ruled table. ``without`` leaves out sides: (row, column, "right" or "below")."""
        self.text(260, top - 30, title, 14).text(460, top - 12, unit)
        gone = set(without)
        for row, texts in enumerate(lines):
            y = top + row * height
            for column, words in enumerate(texts):
                left, right = columns[column], columns[column + 1] + seam * (row % 3)
                parts = words.split("\n") if words else []
                for number, part in enumerate(parts):
                    base = y + height / 2 + 3 + (number - (len(parts) - 1) / 2) * 9
                    figure = part[-1:].isdigit() and part.isascii()
                    (put or self._put)(left, right, base, part) if figure else self.text(left + 3, base, part)
                if ruled:
                    if (row, column, "right") not in gone:
                        self.line(right, y, right, y + height)
                    if (row, column, "below") not in gone:
                        self.line(left, y + height, right, y + height)
        if ruled:
            last = columns[len(lines[0])]
            self.line(columns[0], top, last, top).line(columns[0], top, columns[0], top + len(lines) * height)
        return self

    def _put(self, left: float, right: float, base: float, words: str) -> None:
        self.text(right - 3 - 9 * sum(WIDTHS.get(letter, 0.556) for letter in words), base, words)


WIDE_FONT = (
    "<< /Type /Font /Subtype /Type0 /BaseFont /Heiti /Encoding /UniGB-UTF16-H /DescendantFonts [<< /Type /Font "
    "/Subtype /CIDFontType0 /BaseFont /Heiti /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 5 >> "
    "/FontDescriptor << /Type /FontDescriptor /FontName /Heiti /FontBBox [-200 -200 1200 1200] /Flags 4 /ItalicAngle 0 "
    "/Ascent 1000 /Descent -200 /StemV 80 >> >>] {0} >>"
)
NARROW_FONT = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding {0} >>"


def pdf(*papers: Paper, maps: Sequence[str] = ("", ""), extra: str = "", trailer: str = "") -> bytes:
    """A file of pages. ``maps``: a ToUnicode for each font; ``extra`` more resources, ``trailer`` more entries there."""
    bodies: list[bytes] = []

    def keep(body: str, stream: bytes | None = None) -> int:
        data = body.encode()
        if stream is not None:
            packed = zlib.compress(stream)
            data = (
                f"<< /Length {len(packed)} /Filter /FlateDecode {body} >>\nstream\n".encode()
                + packed
                + b"\nendstream"
            )
        bodies.append(data)
        return len(bodies)

    keep("<< /Type /Catalog /Pages 2 0 R >>")
    keep("")
    maps_at = [f"/ToUnicode {keep('', text.encode())} 0 R" if text else "" for text in maps]
    fonts = [
        keep(font.replace("{0}", at)) for font, at in zip((WIDE_FONT, NARROW_FONT), maps_at, strict=True)
    ]
    pages = []
    for paper in papers:
        content = keep("", "\n".join(paper.work).encode())
        pages.append(
            keep(
                f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {paper.width} {paper.height}] /Rotate {paper.turn} "
                f"/Contents {content} 0 R /Resources << /Font << /F1 {fonts[0]} 0 R /F2 {fonts[1]} 0 R >> {extra} >> >>"
            )
        )
    kids = " ".join(f"{number} 0 R" for number in pages)
    bodies[1] = f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode()
    return whole(bodies, trailer)


def whole(bodies: Sequence[bytes], trailer: str = "") -> bytes:
    """A file of numbered objects, the first of them its catalogue."""
    out, places = b"%PDF-1.7\n", []
    for number, body in enumerate(bodies, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    size = len(bodies) + 1
    tail = f"trailer\n<< /Size {size} /Root 1 0 R {trailer} >>\nstartxref\n{len(out)}\n%%EOF"
    return out + f"xref\n0 {size}\n0000000000 65535 f \n{table}{tail}".encode()


def to_unicode(pairs: Sequence[tuple[int, str]], digits: int) -> str:
    """A map from codes, of so many hexadecimal digits, to what the file says that they mean."""
    rows = "\n".join(f"<{code:0{digits}x}> <{text.encode('utf-16-be').hex()}>" for code, text in pairs)
    span = f"<{'0' * digits}> <{'f' * digits}>"
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def /CMapType 2 def\n"
        f"1 begincodespacerange {span} endcodespacerange\n{len(pairs)} beginbfchar\n{rows}\nendbfchar\nendcmap end end"
    )
