"""How sheets and workbook are arranged: what hides rows, columns or sheets, what is printed around, what lies on top.

Names and settings of the calculation, too: what a formula gives depends on them. Harmless differences are notes.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from jixiao.master import STYLES, Prescribed, Prescriptions, ScoringBook, Tint
from jixiao.model import Findings, Source
from jixiao.office import (
    Aside,
    Chart,
    Look,
    Shape,
    canonical,
    column_letter,
    contrast,
    join_ref,
    measure,
    shapes,
    shows_alike,
    split_area,
)
from jixiao.scoring import Scorecard
from jixiao.verify.printed import (
    LISTED,
    Box,
    Looks,
    Printed,
    check_cells,
    check_table,
    sheets_of,
    shown,
)

TRUE = ("1", "true")
LEAST_HEIGHT = 6.0  # points
MOST_COLUMNS = 300
LEAST_WIDTH, LEAST_SHARE = 0.8, 0.3  # characters; share of the width that is prescribed
_FONT = re.compile(r'&"[^"]*"|&[BIU](?![A-Za-z])')
_SIZE = re.compile(r"&(\d{1,3})")
_INK = re.compile(r"&K([0-9A-Fa-f]{6}|\d\d[+-]\d{3})")


def check_printed(book: ScoringBook, card: Scorecard, findings: Findings) -> None:
    """All that is printed, sheet by sheet, then what holds for the whole workbook; many of one kind are said together."""
    found, looks = Findings(), Looks(book)
    _sheets(book, card, looks, found)
    with looks.once(book.plan, found) as due:
        if due:
            _workbook(book, found)
    counts: dict[str, int] = {}
    for finding in found:
        counts[finding.code] = counts.get(finding.code, 0) + 1
        if counts[finding.code] <= LISTED:
            findings.extend([finding])
    for count in counts.values():
        if count > LISTED:
            findings.add("J638", Source(book.path.name), count=count - LISTED)


def _sheets(book: ScoringBook, card: Scorecard, looks: Looks, found: Findings) -> None:
    own, there = Prescriptions(book, card.changes), book.book.worksheets
    for name in book.plan.sheets:
        if name not in there:
            continue  # format 1 has no 改动; anything else that is missing was refused
        if looks.knows(name, own.mark(name), functools.partial(own.told, name)):
            continue
        wanted = own.sheet(name)
        sheet = Printed(book, name, wanted, found)
        with looks.keeping(sheet, own.mark(name), own.told(name)):
            check_cells(sheet, looks)
            _marks(sheet)
            _lines(sheet, wanted.widths)
            _merged(sheet, wanted.merged)
            _view(sheet)
            _page(sheet, wanted)
            _tints(sheet, wanted.tints)
            _entries(sheet, wanted)
            _laid(sheet, wanted)
    tables, others = sheets_of(book)
    told = {(change.source.sheet, change.source.cell) for change in card.changes}
    kept = {str(number): STYLES[style] for style, number in book.styles.items() if number}
    for name in tables:
        mark = None if any(sheet == name for sheet, _ in told) else (*book.styles.items(),)
        if looks.knows(name, mark):
            continue
        sheet = Printed(book, name, Prescribed(), found)
        with looks.keeping(sheet, mark, kept=kept):
            check_table(sheet, looks, kept, told)
            _lines(sheet, {})
            _merged(sheet, None)
            _view(sheet)
            _tints(sheet, ())
            _laid(sheet, sheet.own)
    _tabs(book, tables, others, found)


# ---------------------------------------------------------------------------------------------------- one sheet


def _marks(sheet: Printed) -> None:
    """Links of ours whose mark was taken away: nobody sees them any more."""
    for aside in sheet.book.sheet(sheet.name).outline.asides:
        ref = aside.attrs.get("ref", "") if aside.name == "hyperlink" else ""
        want = sheet.own.cells.get(ref)
        if want is not None and want.spare and ref not in sheet.filled:
            sheet.add("J630", ref, found="", expected=want.value)


def _lines(sheet: Printed, widths: Mapping[int, float]) -> None:
    """Rows and columns that are not seen although something stands in them."""
    own = sheet.book.sheet(sheet.name)
    for number, attrs in own.row_marks():
        low = attrs.get("hidden") in TRUE or measure(attrs.get("ht"), 15) < LEAST_HEIGHT
        if low and any(row == number for row, _ in sheet.spots):
            sheet.add("J632", f"A{number}", what=f"第{number}行", found="隐藏", expected="可见")
    widest = max(LEAST_WIDTH, LEAST_SHARE * max(widths.values(), default=0))
    for attrs in own.outline.columns:
        first, last = (int(measure(attrs.get(name), 0)) for name in ("min", "max"))
        width = 0 if attrs.get("hidden") in TRUE else measure(attrs.get("width"), 9)
        if width >= widest:
            continue
        wide = {column: widths.get(column, 0) for column in range(first, min(last, first + MOST_COLUMNS) + 1)}
        narrow = {column for column, wanted in wide.items() if width < max(LEAST_WIDTH, LEAST_SHARE * wanted)}
        for column in sorted(narrow & {column for _, column in sheet.spots} if narrow else ()):
            said, letter = f"宽{width:g}" if width else "隐藏", column_letter(column)
            sheet.add(
                "J632", f"{letter}1", what=f"{letter}列", found=said, expected=f"宽{wide[column] or 9:g}"
            )
    for aside in own.outline.asides:
        if aside.name == "sheetFormatPr":
            slim = measure(aside.attrs.get("defaultColWidth"), 9) < LEAST_WIDTH
            flat = measure(aside.attrs.get("defaultRowHeight"), 15) < LEAST_HEIGHT
            if aside.attrs.get("zeroHeight") in TRUE or slim or flat:
                sheet.add("J632", "", what="默认行高列宽", found="隐藏", expected="可见")


def _merged(sheet: Printed, wanted: set[str] | None) -> None:
    """Merged areas that were parted, and those that hide what stands in their cells."""
    merged = {area.replace("$", "") for area in sheet.book.sheet(sheet.name).merged}
    for area in sorted((wanted or set()) - merged):
        sheet.add("J632", area.partition(":")[0], what=f"合并单元格{area}", found="拆开", expected="合并")
    for area in sorted(merged - (wanted or set())):
        box = split_area(area)
        if _hides(sheet, box) or (wanted is not None and _covers(sheet, box)):
            sheet.add(
                "J632", area.partition(":")[0], what=f"合并单元格{area}", found="合并", expected="不合并"
            )


def _hides(sheet: Printed, box: Box) -> bool:
    """Whether something stands in a merged area beside its first cell, the only one that is seen."""
    top, left, bottom, right = box
    if (bottom - top + 1) * (right - left + 1) > len(sheet.spots):
        inside = {(r, c) for r, c in sheet.spots if top <= r <= bottom and left <= c <= right}
    else:
        area = ((r, c) for r in range(top, bottom + 1) for c in range(left, right + 1))
        inside = {spot for spot in area if spot in sheet.spots}
    return bool(inside - {(top, left)})


def _covers(sheet: Printed, box: Box) -> bool:
    """Whether a box covers cells that are ours, with something in them or to be filled."""
    top, left, bottom, right = box
    own = {*sheet.own.cells, *sheet.own.changed}
    ours = [_place(ref) for ref in own] if own else sheet.spots
    return any(top <= row <= bottom and left <= column <= right for row, column in ours)


def _place(ref: str) -> tuple[int, int]:
    top, left, _, _ = split_area(ref)
    return top, left


VIEWS = (
    ("sheetView", "showZeros", ("0", "false"), "零值", "不显示", "显示"),
    ("sheetView", "showFormulas", TRUE, "单元格", "显示公式", "显示数值"),
    ("sheetView", "rightToLeft", TRUE, "版面方向", "从右到左", "从左到右"),
    ("sheetPr", "transitionEvaluation", TRUE, "公式求值", "Lotus 规则", "Excel 规则"),
    ("sheetPr", "enableFormatConditionsCalculation", ("0", "false"), "条件格式", "不计算", "计算"),
    ("pageSetup", "errors", ("blank", "dash", "NA"), "错误值的打印", "不打印", "打印"),
)
"""Settings of a sheet that change what is seen: element, attribute, values, and what is said."""


def _view(sheet: Printed) -> None:
    for aside in sheet.book.sheet(sheet.name).outline.asides:
        for element, name, values, what, found, expected in VIEWS:
            if aside.name == element and aside.attrs.get(name) in values:
                sheet.add("J632", "", what=what, found=found, expected=expected)


def _page(sheet: Printed, wanted: Prescribed) -> None:
    """Print area, repeated rows, headers and footers."""
    names = {n.name.lower(): n.text for n in sheet.book.book.all_names if n.sheet == sheet.name}
    for name, what, expected in (
        ("_xlnm.print_area", "打印区域", wanted.area),
        ("_xlnm.print_titles", "打印标题", wanted.titles),
    ):
        found, told = (
            [part.rpartition("!")[2].replace("$", "") for part in text.split(",") if part]
            for text in (names.get(name, ""), expected)
        )
        if found != told:
            code = "J636" if len(told) > 1 and _begins(found, told) else "J632"
            said = "、".join(told) or "全部"
            sheet.add(code, "", what=what, found="、".join(found) or "全部", expected=said)
    asides = sheet.book.sheet(sheet.name).outline.asides
    attrs = next((a.attrs for a in asides if a.name == "headerFooter"), {})
    texts = {aside.name: aside.text for aside in asides}
    pages = ["odd"] + [
        p
        for p, name in (("even", "differentOddEven"), ("first", "differentFirst"))
        if attrs.get(name) in TRUE
    ]
    for page in pages:
        for part, what, expected in (("Header", "页眉", ""), ("Footer", "页脚", wanted.footer)):
            found_text = texts.get(f"{page}{part}", "")
            if _sections(found_text) != _sections(expected):
                sheet.add("J632", "", what=what, found=found_text, expected=expected)
    setup = next((a.attrs for a in asides if a.name == "pageSetup"), {})
    if setup.get("useFirstPageNumber") in TRUE and setup.get("firstPageNumber", "1") not in ("0", "1"):
        sheet.add("J632", "", what="起始页码", found=setup["firstPageNumber"], expected="自动")


def _begins(found: Sequence[str], told: Sequence[str]) -> bool:
    """Whether areas begin where those do that are filled now: rows were typed since the workbook was scored."""
    edges = [
        {(part.partition(":")[0], part.partition(":")[2].rstrip("0123456789")) for part in areas}
        for areas in (found, told)
    ]
    return bool(edges[0]) and edges[0] <= edges[1]


@functools.lru_cache(maxsize=64)
def _sections(text: str) -> dict[str, str]:
    """Left, middle and right of a header, without fonts and sizes that leave it readable."""
    text = _INK.sub(
        lambda m: "" if "+" in m[1] or "-" in m[1] or contrast(m[1], "FFFFFF") > 1.5 else m[0], text
    )
    text = _SIZE.sub(lambda m: "" if int(m[1]) > 4 else m[0], _FONT.sub("", text))
    parts, made = ["C", *re.split(r"&([LCR])", text)], dict[str, str]()
    for section, said in zip(parts[::2], parts[1::2], strict=True):
        made[section] = made.get(section, "") + "".join(said.split())
    return {section: said for section, said in made.items() if said}


class Rule:
    """A conditional format of the file."""

    def __init__(self, area: str, rule: Aside, sheet: Printed) -> None:
        self.boxes = _boxes(area)
        self.kind, self.formula = rule.attrs.get("type", ""), ""
        self.known = "\n" not in rule.name
        tints, number = sheet.book.book.styles().tints, rule.attrs.get("dxfId", "")
        self.look = tints[int(number)] if number.isdigit() and int(number) < len(tints) else None
        self.hides = False

    def is_like(self, tint: Tint) -> bool:
        """Whether it is the one that is prescribed."""
        ink, paper = (str(tint.spec.get(name, "")).lstrip("#") for name in ("font_color", "bg_color"))
        return (
            self.look is not None
            and canonical(self.formula) == canonical(tint.formula)
            and any(_within(tint.box, box) for box in self.boxes)
            and (self.look.ink, self.look.paper, self.look.format) == (ink, paper, "")
            and not self.hides
        )

    def alters(self) -> bool:
        """Whether it hides what stands in a cell, or shows another figure."""
        if not self.known or self.hides or self.kind == "colorScale":
            return True
        look = self.look or Look(ink="", paper="")
        grounds = (
            [look.paper]
            if look.paper
            else [str(spec.get("bg_color", "#FFFFFF"))[1:] for spec in STYLES.values()]
        )
        inks = (
            [look.ink]
            if look.ink
            else [str(spec.get("font_color", "#000000"))[1:] for spec in STYLES.values()]
        )
        unread = any(contrast(ink, ground) < 1.5 for ink in inks for ground in grounds)
        return bool(look.format) or look.struck or unread


def _boxes(areas: str) -> list[Box]:
    """The areas of a list as the file writes it; what is none is left out."""
    made = []
    for part in areas.split():
        try:
            made.append(split_area(part))
        except ValueError:
            continue
    return made


def _within(box: Box, other: Box) -> bool:
    return other[0] <= box[0] and other[1] <= box[1] and box[2] <= other[2] and box[3] <= other[3]


def _rules(sheet: Printed) -> Iterator[Rule]:
    area, rule = "", None
    for aside in sheet.book.sheet(sheet.name).outline.asides:
        name = aside.name.rpartition("\n")[2]
        if name == "conditionalFormatting":
            area = aside.attrs.get("sqref", "")
        elif name == "cfRule":
            if rule is not None:
                yield rule
            rule = Rule(area, aside, sheet)
        elif rule is not None and name in ("formula", "f") and not rule.formula:
            rule.formula = aside.text
        elif (
            rule is not None
            and name in ("iconSet", "dataBar")
            and aside.attrs.get("showValue") in ("0", "false")
        ):
            rule.hides = True
    if rule is not None:
        yield rule


def _tints(sheet: Printed, wanted: Sequence[Tint]) -> None:
    left = list(_rules(sheet))
    for tint in wanted:
        like = next((rule for rule in left if rule.is_like(tint)), None)
        where = _corner(tint.box)
        if like is None:
            sheet.add("J632", where, what="条件格式", found="删去或改动", expected=f"={tint.formula}")
        else:
            left.remove(like)
    for rule in left:
        where = _corner(rule.boxes[0]) if rule.boxes else ""
        found = f"={rule.formula}" if rule.formula else rule.kind
        if rule.alters():
            sheet.add("J632", where, what="条件格式", found=found, expected="无")
        elif wanted or sheet.own.cells:
            sheet.add("J636", where, what="条件格式", found=found, expected="无")


def _corner(box: Box) -> str:
    return join_ref(box[0], box[1])


def _entries(sheet: Printed, wanted: Prescribed) -> None:
    """Protection and validations: without them nothing is hidden, so these are notes."""
    asides = sheet.book.sheet(sheet.name).outline.asides
    locked = any(a.name == "sheetProtection" and a.attrs.get("sheet", "0") in TRUE for a in asides)
    if wanted.protected and not locked:
        sheet.add("J636", "", what="工作表保护", found="取消", expected="有")
    kinds: dict[str, set[str]] = {}
    for aside in asides:
        if aside.name.rpartition("\n")[2] == "dataValidation":
            for area in aside.attrs.get("sqref", "").split():
                kinds.setdefault(area, set()).add(aside.attrs.get("type", ""))
    wide = [(box, held) for area, held in kinds.items() if ":" in area for box in _boxes(area)]
    gone = [
        ref
        for ref, kind in wanted.choices.items()
        if kind not in kinds.get(ref, ())
        and not any(kind in held and _within((*_place(ref),) * 2, box) for box, held in wide)
    ]
    if gone:
        sheet.add("J636", gone[0], what=f"{len(gone)}个单元格的数据有效性", found="取消或改动", expected="有")


def _laid(sheet: Printed, wanted: Prescribed) -> None:
    """What lies on the cells; charts of ours may be moved or deleted."""
    found = list(shapes(sheet.book.book, sheet.name))
    if not found:
        return
    missing = list(wanted.charts)
    others: list[Shape] = []
    for shape in found:
        like = next((p for p in missing if shape.chart is not None and _is_chart(shape.chart, p)), None)
        if like is None:
            others.append(shape)
        else:
            missing.remove(like)
    for shape in others:
        if shape.chart is not None and missing:
            own = missing.pop(0)
            sheet.add(
                "J632", _corner(shape.box), what="图表", found=_said_of(shape.chart), expected=own.title
            )
        elif _covers(sheet, shape.box):
            sheet.add("J634", _corner(shape.box), what=shape.what)


def _is_chart(chart: Chart, wanted: Any) -> bool:
    series, expected = ([tuple(map(_area, row[1:])) for row in one.series] for one in (chart, wanted))
    names = [row[0].strip('"') for row in chart.series], [row[0] for row in wanted.series]
    labels = all(
        any(shows_alike(code, own, Decimal("0.125")) for own in wanted.formats) for code in chart.formats
    )
    return series == expected and chart.titles[:1] == (wanted.title,) and names[0] == names[1] and labels


def _area(text: str) -> str:
    """The cells of a series however they are written: an area of one cell is that cell."""
    sheet, _, area = "".join(canonical(text).replace("$", "").split()).rpartition("!")
    first, _, last = area.partition(":")
    return f"{sheet}!{first}" if last in ("", first) else f"{sheet}!{area}"


def _said_of(chart: Chart) -> str:
    return "；".join([*chart.titles, *(" ".join(row) for row in chart.series)])


# ------------------------------------------------------------------------------------------------- the workbook


def _tabs(book: ScoringBook, tables: Sequence[str], others: Sequence[str], found: Findings) -> None:
    names = book.book.sheet_names
    for name in (*book.plan.sheets, *tables):
        if name in names and book.book.state(name) != "visible":
            found.add("J632", book.source(name, ""), what="工作表", found="隐藏", expected="可见")
    order = [name for name in names if name in book.plan.sheets]
    if order != [name for name in book.plan.sheets if name in names]:
        found.add(
            "J636",
            book.source(order[0], ""),
            what="工作表次序",
            found="、".join(order)[:60],
            expected="原次序",
        )
    for name in sorted(book.plan.gone):
        found.add("J636", book.source(name, ""), what="工作表", found="已删除", expected=name)
    taken = {_like(name): name for name in (*book.plan.sheets, *tables)}
    for name in others:
        if (own := taken.get(_like(name))) is not None or (own := _copied(book, name)):
            found.add("J635", book.source(name, ""), own=own)


def _like(name: str) -> str:
    """A sheet's name as a glance takes it: without width, blanks, marks and the number of a copy."""
    plain = unicodedata.normalize("NFKC", name).casefold()
    return "".join(letter for letter in plain if letter.isalpha()).removesuffix("副本")


def _copied(book: ScoringBook, name: str) -> str:
    """The sheet of ours whose title stands on another sheet."""
    if name not in book.book.worksheets:
        return ""
    texts = {
        "".join(str(cell.value).split()) for cell in book.sheet(name).cells() if isinstance(cell.value, str)
    }
    title = "".join(book.rubric.title.split())
    return book.plan.sheets[1] if title and title in texts else ""


SETTINGS = (
    ("fullPrecision", ("0", "false"), "计算精度", "以显示精度为准", "全精度"),
    ("iterate", TRUE, "迭代计算", "开启", "关闭"),
    ("calcMode", ("manual",), "重算方式", "手动", "自动"),
)
"""Settings of the calculation that change results or leave old ones standing."""


def _workbook(book: ScoringBook, found: Findings) -> None:
    here = Source(book.path.name)
    if book.book.date1904:
        found.add("J633", here, what="日期系统", found="1904", expected="1900")
    for name, values, what, now, expected in SETTINGS:
        if book.book.calculation.get(name) in values:
            found.add("J633", here, what=what, found=now, expected=expected)
    _names(book, here, found)


def _names(book: ScoringBook, here: Source, found: Findings) -> None:
    """The names of the plan: each once, for the whole workbook, and for its own place."""
    by_name: dict[str, list[tuple[str, str, str]]] = {}
    for entry in book.book.all_names:
        by_name.setdefault(entry.name.casefold(), []).append(entry)
    for key, name in book.plan.names.items():
        if key in book.plan.ranges:
            sheet, first, last = book.plan.ranges[key]
            expected = f"'{sheet}'!{first}:{last}"
        elif key in book.plan.places:
            expected = book.plan.places[key].address
        else:
            continue  # its sheet was deleted, which may be
        there = by_name.get(name.casefold(), [])
        whole = [text for _, text, scope in there if not scope]
        if len(whole) != 1 or not _same_area(whole[0], expected):
            found.add("J633", here, what=f"名称“{name}”", found=shown("、".join(whole)), expected=expected)
        for _, text, scope in there:
            if scope:
                found.add(
                    "J633",
                    book.source(scope, ""),
                    what=f"只在本表有效的名称“{name}”",
                    found=text,
                    expected="无",
                )


def _same_area(one: str, other: str) -> bool:
    first, second = (canonical(text).replace("$", "").replace("'", "") for text in (one, other))
    return first == second
