"""汇总.xlsx: the measures in a bureau's own sheets, sums and differences as formulas, each row with a link to its file."""

from __future__ import annotations

import datetime
import io
import os
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from jixiao.batch.listing import ELSEWHERE, INSIDE
from jixiao.batch.measures import Group, Standing, Summary, Unit
from jixiao.batch.mending import told
from jixiao.model import LEVEL_TITLES, Finding, Level

TOTAL, SPREAD, LOST, HEAT, SHARES, TRENDS, MENDED = "总表", "分布", "失分", "热力", "分组", "趋势", "整改"
PROBLEMS, ODD, MISSING = "问题", "异常", "未收"
HEAD = 2  # rows above the head of a list: title, and what it holds
MOST_LINKS, MOST_HEAT = 60_000, 5_000
"""Links of one sheet (Excel: 65,530); units of a heat map, above which it shows groups of units."""
PROOFS = {"proved": "通过", "failed": "未通过"}
FONT, INK, LINE, SHADE, BAND = "宋体", "#1F2933", "#8A94A6", "#E8EEF7", "#F5F7FA"
BLUE, RED, WHITE, GREEN = "#2F6DB5", "#F8CBAD", "#FFFFFF", "#C6E0B4"


class Column(NamedTuple):
    """A column of a list: title, width in characters, look of its cells."""

    title: str
    width: float
    look: str = "text"


UNITS = (
    Column("名次", 6, "count"), Column("单位", 24), Column("主管部门", 16), Column("地区", 10), Column("类型", 10),
    Column("评分表", 30, "short"), Column("年度", 7, "middle"), Column("得分", 8, "points"), Column("等级", 7, "middle"),
    Column("规则分", 8, "points"), Column("核定减规则", 8, "points"), Column("自评分", 8, "points"),
    Column("自评减核查", 8, "points"), Column("上年得分", 8, "points"), Column("比上年", 8, "points"),
    Column("待核定项数", 8, "count"), Column("人工核定项数", 8, "count"), Column("导入后改动", 8, "count"),
    Column("核验", 8, "middle"), Column("复核状态", 14, "middle"), Column("签署", 20, "short"),
    Column("错误", 6, "count"), Column("提醒", 6, "count"), Column("情况", 12, "middle"),
    Column("说明", 46), Column("文件", 34),
)  # fmt: skip
_AT = {column.title: number for number, column in enumerate(UNITS)}


def write(summary: Summary, folder: Path) -> bytes:
    """The workbook as bytes; links lead from ``folder`` to the files."""
    target = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(target, options) as book:
        # the same measures give the same bytes
        book.set_properties({"title": "绩效评价结果汇总", "created": datetime.datetime(2022, 1, 1)})  # noqa: DTZ001
        pen = _Pen(book, folder)
        _total(pen, summary)
        _spread(pen, summary)
        _lost(pen, summary)
        _heat(pen, summary)
        _shares(pen, summary)
        _trends(pen, summary)
        _mended(pen, summary)
        _problems(pen, summary)
        _odd(pen, summary)
        _missing(pen, summary)
    return target.getvalue()


class _Pen:
    """One workbook being written."""

    def __init__(self, book: Any, folder: Path) -> None:
        self.book, self.folder = book, folder
        base = {"font_name": FONT, "font_size": 10, "font_color": INK, "valign": "vcenter"}
        cell = base | {"border": 1, "border_color": LINE}
        looks = {
            "title": base | {"font_name": "黑体", "font_size": 16},
            "note": base | {"font_color": "#52606D"},
            "group": base | {"font_name": "黑体", "font_size": 12},
            "head": cell | {"bold": True, "bg_color": SHADE, "align": "center", "text_wrap": True},
            "text": cell | {"text_wrap": True},
            "short": cell | {"shrink": True},
            "middle": cell | {"align": "center"},
            "points": cell | {"align": "right", "num_format": "0.00"},
            "count": cell | {"align": "center", "num_format": "0"},
            "rate": cell | {"align": "right", "num_format": "0.0%"},
            "link": cell | {"font_color": BLUE, "underline": 1},
            "slant": cell
            | {"bold": True, "bg_color": SHADE, "rotation": 90, "align": "center", "text_wrap": True},
        }
        self.looks = {name: book.add_format(look) for name, look in looks.items()}

    def sheet(self, name: str, note: str, widths: Sequence[float], *, wide: bool = False) -> Any:
        """A sheet with its title, what it holds, and how it is printed."""
        sheet = self.book.add_worksheet(name)
        for at, width in enumerate(widths):
            sheet.set_column(at, at, width)
        sheet.write_string(0, 0, f"绩效评价结果汇总·{name}", self.looks["title"])
        sheet.write_string(1, 0, note, self.looks["note"])
        sheet.set_row(0, 26)
        sheet.set_landscape()
        sheet.set_paper(8 if wide else 9)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(0.5, 0.5, 0.6, 0.6)
        sheet.set_footer("&C第 &P 页，共 &N 页")
        sheet.hide_gridlines(2)
        return sheet

    def head(self, sheet: Any, row: int, titles: Sequence[str], look: str = "head") -> None:
        """The head of a list."""
        for at, title in enumerate(titles):
            sheet.write_string(row, at, title, self.looks[look])

    def put(self, sheet: Any, row: int, column: int, value: object, look: str = "text") -> None:
        """A value; nothing stands as an empty cell, text never as a formula."""
        if value is None or value == "":
            sheet.write_blank(row, column, None, self.looks[look])
        elif isinstance(value, (Decimal, int)):
            sheet.write_number(row, column, float(value), self.looks[look])
        else:
            sheet.write_string(row, column, str(value)[:32_000], self.looks[look])

    def rows(self, sheet: Any, row: int, columns: Sequence[Column], lines: Sequence[Sequence[object]]) -> int:
        """A list with its head, a filter and lines that repeat in print; the row behind it."""
        self.head(sheet, row, [column.title for column in columns])
        for number, line in enumerate(lines, row + 1):
            tall = 1
            for at, (column, value) in enumerate(zip(columns, line, strict=True)):
                self.put(sheet, number, at, value, column.look)
                if column.look == "text" and isinstance(value, str):
                    tall = max(
                        tall, -(-sum(2 if ord(ch) > 0x2E7F else 1 for ch in value) // int(column.width - 2))
                    )
            sheet.set_row(number, 4 + 13.5 * min(tall, 25))
        sheet.autofilter(row, 0, max(row + 1, row + len(lines)), len(columns) - 1)
        sheet.freeze_panes(row + 1, 0)
        sheet.repeat_rows(row)
        return row + 1 + len(lines)

    def link(self, sheet: Any, row: int, column: int, unit: Unit, place: str = "") -> None:
        """A file by its name, with a link to a cell of it."""
        here = ELSEWHERE not in unit["path"]
        path, name = os.path.relpath(unit["path"], self.folder) if here else "", str(unit["file"])
        path, inside, _ = path.partition(INSIDE)
        place = "" if inside else place
        safe = row < MOST_LINKS and path and not any(letter in path + name for letter in '#"<>|*?\n\r\t')
        if safe and len(path) < 1_000:
            url = "external:" + path.replace("/", "\\") + (f"#{place}" if place else "")
            sheet.write_url(row, column, url, self.looks["link"], name)
        else:
            self.put(sheet, row, column, name)


def _ordered(summary: Summary) -> list[Unit]:
    """Group by group the ranked ones, then what counts and is not ranked, copies, and what was not read."""
    order = {(group.definition, group.year): number for number, group in enumerate(summary.groups)}
    last, standings = len(order), list(Standing)

    def place(unit: Unit) -> tuple[object, ...]:
        group = order.get((unit["definition"], unit["year"]), last) if unit.counts else last
        return group, standings.index(unit.standing), unit.rank or 0, unit["unit"] or "", unit["file"]

    return sorted(summary.units, key=place)


def _total(pen: _Pen, summary: Summary) -> None:
    counts = "，".join(f"{kind.value}{n}本" for kind in Standing if (n := summary.count(kind)))
    sheet = pen.sheet(
        TOTAL,
        f"共{len(summary.units)}本：{counts}。评分表或年度不同的分别排名。",
        [c.width for c in UNITS],
        wide=True,
    )
    units, first = _ordered(summary), HEAD + 1
    pen.rows(sheet, HEAD, UNITS, [_line(unit) for unit in units])
    sheet.freeze_panes(first, 2)
    columns = {title: xl_col_to_name(at) for title, at in _AT.items()}
    for row, unit in enumerate(units, first):
        if unit.standing is Standing.REFUSED or unit["pending"]:
            pen.link(sheet, row, _AT["文件"], unit, "" if unit.standing is Standing.REFUSED else "评分表!J7")
            continue
        for title, one, other, value in (
            ("核定减规则", "得分", "规则分", unit["total"] - unit["rule_total"]),
            (
                "自评减核查",
                "自评分",
                "得分",
                None if unit["own_total"] is None else unit["own_total"] - unit["total"],
            ),
            ("比上年", "得分", "上年得分", None if unit.before is None else unit["total"] - unit.before),
        ):
            if value is not None:
                formula = f"=ROUND({columns[one]}{row + 1}-{columns[other]}{row + 1},2)"
                sheet.write_formula(row, _AT[title], formula, pen.looks["points"], float(round(value, 2)))
        pen.link(sheet, row, _AT["文件"], unit, "评分表!J7")


def _line(unit: Unit) -> list[object]:
    member = unit.member
    why = f"[{unit['code']}] {unit['message']}" if unit["code"] else unit.why.message if unit.why else ""
    scored = unit.standing is not Standing.REFUSED
    # what is not decided is no figure yet
    total, ruled = (unit["total"], unit["rule_total"]) if scored and not unit["pending"] else (None, None)
    return [
        unit.rank, unit["unit"], member.department, member.place, member.kind, unit["rubric_name"], unit["year"],
        total, unit["grade"], ruled, None, unit["own_total"], None, unit.before, None,
        unit["pending"], unit["awarded"], unit["changes"], PROOFS.get(unit["proof"] or "", "未核验" if scored else ""),
        unit.state, " ".join(text for text in (unit["signer"], unit["signed"]) if text),
        unit["errors"], unit["warnings"], unit.standing.value, why, None,
    ]  # fmt: skip


def _of_group(group: Group, last: int, *more: tuple[str, str]) -> str:
    """``COUNTIFS`` over the ranked rows of a group in 总表, and of what else is asked."""
    asked = (
        ("评分表", f'"{_quoted(group.rubric)}"'),
        ("年度", f'"{group.year}"'),
        ("情况", f'"{Standing.RANKED.value}"'),
        *more,
    )
    tests = [
        f"{TOTAL}!${(c := xl_col_to_name(_AT[title]))}${HEAD + 2}:${c}${last},{test}" for title, test in asked
    ]
    return f"=COUNTIFS({','.join(tests)})"


def _quoted(text: str) -> str:
    """A text as a criterion of COUNTIFS: quotes doubled, wildcards meant as they stand."""
    return "".join({'"': '""', "~": "~~", "*": "~*", "?": "~?"}.get(letter, letter) for letter in text)


def _spread(pen: _Pen, summary: Summary) -> None:
    sheet = pen.sheet(SPREAD, "只计参加排名的单位；个数是对“总表”的公式。", [24, 12, 4, 18, 10, 12, 12, 12])
    row, last = HEAD, HEAD + 1 + len(summary.units)
    names = [group.rubric for group in summary.groups if group.units]
    for group in (group for group in summary.groups if group.units):
        live = (
            names.count(group.rubric) == 1
            or len({g.year for g in summary.groups if g.rubric == group.rubric}) > 1
        )
        sheet.write_string(row, 0, group.title, pen.looks["group"])
        pen.head(sheet, row + 1, ["指标", "数值"])
        spread = group.spread()
        for number, (name, value) in enumerate(spread.items(), row + 2):
            pen.put(sheet, number, 0, name)
            pen.put(sheet, number, 1, value, "points")
        at = row + 2 + len(spread)
        for grade, count in group.grades.items():
            pen.put(sheet, at, 0, f"等级“{grade}”")
            formula = _of_group(group, last, ("等级", f'"{_quoted(grade)}"'))
            _counted(pen, sheet, at, 1, formula if live else "", count)
            at += 1
        bars = group.bars()
        for column, title in ((3, "分数段"), (4, "单位数")):
            sheet.write_string(row + 1, column, title, pen.looks["head"])
        for number, (title, count) in enumerate(bars, row + 2):
            low, _, high = title.partition("—")
            pen.put(sheet, number, 3, title, "middle")
            formula = _of_group(group, last, ("得分", f'">={low}"'), ("得分", f'"<{high}"'))
            _counted(pen, sheet, number, 4, formula if live else "", count)
        chart = pen.book.add_chart({"type": "column"})
        area = [SPREAD, row + 2, 0, row + 1 + len(bars), 0]
        chart.add_series({
            "name": "单位数", "categories": [*area[:2], 3, area[3], 3], "values": [*area[:2], 4, area[3], 4],
            "fill": {"color": BLUE}, "gap": 40, "data_labels": {"value": True},
        })  # fmt: skip
        chart.set_title({"name": f"{group.title}得分分布", "name_font": {"name": FONT, "size": 11}})
        chart.set_legend({"none": True})
        chart.set_size({"width": 520, "height": 260})
        sheet.insert_chart(row + 1, 6, chart)
        row = max(at, row + 2 + len(bars), row + 16) + 1


def _counted(pen: _Pen, sheet: Any, row: int, column: int, formula: str, count: int) -> None:
    if formula:
        sheet.write_formula(row, column, formula, pen.looks["count"], count)
    else:
        pen.put(sheet, row, column, count, "count")


LOST_COLUMNS = (
    Column("评分表", 30, "short"), Column("年度", 7, "middle"), Column("编号", 8, "middle"), Column("指标", 22),
    Column("单位数", 8, "count"), Column("失分单位", 8, "count"), Column("失分合计", 10, "points"),
    Column("平均得分率", 9, "rate"), Column("区分", 10, "middle"), Column("最常见的失分原因（单位数）", 70),
)  # fmt: skip


def _lost(pen: _Pen, summary: Summary) -> None:
    note = "只计参加排名的单位，加减分项不在此列。区分为“全部满分”的指标没有拉开差距。"
    sheet = pen.sheet(LOST, note, [column.width for column in LOST_COLUMNS])
    lines: list[list[object]] = []
    for group in summary.groups:
        for one in sorted(group.lost, key=lambda one: (-one.lost, one.number)):
            reasons = "；".join(f"{reason}（{units}）" for reason, units in one.reasons)
            lines.append([
                group.rubric, group.year, one.label, one.title, one.units, one.losing, one.lost, one.rate,
                "有差距" if one.separates else "全部满分", reasons,
            ])  # fmt: skip
    last = pen.rows(sheet, HEAD, LOST_COLUMNS, lines)
    shown = min(12, sum(bool(one.lost) for one in summary.groups[0].lost) if summary.groups else 0)
    if shown:
        chart = pen.book.add_chart({"type": "bar"})
        chart.add_series({
            "name": "失分合计", "categories": [LOST, HEAD + 1, 3, HEAD + shown, 3],
            "values": [LOST, HEAD + 1, 6, HEAD + shown, 6], "fill": {"color": BLUE}, "gap": 40,
            "data_labels": {"value": True, "num_format": "0.0"},
        })  # fmt: skip
        chart.set_title(
            {"name": f"失分最多的指标·{summary.groups[0].title}", "name_font": {"name": FONT, "size": 11}}
        )
        chart.set_legend({"none": True})
        chart.set_y_axis({"reverse": True})
        chart.set_size({"width": 760, "height": 80 + 26 * shown})
        sheet.insert_chart(last + 1, 0, chart)


def _heat(pen: _Pen, summary: Summary) -> None:
    group = next((group for group in summary.groups if group.units), None)
    if group is None:
        pen.sheet(HEAT, "没有参加排名的单位。", [24])
        return
    titles = [one.title for one in group.lost]
    few = len(group.units) <= MOST_HEAT
    what = "单位" if few else "主管部门"
    note = (
        f"{group.title}：{what}各指标的得分率，名次由高到低。"
        if few
        else f"{group.title}：各主管部门的平均得分率。"
    )
    sheet = pen.sheet(HEAT, note, [6, 24, *(6.5 for _ in titles)], wide=True)
    pen.head(sheet, HEAD, ["名次" if few else "单位数", what])
    for at, title in enumerate(titles, 2):
        sheet.write_string(HEAD, at, title, pen.looks["slant"])
    sheet.set_row(HEAD, 120)
    for row, (first, name, rates) in enumerate(_rates(summary, group, few=few), HEAD + 1):
        pen.put(sheet, row, 0, first, "count")
        pen.put(sheet, row, 1, name)
        for at, one in enumerate(group.lost, 2):
            pen.put(sheet, row, at, rates.get(one.number), "rate")
        last = row
    scale = {"type": "3_color_scale", "min_type": "num", "mid_type": "num", "max_type": "num", "min_value": 0}
    colours = {"mid_value": 0.7, "max_value": 1, "min_color": RED, "mid_color": WHITE, "max_color": GREEN}
    sheet.conditional_format(HEAD + 1, 2, last, 1 + len(titles), scale | colours)
    sheet.freeze_panes(HEAD + 1, 2)
    sheet.repeat_rows(HEAD)


def _rates(
    summary: Summary, group: Group, *, few: bool
) -> Iterator[tuple[int | None, str, dict[int, Decimal]]]:
    """Rank (or number of units), name, and the share of the full points won by the number of the indicator."""
    made: dict[str, dict[int, Decimal]] = {}
    for path, number, rate in summary.rates(group):
        made.setdefault(path, {})[number] = rate
    if few:
        for unit in group.units:
            yield unit.rank, unit["unit"], made.get(unit["path"], {})
        return
    below: dict[str, list[Unit]] = {}
    for unit in group.units:
        below.setdefault(unit.member.department or "（名单中没有）", []).append(unit)
    for name, units in sorted(below.items()):
        rates: dict[int, Decimal] = {}
        for one in group.lost:
            known = [r for unit in units if (r := made.get(unit["path"], {}).get(one.number)) is not None]
            if known:
                rates[one.number] = sum(known, Decimal(0)) / len(known)
        yield len(units), name, rates


SHARE_COLUMNS = (
    Column("评分表", 30, "short"), Column("年度", 7, "middle"), Column("按", 10, "middle"), Column("名称", 24),
    Column("单位数", 8, "count"), Column("平均分", 9, "points"), Column("比全部", 9, "points"), Column("最高分", 9, "points"),
    Column("最高的单位", 24), Column("最低分", 9, "points"), Column("最低的单位", 24),
)  # fmt: skip


def _shares(pen: _Pen, summary: Summary) -> None:
    note = "只计参加排名的单位；主管部门、地区、类型取自单位名单（--units）。“比全部”是与同一评分表、同一年度全部单位平均分之差。"
    sheet = pen.sheet(SHARES, note, [column.width for column in SHARE_COLUMNS])
    lines: list[list[object]] = []
    for share in summary.shares():
        best, worst = share.units[0], share.units[-1]
        lines.append([
            share.group.rubric, share.group.year, share.by, share.name, len(share.units), share.mean,
            share.mean - share.group.spread()["平均分"], best["total"], best["unit"], worst["total"], worst["unit"],
        ])  # fmt: skip
    pen.rows(sheet, HEAD, SHARE_COLUMNS, lines)


def _trends(pen: _Pen, summary: Summary) -> None:
    note = (
        "各年的汇总写进同一个文件夹，这里就有各年的比较；只计参加排名的单位，变化是最后一年减前一年的公式。"
    )
    sheet, row = (
        pen.sheet(TRENDS, note if summary.trends else f"只有一个年度。{note}", [34, *[10] * 12]),
        HEAD,
    )
    for trend in summary.trends:
        last = len(trend.years)
        sheet.write_string(row, 0, trend.rubric, pen.looks["group"])
        for title, lines, look in (("得分率", trend.rates, "rate"), ("单位得分", trend.units, "points")):
            pen.head(sheet, row + 1, [title, *(f"{year}年度" for year in trend.years), "变化"])
            first = row = row + 2
            for row, (name, values) in enumerate(lines, first):
                pen.put(sheet, row, 0, name)
                for at, value in enumerate(values, 1):
                    pen.put(sheet, row, at, value, look)
                one, other = (f"{xl_col_to_name(at)}{row + 1}" for at in (last - 1, last))
                known = [value for value in values[-2:] if value is not None]
                shown = float(known[1] - known[0]) if len(known) == 2 else ""
                formula = f'=IF(COUNT({one},{other})=2,ROUND({other}-{one},4),"")'
                sheet.write_formula(row, last + 1, formula, pen.looks[look], shown)
            row += 1
        row += 2


MENDED_COLUMNS = (
    Column("单位", 24), Column("主管部门", 16), Column("年度", 7, "middle"), Column("类别", 10, "middle"), Column("上年的事项", 70),
    Column("上年", 9, "points"), Column("本年", 9, "points"), Column("结果", 11, "middle"), Column("文件", 34),
)  # fmt: skip
MOST_MENDED = 1_000_000
"""Rows of one sheet (Excel: 1,048,576)."""


def _mended(pen: _Pen, summary: Summary) -> None:
    made = summary.mended
    note = (
        f"上年失分的指标和提示的事项，本年怎样：{told(made)}。指标比较失分占满分的比例，提示比较处数。"
        if made
        else "没有上年的评分簿可以比较；各年的汇总写进同一个文件夹，这里就逐项核对上年的整改。"
    )
    if len(made) > MOST_MENDED:
        note += f"只列出前{MOST_MENDED}项。"
    sheet = pen.sheet(MENDED, note, [column.width for column in MENDED_COLUMNS])
    units = {unit["path"]: unit for unit in summary.units}
    lines = [
        [
            (unit := units[one.path])["unit"], unit.member.department, unit["year"], one.kind, one.what,
            one.before, one.now, one.outcome.value, None,
        ]
        for one in made[:MOST_MENDED]
    ]  # fmt: skip
    pen.rows(sheet, HEAD, MENDED_COLUMNS, lines)
    for row, one in enumerate(made[:MOST_MENDED], HEAD + 1):
        pen.link(sheet, row, len(MENDED_COLUMNS) - 1, units[one.path])


PROBLEM_COLUMNS = (
    Column("编号", 8, "middle"), Column("级别", 8, "middle"), Column("单位数", 8, "count"), Column("例", 70),
    Column("单位（部分）", 60),
)  # fmt: skip


def _problems(pen: _Pen, summary: Summary) -> None:
    sheet = pen.sheet(
        PROBLEMS,
        "同一种提示出现在多少个单位；各单位的提示见各自的评分簿。",
        [c.width for c in PROBLEM_COLUMNS],
    )
    lines = [
        [code, LEVEL_TITLES[Level(level)], n, text, names] for code, level, text, n, names in summary.problems
    ]
    pen.rows(sheet, HEAD, PROBLEM_COLUMNS, lines)


ODD_COLUMNS = (
    Column("编号", 8, "middle"), Column("级别", 8, "middle"), Column("情况", 80), Column("怎么办", 40), Column("文件", 34)
)  # fmt: skip


def _odd(pen: _Pen, summary: Summary) -> None:
    sheet = pen.sheet(
        ODD, "没有参加排名的，与众不同的，没有佐证的。", [column.width for column in ODD_COLUMNS]
    )
    listed: list[tuple[Finding, Unit]] = []
    for unit in summary.units:
        listed += [(found, unit) for found in ([unit.why] if unit.why else []) + unit.oddities]
    listed.sort(key=lambda item: (list(Level).index(item[0].level), item[0].code, item[1]["file"]))
    lines = [[one.code, LEVEL_TITLES[one.level], one.message, one.advice, None] for one, _ in listed]
    pen.rows(sheet, HEAD, ODD_COLUMNS, lines)
    for row, (_, unit) in enumerate(listed, HEAD + 1):
        pen.link(sheet, row, 4, unit)


MISSING_COLUMNS = (Column("单位", 30), Column("主管部门", 24), Column("地区", 16), Column("类型", 16))


def _missing(pen: _Pen, summary: Summary) -> None:
    note = (
        f"名单中有、没有收到评分簿的单位，共{len(summary.missing)}个。"
        if summary.listed
        else "没有给出单位名单（--units）。"
    )
    sheet = pen.sheet(MISSING, note, [column.width for column in MISSING_COLUMNS])
    pen.rows(sheet, HEAD, MISSING_COLUMNS, summary.missing)
