"""The PDFium side of reading a PDF: runs in a process of its own, so that a hostile file takes only that along.

Started by ``pdfpages.py`` as ``python -P pdfium_worker.py [PAGE LEFT TOP RIGHT BOTTOM]``, with the file on stdin. The
answer on stdout is JSON, or with a place the bytes of a PNG; nothing is judged here.

    {"pages": [{"size": [w, h], "chars": [...], "lines": [...], "image": 0.0, "paths": 0, "hidden": 0}, ...]}
    -> or {"failed": ["password"]}, "damaged", "library", "picture"; or {"failed": ["much", "300页"]}: the bound

Points, from the upper left corner of the page as its text stands upright: a page scanned or laid sideways is turned.
A char is [text, left, top, right, bottom of its ink, start and end of its advance, foot, size, number of its text
object, 1 for a digit that is pale or drawn as another]; a line is [left, top, right, bottom]. ``hidden`` counts
invisible characters.
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import json
import math
import struct
import sys
import zlib
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

SECONDS, MEMORY = 8, 1 << 30
MAX_PAGES, MAX_CHARS, MAX_OBJECTS, MAX_DEPTH = 300, 20_000, 60_000, 6
MAX_ALL = 1_500_000  # characters and lines of a file
THIN = 3.0  # points: a narrower box is a line
STRAIGHT = 1.0
BLANKS, UNKNOWN = " \u00a0\u3000", "\ufffd"
INVISIBLE, ASKEW = -1, -2
CONTOURS = {digit: {"8": 3, "0": 2, "4": 2, "6": 2, "9": 2}.get(digit, 1) for digit in "0123456789"}
SCALE, AROUND = 2.0, 40.0  # of a picture: pixels a point, points above and below the place
RED = 0xFF2121D0  # red and blue change places, as a PNG has them
MAX_SIDE = 5000  # pixels of a picture
Box = tuple[float, float, float, float]


def bound() -> None:
    """No more time and memory than any sound file needs; where the system knows no such bound, the parent waits less long."""
    try:
        import resource
    except ImportError:
        return
    for what, most in (
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CORE, 0),
    ):
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(what, (most, most))


class Failed(Exception):  # noqa: N818 - a word of the protocol
    """Why a file gives nothing, in the words of the protocol."""


class View:
    """A page of an open document, and where a point of it stands when its text is upright."""

    def __init__(self, document: Any, number: int) -> None:
        self.page = r.FPDF_LoadPage(document, number)
        if not self.page:
            raise Failed("damaged")
        self.text = r.FPDFText_LoadPage(self.page)
        self.count = r.FPDFText_CountChars(self.text) if self.text else 0
        box = r.FS_RECTF()
        r.FPDF_GetPageBoundingBox(self.page, box)
        self.box = (box.left, box.bottom, box.right, box.top)
        own = r.FPDFPage_GetRotation(self.page)
        self.turn = self._majority(own)
        self.rotate = (self.turn - own) % 4
        sides = (box.right - box.left, box.top - box.bottom)
        self.size = sides[::-1] if self.turn % 2 else sides

    def _majority(self, own: int) -> int:
        """The quarter turns, clockwise, after which most of the text is upright."""
        matrix, seen = r.FS_MATRIX(), Counter[int]()
        for index in range(0, min(self.count, MAX_CHARS), max(1, self.count // 500)):
            if r.FPDFText_GetMatrix(self.text, index, matrix):
                seen[round(math.atan2(matrix.b, matrix.a) / (math.pi / 2)) % 4] += 1
        return seen.most_common(1)[0][0] if seen else own

    def upright(self, left: float, bottom: float, right: float, top: float) -> Box:
        """A box of the page's own space as its text stands upright."""
        low_x, low_y, high_x, high_y = self.box
        if self.turn == 0:
            return left - low_x, high_y - top, right - low_x, high_y - bottom
        if self.turn == 1:
            return bottom - low_y, left - low_x, top - low_y, right - low_x
        if self.turn == 2:
            return high_x - right, bottom - low_y, high_x - left, top - low_y
        return high_y - top, high_x - right, high_y - bottom, high_x - left


def characters(view: View) -> dict[str, Any]:
    """The characters of a page that can be seen and are upright, and what speaks against its text."""
    if view.count > MAX_CHARS:
        raise Failed("much", f"一页{MAX_CHARS}字")
    chars: list[list[Any]] = []
    styles, hidden = Styles(view), 0
    numbers = [ctypes.c_double() for _ in range(4)]
    tight, wide = [ctypes.byref(number) for number in numbers], r.FS_RECTF()
    loose, foot = ctypes.byref(wide), [ctypes.c_double() for _ in range(2)]
    base = [ctypes.byref(number) for number in foot]
    for index in range(view.count):
        code, item = r.FPDFText_GetUnicode(view.text, index), r.FPDFText_GetTextObject(view.text, index)
        if not item or code in (10, 13):  # made up by the library between the words
            continue
        run, style = styles.of(item, index)
        if style < 0:
            hidden += style == INVISIBLE
            continue
        r.FPDFText_GetCharBox(view.text, index, *tight)
        r.FPDFText_GetLooseCharBox(view.text, index, loose)
        r.FPDFText_GetCharOrigin(view.text, index, *base)
        # no half of a pair, no private letter
        known = code > 31 and not 0xD800 <= code < 0xF900 and code < 0xFFFD
        text = chr(code) if known and r.FPDFText_HasUnicodeMapError(view.text, index) != 1 else UNKNOWN
        left, right, bottom, top = [number.value for number in numbers]
        begin, high, end, low = view.upright(wide.left, wide.bottom, wide.right, wide.top)
        ink = (begin, high, end, low) if text in BLANKS else view.upright(left, bottom, right, top)
        size = max(low - high, end - begin)  # a font may not say how high it is
        level = view.upright(*[number.value for number in (*foot, *foot)])[1]
        if ink[2] < 0 or ink[3] < 0 or ink[0] > view.size[0] or ink[1] > view.size[1] or size < 1:
            continue  # outside the paper, or too small to be seen
        chars.append([text, *[round(n, 2) for n in (*ink, begin, end, level, size)], run, style])
    lying = styles.lying(chars)
    for char in chars:
        char[-1] = int(char[-1] in lying and char[0] in CONTOURS)
    return {"chars": chars, "hidden": hidden}


class Styles:
    """What holds for a whole text object: whether it is seen and upright, and its font, as a number."""

    def __init__(self, view: View) -> None:
        self.view, self._known, self._matrix = view, dict[int, tuple[int, int]](), r.FS_MATRIX()
        self._colour = [ctypes.c_uint() for _ in range(4)]
        self.fonts: dict[tuple[int, bool], tuple[int, Any]] = {}

    def of(self, item: Any, index: int) -> tuple[int, int]:
        """The numbers of the object and of its font; the latter negative where the character is not to be read."""
        key = ctypes.cast(item, ctypes.c_void_p).value or 0
        if key not in self._known:
            self._known[key] = len(self._known), self._style(item, index)
        return self._known[key]

    def _style(self, item: Any, index: int) -> int:
        if r.FPDFTextObj_GetTextRenderMode(item) == r.FPDF_TEXTRENDERMODE_INVISIBLE:
            return INVISIBLE
        r.FPDFText_GetMatrix(self.view.text, index, self._matrix)
        angle = math.atan2(self._matrix.b, self._matrix.a) - self.view.turn * math.pi / 2
        if abs(math.sin(angle)) > 0.1:  # a watermark, a seal, a label set sideways
            return ASKEW
        font = r.FPDFTextObj_GetFont(item)
        key = ctypes.cast(font, ctypes.c_void_p).value or 0
        return self.fonts.setdefault((key, self._pale(item)), (len(self.fonts), font))[0]

    def _pale(self, item: Any) -> bool:
        """Whether it is drawn in white or not at all: seen only on a dark ground, where headings stand and no figures."""
        r.FPDFPageObj_GetFillColor(item, *map(ctypes.byref, self._colour))
        red, green, blue, seen = (value.value for value in self._colour)
        return min(red, green, blue) > 250 or seen < 5

    def lying(self, chars: list[list[Any]]) -> set[int]:
        """The fonts whose digits are not to be believed: pale ones, and those that draw others than the text says.

        An 8 has three outlines, 0 4 6 9 have two, the others one.
        """
        used: dict[int, set[str]] = {}
        for char in chars:
            if char[0] in CONTOURS:
                used.setdefault(char[-1], set()).add(char[0])
        found = set()
        for (_, pale), (number, font) in self.fonts.items():
            counts = {digit: _outlines(font, digit) for digit in used.get(number, ())}
            if pale or sum(count != CONTOURS[digit] for digit, count in counts.items() if count) >= 2:
                found.add(number)
        return found


def _outlines(font: Any, digit: str) -> int:
    path = r.FPDFFont_GetGlyphPath(font, ord(digit), 100.0)
    count = r.FPDFGlyphPath_CountGlyphSegments(path) if path else 0
    kinds = (
        r.FPDFPathSegment_GetType(r.FPDFGlyphPath_GetGlyphPathSegment(path, n))
        for n in range(min(count, 2000))
    )
    return sum(kind == r.FPDF_SEGMENT_MOVETO for kind in kinds)


def lines(view: View) -> dict[str, Any]:
    """The straight lines of a page, and the share of it that its largest picture covers."""
    found: list[Box] = []
    image, paths, area = 0.0, 0, max(view.size[0] * view.size[1], 1.0)
    for item, kind, matrix in objects(view):
        if kind == r.FPDF_PAGEOBJ_PATH:
            paths += 1
            found += (view.upright(*box) for box in strokes(item, matrix))
        else:
            points = [moved(matrix, x, y) for x, y in ((0, 0), (1, 0), (0, 1), (1, 1))]
            box = view.upright(*_hull(points))
            image = max(image, (box[2] - box[0]) * (box[3] - box[1]) / area)
            if min(box[2] - box[0], box[3] - box[1]) <= THIN:
                found.append(box)
    kept = [
        [round(number, 2) for number in box] for box in found if max(box[2] - box[0], box[3] - box[1]) > 0.3
    ]
    return {"lines": kept, "image": round(image, 3), "paths": paths}


Matrix = tuple[float, float, float, float, float, float]


def moved(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    """A point after a matrix."""
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def _after(one: Matrix, two: Matrix) -> Matrix:
    """The matrix that does ``one`` and then ``two``."""
    a, b, c, d, e, f = one
    g, h, i, j, k, m = two
    return (a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m)


def objects(view: View) -> Iterator[tuple[Any, int, Matrix]]:
    """Every path and picture of a page, those inside forms among them, with the matrix that brings it onto the page."""
    own, seen = r.FS_MATRIX(), 0
    start = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
    count = r.FPDFPage_CountObjects(view.page)
    waiting = [(r.FPDFPage_GetObject(view.page, n), start, 0) for n in range(min(count, MAX_OBJECTS))]
    while waiting:
        item, outer, depth = waiting.pop()
        seen += 1
        if seen > MAX_OBJECTS:
            raise Failed("much", f"一页{MAX_OBJECTS}个图形")
        kind = r.FPDFPageObj_GetType(item)
        if kind == r.FPDF_PAGEOBJ_TEXT or not r.FPDFPageObj_GetMatrix(item, own):
            continue
        matrix = _after((own.a, own.b, own.c, own.d, own.e, own.f), outer)
        if kind == r.FPDF_PAGEOBJ_FORM and depth < MAX_DEPTH:
            inner = range(min(r.FPDFFormObj_CountObjects(item), MAX_OBJECTS - seen))
            waiting += [(r.FPDFFormObj_GetObject(item, n), matrix, depth + 1) for n in inner]
        elif kind in (r.FPDF_PAGEOBJ_PATH, r.FPDF_PAGEOBJ_IMAGE):
            yield item, kind, matrix


def strokes(item: Any, matrix: Matrix) -> Iterator[Box]:
    """The straight pieces of a path: its sides where it is drawn, itself where it is a filled strip."""
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    r.FPDFPath_GetDrawMode(item, fill, stroke)
    if not fill.value and not stroke.value:
        return
    for points in filter(lambda found: len(found) > 1, outlines(item, matrix)):
        left, bottom, right, top = _hull(points)
        if stroke.value:
            for (x, y), (u, v) in pairwise(points):
                if min(abs(x - u), abs(y - v)) <= STRAIGHT:
                    yield min(x, u), min(y, v), max(x, u), max(y, v)
        elif min(right - left, top - bottom) <= THIN:
            yield left, bottom, right, top


def outlines(item: Any, matrix: Matrix) -> Iterator[list[tuple[float, float]]]:
    """The outlines of a path, closed where it closes them; a curve ends one, what is drawn behind it begins anew."""
    x, y = ctypes.c_float(), ctypes.c_float()
    points: list[tuple[float, float]] = []
    for number in range(min(r.FPDFPath_CountSegments(item), MAX_OBJECTS)):
        part = r.FPDFPath_GetPathSegment(item, number)
        r.FPDFPathSegment_GetPoint(part, x, y)
        if r.FPDFPathSegment_GetType(part) != r.FPDF_SEGMENT_LINETO:
            yield points
            points = []
        points.append(moved(matrix, x.value, y.value))
        if r.FPDFPathSegment_GetClose(part):
            points.append(points[0])
    yield points


def _hull(points: list[tuple[float, float]]) -> Box:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return min(xs), min(ys), max(xs), max(ys)


def read(document: Any) -> dict[str, Any]:
    """Every page of a document."""
    count, held, pages = r.FPDF_GetPageCount(document), 0, []
    if not 0 < count <= MAX_PAGES:
        raise Failed("much", f"{MAX_PAGES}页") if count > 0 else Failed("damaged")
    for number in range(count):
        view = View(document, number)
        pages.append({"size": view.size, **characters(view), **lines(view)})
        held += len(pages[-1]["chars"]) + len(pages[-1]["lines"])
        if held > MAX_ALL:
            raise Failed("much", f"{MAX_ALL}个字和线")
        r.FPDFText_ClosePage(view.text)
        r.FPDF_ClosePage(view.page)
    return {"pages": pages}


def picture(document: Any, number: int, box: tuple[float, ...]) -> bytes:
    """A strip of a page as wide as the paper, a place on it framed, as PNG."""
    if not 0 < number <= r.FPDF_GetPageCount(document):
        raise Failed("picture")
    view = View(document, number - 1)
    above, below = max(0.0, box[1] - AROUND), min(view.size[1], box[3] + AROUND)
    width, height, start = (int(points * SCALE) for points in (view.size[0], below - above, above))
    if not (0 < width <= MAX_SIDE and 0 < height <= MAX_SIDE):
        raise Failed("picture")
    bitmap = r.FPDFBitmap_CreateEx(width, height, r.FPDFBitmap_BGR, None, 0)
    r.FPDFBitmap_FillRect(bitmap, 0, 0, width, height, 0xFFFFFFFF)
    page = (
        0,
        -start,
        width,
        int(view.size[1] * SCALE),
        view.rotate,
        r.FPDF_ANNOT | r.FPDF_REVERSE_BYTE_ORDER,
    )
    r.FPDF_RenderPageBitmap(bitmap, view.page, *page)
    left, top, right, bottom = (
        int(side * SCALE) for side in (box[0] - 1, box[1] - 1, box[2] + 1, box[3] + 1)
    )
    wide, high = right - left + 2, bottom - top + 2
    sides = ((left, top, wide, 2), (left, bottom, wide, 2), (left, top, 2, high), (right, top, 2, high))
    for x, y, w, h in sides:
        r.FPDFBitmap_FillRect(bitmap, x, y - start, w, h, RED)
    stride = r.FPDFBitmap_GetStride(bitmap)
    data = ctypes.string_at(r.FPDFBitmap_GetBuffer(bitmap), stride * height)
    return png(
        width, height, b"".join(b"\0" + data[at : at + 3 * width] for at in range(0, stride * height, stride))
    )


def png(width: int, height: int, data: bytes) -> bytes:
    """Rows of pixels, each behind a zero, as a file."""
    parts = (
        (b"IHDR", struct.pack(">2I5B", width, height, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(data, 9)),
        (b"IEND", b""),
    )
    chunks = (
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def answer(place: list[float]) -> bytes:
    """What a call asks for: the whole file, or the picture of a place; Failed."""
    data = sys.stdin.buffer.read()
    r.FPDF_InitLibrary()
    document = r.FPDF_LoadMemDocument64(data, len(data), None)
    if not document:
        raise Failed("password" if r.FPDF_GetLastError() == r.FPDF_ERR_PASSWORD else "damaged")
    if not place:
        return json.dumps(read(document)).encode()
    number, *box = place
    return picture(document, int(number), tuple(box))


if __name__ == "__main__":
    asked = argparse.ArgumentParser(
        description="PDF on stdin: its characters and lines as JSON, or the picture of a place"
    )
    asked.add_argument("place", nargs="*", type=float, help="page, left, top, right, bottom")
    wanted = asked.parse_args().place
    bound()
    try:
        import pypdfium2.raw as r

        said = answer(wanted)
    except ImportError:
        said = b'{"failed": ["library"]}'
    except Failed as error:
        said = json.dumps({"failed": error.args}).encode()
    sys.stdout.buffer.write(said)
