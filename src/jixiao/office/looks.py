"""How cells look: what the styles of a workbook come to, and what of it hides a figure or shows another one.

Programs number styles anew, and write colours and formats in ways of their own: looks are compared by what a person sees.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from jixiao.model import half_up
from jixiao.office import markup
from jixiao.office.grid import TRUE
from jixiao.office.markup import Element
from jixiao.office.refs import digits

BLACK, WHITE = "000000", "FFFFFF"
LEAST_CONTRAST = 1.5  # of a text to what is behind it; black on white is 21
LEAST_SIZE = 5.0  # points
DEEPEST_INDENT = 10
_SYMBOLS = re.compile(r"wingdings|webdings|symbol|dingbats|marlett|mt extra|barcode|blank", re.IGNORECASE)
# number formats that every workbook has by number
BUILT_IN: dict[int, str] = {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??",
    14: "yyyy/m/d", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm",
    21: "h:mm:ss", 22: "yyyy/m/d h:mm", 37: "#,##0;-#,##0", 38: "#,##0;-#,##0", 39: "#,##0.00;-#,##0.00",
    40: "#,##0.00;-#,##0.00", 45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0", 48: "##0.0E+0", 49: "@",
}  # fmt: skip
# the dates and times that Chinese programs write by number alone, without saying the format in the file
for _codes, _shown in (
    ((27, 36, 50, 52, 57), 'yyyy"年"m"月"'),
    ((28, 29, 51, 53, 54, 58), 'm"月"d"日"'),
    ((30,), "m-d-yy"),
    ((31,), 'yyyy"年"m"月"d"日"'),
    ((32, 33, 34, 35, 55, 56), 'h"时"mm"分"'),
):
    BUILT_IN |= dict.fromkeys(_codes, _shown)
# the 56 colours that files name by a number from 8 on, where they do not say otherwise
_PALETTE = (
    "000000FFFFFFFF000000FF000000FFFFFF00FF00FF00FFFF800000008000000080808000800080008080C0C0C0808080"
    "9999FF993366FFFFCCCCFFFF660066FF80800066CCCCCCFF000080FF00FFFFFF0000FFFF8000808000000080800000FF"
    "00CCFFCCFFFFCCFFCCFFFF9999CCFFFF99CCCC99FFFFCC993366FF33CCCC99CC00FFCC00FF9900FF6600666699969696"
    "003366339966003300333300993300993366333399333333"
)


class Look(NamedTuple):
    """What a person sees of a cell: its number format, colours (``RRGGBB``), size in points and what else changes a text.

    In a conditional format ``ink``, ``paper`` and ``format`` are empty where it leaves them as they are.
    """

    format: str = ""
    ink: str = BLACK
    paper: str = WHITE
    size: float = 11.0
    font: str = ""
    struck: bool = False
    wrapped: bool = False
    repeated: bool = False
    indent: int = 0

    def faults(self, paper: str = "") -> list[tuple[str, str]]:
        """What hides or garbles a content shown so, in Chinese, with what it is; on another paper where one is given."""
        ink, behind = self.ink or BLACK, paper or self.paper or WHITE
        found = [
            (contrast(ink, behind) < LEAST_CONTRAST, "文字和底色", f"{ink}／{behind}"),
            (self.size < LEAST_SIZE, "字号", f"{self.size:g}"),
            (self.struck, "删除线", "有"),
            (self.repeated, "对齐方式", "填充（重复显示）"),
            (self.indent >= DEEPEST_INDENT, "缩进", str(self.indent)),
            (bool(_SYMBOLS.search(self.font)), "字体", self.font),
        ]
        return [(what, shown) for wrong, what, shown in found if wrong]


@functools.lru_cache(maxsize=1024)
def contrast(one: str, other: str) -> float:
    """How well two colours can be told apart: 1 not at all, 21 black on white (WCAG 2)."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


class Styles:
    """The styles of a workbook: ``cells`` by the number that a cell names, ``tints`` those of conditional formats."""

    def __init__(self, styles: bytes, theme: bytes) -> None:
        self._found = markup.elements(markup.utf8(styles, "styles"), "styles")
        self._under: dict[int, list[int]] = {}
        for at, element in enumerate(self._found):
            self._under.setdefault(element.parent, []).append(at)
        self._theme = theme
        root = {self._found[at].name: at for at in self._under.get(0, ())}
        self._formats = {str(number): code for number, code in BUILT_IN.items()} | {
            e.attrs.get("numFmtId", ""): e.attrs.get("formatCode", "")
            for e, _ in self._below(root.get("numFmts", -2))
        }
        self._indexed = self._own_palette(root.get("colors", -2))
        fonts = [self._font(at) for _, at in self._below(root.get("fonts", -2))]
        papers = [self._paper(at, WHITE) for _, at in self._below(root.get("fills", -2))]
        self.cells = [
            self._cell(e, at, fonts, papers)
            for e, at in self._below(root.get("cellXfs", -2))
            if e.name == "xf"
        ]
        self.tints = [self._tint(at) for e, at in self._below(root.get("dxfs", -2)) if e.name == "dxf"]

    def _below(self, at: int) -> list[tuple[Element, int]]:
        return [(self._found[child], child) for child in self._under.get(at, ())]

    def _cell(self, xf: Element, at: int, fonts: Sequence[Look], papers: Sequence[str]) -> Look:
        font, fill = (digits(xf.attrs.get(name, "0")) or 0 for name in ("fontId", "fillId"))
        base = fonts[font] if font < len(fonts) else Look()
        align = next((e.attrs for e, _ in self._below(at) if e.name == "alignment"), {})
        return base._replace(
            format=self._formats.get(xf.attrs.get("numFmtId", "0"), ""),
            paper=papers[fill] if fill < len(papers) else WHITE,
            wrapped=align.get("wrapText") in TRUE,
            repeated=align.get("horizontal") == "fill",
            indent=digits(align.get("indent")) or 0,
        )

    def _tint(self, at: int) -> Look:
        look = Look(ink="", paper="")
        for element, child in self._below(at):
            if element.name == "font":
                look = self._font(child, "")._replace(format=look.format, paper=look.paper)
            elif element.name == "fill":
                look = look._replace(paper=self._paper(child, ""))
            elif element.name == "numFmt":
                look = look._replace(format=element.attrs.get("formatCode", ""))
        return look

    def _font(self, at: int, ink: str = BLACK) -> Look:
        return self.font(((e.name, e.attrs) for e, _ in self._below(at)), ink)

    def font(self, parts: Iterable[tuple[str, Mapping[str, str]]], ink: str = BLACK) -> Look:
        """The look of a font, or of a run of text, by the elements that describe it."""
        look = Look(ink=ink, paper="" if not ink else WHITE)
        for name, attrs in parts:
            if name == "sz":
                look = look._replace(size=_float(attrs.get("val"), 11.0))
            elif name == "color":
                look = look._replace(ink=self._colour(attrs, look.ink))
            elif name in ("name", "rFont"):
                look = look._replace(font=attrs.get("val", ""))
            elif name == "strike":
                look = look._replace(struck=attrs.get("val", "1") in TRUE)
        return look

    def _paper(self, at: int, none: str) -> str:
        """The colour behind a text; of a pattern, the one that is most of it."""
        for element, child in self._below(at):
            colours = {e.name: e.attrs for e, _ in self._below(child)}
            if element.name == "gradientFill":
                stops = [e.attrs for _, stop in self._below(child) for e, _ in self._below(stop)]
                return self._colour(stops[0], none) if stops else none
            kind = element.attrs.get("patternType", "")
            if kind == "none" or (not kind and none):
                return none
            front, back = (self._colour(colours.get(name, {}), "") for name in ("fgColor", "bgColor"))
            if none:
                return (front if kind == "solid" or kind.startswith("dark") else back) or none
            return (back or front) if kind in ("", "solid") else (front or back)
        return none

    def _own_palette(self, at: int) -> list[str]:
        listed = [
            e for box, child in self._below(at) if box.name == "indexedColors" for e, _ in self._below(child)
        ]
        if listed:
            return [e.attrs.get("rgb", "FF000000")[-6:].upper() for e in listed]
        own = [_PALETTE[at : at + 6] for at in range(0, len(_PALETTE), 6)]
        return own[:8] + own

    def _colour(self, attrs: Mapping[str, str], none: str) -> str:
        rgb, number, theme = attrs.get("rgb", ""), digits(attrs.get("indexed")), digits(attrs.get("theme"))
        if re.fullmatch(r"[0-9A-Fa-f]{6,8}", rgb):
            made = rgb[-6:].upper()
        elif theme is not None:
            made = self._themed[theme] if theme < len(self._themed) else none
        elif number is not None:
            made = {64: BLACK, 65: WHITE}.get(number, "") or (
                self._indexed[number] if number < len(self._indexed) else none
            )
        else:
            return none
        return _tinted(made, attrs.get("tint", "")) if made else made

    @functools.cached_property
    def _themed(self) -> list[str]:
        """The colours of the theme, in the order in which cells number them: the first two pairs are swapped."""
        if not self._theme:
            return [WHITE, BLACK]
        found = markup.elements(markup.utf8(self._theme, "theme"), "theme")
        boxes = {
            at: e.name for at, e in enumerate(found) if e.parent >= 0 and found[e.parent].name == "clrScheme"
        }
        made = {
            boxes[e.parent]: (e.attrs.get("lastClr") or e.attrs.get("val", BLACK))[-6:].upper()
            for e in found
            if e.parent in boxes
        }
        names = ("lt1", "dk1", "lt2", "dk2", *(f"accent{n}" for n in range(1, 7)), "hlink", "folHlink")
        return [
            made.get(name, BLACK) if re.fullmatch("[0-9A-F]{6}", made.get(name, BLACK)) else BLACK
            for name in names
        ]


def _float(text: str | None, other: float) -> float:
    number = markup.parse_number(text or "")
    return other if number is None else float(number)


def _tinted(colour: str, tint: str) -> str:
    share = max(-1.0, min(1.0, _float(tint, 0.0)))
    parts = [int(colour[at : at + 2], 16) for at in (0, 2, 4)]
    made = [part * (1 + share) if share < 0 else part + (255 - part) * share for part in parts]
    return "".join(f"{round(part):02X}" for part in made)


@markup.remembered(8, 2_000_000)
def styles_of(styles: bytes, theme: bytes) -> Styles:
    """The styles of a workbook by its parts; an empty theme where it has none."""
    return Styles(styles, theme)


@markup.remembered(8, 2_000_000)
def rich_texts(strings: bytes, styles: Styles) -> dict[str, list[Look]]:
    """The shared texts that are made of pieces, each with looks of its own, by their number as cells write it."""
    if b"rPr" not in strings:
        return {}
    found = markup.elements(markup.utf8(strings, "sharedStrings"), "sharedStrings")
    numbers = {at: n for n, at in enumerate(at for at, e in enumerate(found) if e.name == "si")}
    made: dict[str, list[Look]] = {}
    for at, number in _owners(found, numbers).items():
        made.setdefault(str(number), []).append(_run(found, at, styles))
    return made


def _owners(found: Sequence[Element], numbers: Mapping[int, int]) -> dict[int, int]:
    """Each ``rPr`` that is not of a phonetic guide -> the number of its text."""
    made: dict[int, int] = {}
    for at, element in enumerate(found):
        if element.name == "rPr":
            run = element.parent
            if found[run].parent in numbers:
                made[at] = numbers[found[run].parent]
    return made


def rich_text(cell: bytes, styles: Styles) -> list[Look]:
    """The looks of the pieces of a text that stands in its cell, as its bytes in the part tell."""
    found = markup.elements(cell, "is", namespaces=False)
    return [_run(found, at, styles) for at, element in enumerate(found) if element.name == "rPr"]


def _run(found: Sequence[Element], at: int, styles: Styles) -> Look:
    inside = itertools.takewhile(lambda e: e.start < found[at].end, itertools.islice(found, at + 1, None))
    return styles.font((e.name, e.attrs) for e in inside)


# --------------------------------------------------------------------------------------------- number formats

_PART = re.compile(
    r'"([^"]*)"|[\\!](.)|_(.)|(\*.)|\[(\$[^\]-]*)(?:-[^\]]*)?\]|(\[[^\]]*\])|(General|[0#?.,%@ymdhsYMDHSeE;])|(.)',
    re.DOTALL,
)
_FIGURE = re.compile(r"[#0,]*[#0](?:\.([#0]*))?(%?)")


@functools.lru_cache(maxsize=1024)
def _meaning(code: str) -> tuple[str, ...]:
    """A number format however its literal letters are marked: those with a quote in front."""
    made: list[str] = []
    for quoted, marked, gap, _, money, other, part, letter in _PART.findall(code):
        made += [f'"{one}' for one in quoted or marked or money[1:] or letter]
        if other or part:
            made.append((other or part).lower())
        del gap
    if made[-2:] == [";", "@"]:
        made = made[:-2]
    return tuple(made) if made != ["general"] else ()


def shows_alike(code: str, other: str, value: object) -> bool:
    """Whether two number formats show the same of a value: a decimal, a text (or none), a truth value."""
    if same_format(code, other):
        return True
    if isinstance(value, Decimal) and _of_numbers(code) == _of_numbers(other):
        return True
    if not isinstance(value, Decimal):
        return all(
            one in ("", "General", "@") or (one.count(";") < 3 and "@" not in one) for one in (code, other)
        )
    shown = [_rounded(value, one) for one in (code, other)]
    return shown[0] is not None and shown[0] == shown[1]


def same_format(code: str, other: str) -> bool:
    """Whether two number formats show the same of every value."""
    return code == other or _meaning(code) == _meaning(other)


def _of_numbers(code: str) -> tuple[str, ...]:
    """What a number format says of numbers: its first three sections."""
    made = _meaning(code)
    ends = [at for at, part in enumerate(made) if part == ";"]
    return made[: ends[2]] if len(ends) > 2 else made


def _rounded(value: Decimal, code: str) -> tuple[Decimal, str] | None:
    """The figure that a plain format shows, and whether as a percentage; None for any other format."""
    if code in ("", "General", "@"):
        return markup.as_typed(value), ""
    match = _FIGURE.fullmatch(code)
    if match is None:
        return None
    places = len(match[1] or "") + 2 * bool(match[2])
    return half_up(value, places), match[2]
