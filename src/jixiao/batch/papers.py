"""汇总报告 for the leader and 整改通知 for each unit, as reports that the report room writes; every sentence is computed."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import chain, count
from typing import Any

from jixiao.batch.measures import Group, Standing, Summary, Unit
from jixiao.batch.mending import Mended, Outcome, told
from jixiao.model import half_up, plain
from jixiao.report import Bars, Block, Cell, Grid, Heading, Paragraph, Report
from jixiao.text import letters

FIRST, LAST, MOST_LOST, NAMED = 10, 5, 8, 8
"""Units at the head and at the end of a ranking, indicators, and units named in a sentence."""
COUNTED = "一二三四五六七八九十"
LONGEST = 40  # characters of a file's name


def report(summary: Summary) -> Report:
    """One to three pages: who was received, how points are spread, where they are lost, what has to be looked at."""
    blocks: list[Block] = [Heading(1, "一、报送情况"), Paragraph(_received(summary))]
    groups = [group for group in summary.groups if group.units]
    for number, group in enumerate(groups, 1):
        blocks += [Heading(1, f"{COUNTED[min(number, 9)]}、{group.title}"), Paragraph(_spread(group))]
        blocks += [Paragraph(text) for text in _mending(summary, group)]
        blocks += [_shares(group), _ranking(group)]
        if lost := [one for one in sorted(group.lost, key=lambda one: (-one.lost, one.number)) if one.lost][
            :MOST_LOST
        ]:
            told = "、".join(f"“{one.title}”（{one.losing}个单位失{plain(one.lost)}分）" for one in lost[:3])
            blocks.append(Paragraph(f"失分最多的指标是{told}。"))
            rows = [
                (o.title, str(o.losing), plain(o.lost), _percent(o.rate), "；".join(r for r, _ in o.reasons))
                for o in lost
            ]
            blocks.append(
                _grid(
                    (24, 10, 10, 12, 44), ("指标", "失分单位", "失分合计", "平均得分率", "最常见的原因"), rows
                )
            )
        if full := [one.title for one in group.lost if not one.separates]:
            blocks.append(Paragraph(f"{len(full)}项指标全部满分，没有拉开差距：{'、'.join(full)}。"))
    blocks.append(Heading(1, f"{COUNTED[min(len(groups) + 1, 9)]}、需要处理的事项"))
    blocks += [Paragraph(f"（{n}）{text}") for n, text in enumerate(_to_do(summary), 1)] or [
        Paragraph("没有。")
    ]
    return Report("绩效评价结果汇总报告", [], blocks=blocks, keywords="绩效评价 汇总", letter=True)


def _received(summary: Summary) -> str:
    counted = sum(unit.counts for unit in summary.units)
    text = f"共收到评分簿{len(summary.units)}本，其中可以评分的{counted}本，参加排名的{summary.count(Standing.RANKED)}本"
    others = [
        f"{kind.value}{n}本"
        for kind in Standing
        if kind is not Standing.RANKED and (n := summary.count(kind))
    ]
    text += f"；{'，'.join(others)}" if others else ""
    states = Counter(unit.state for unit in summary.units if unit.counts)
    text += f"。复核状态：{'，'.join(f'{state}{n}本' for state, n in states.most_common())}" if states else ""
    if summary.listed:
        text += (
            f"。名单中的单位没有报送的{len(summary.missing)}个"
            if summary.missing
            else "。名单中的单位都已报送"
        )
    return text + "。"


def _spread(group: Group) -> str:
    made = {name: plain(value) for name, value in group.spread().items()}
    grades = "，".join(f"“{grade}”{count}个" for grade, count in group.grades.items())
    average = sum((unit["total"] - unit["rule_total"] for unit in group.units), Decimal(0)) / len(group.units)
    return (
        f"参加排名的{len(group.units)}个单位平均{made['平均分']}分，中位数{made['中位数']}分，最高{made['最高分']}分，"
        f"最低{made['最低分']}分，半数单位在{made['下四分位']}分至{made['上四分位']}分之间。按等级：{grades}。"
        f"核定分平均比规则分{'高' if average >= 0 else '低'}{plain(half_up(abs(average), 2))}分。"
    )


def _mending(summary: Summary, group: Group) -> Iterator[str]:
    """What became of last year's matters in a group, and where they are worse."""
    units = {unit["path"]: unit for unit in group.units}
    made = [one for one in summary.mended if one.path in units]
    if not made:
        return
    text = f"上年整改：{len({one.path for one in made})}个单位上年失分的指标和提示的事项共{told(made)}。"
    worse = [
        (units[path]["unit"], n)
        for path, n in Counter(o.path for o in made if o.outcome is Outcome.WORSE).most_common()
    ]
    if worse:
        text += f"有加重的：{_named([f'{name}（{n}项）' for name, n in worse])}。"
    yield text


def _shares(group: Group) -> Bars:
    shares = tuple(half_up(Decimal(count) / len(group.units), 4) for count in group.grades.values())
    return Bars(f"各等级单位所占比例（{group.year}年度）", "比例", tuple(group.grades), shares)


def _ranking(group: Group) -> Grid:
    units = group.units if len(group.units) <= FIRST + LAST else [*group.units[:FIRST], *group.units[-LAST:]]
    rows = [(str(u.rank), u["unit"], plain(u["total"]), plain(u["rule_total"]), u["grade"]) for u in units]
    said = "" if len(units) == len(group.units) else f"前{FIRST}名和后{LAST}名"
    return _grid((10, 44, 16, 16, 14), ("名次", "单位", "得分", "规则分", "等级"), rows, f"单位排名{said}")


def _grid(
    widths: tuple[int, ...], head: Sequence[str], rows: Sequence[Sequence[str]], caption: str = ""
) -> Grid:
    body = tuple(
        tuple(Cell(text, align="left" if len(text) > 8 else "center") for text in row) for row in rows
    )
    return Grid(widths, (tuple(Cell(text, bold=True) for text in head),), body, caption)


def _figure(value: Decimal | None) -> str:
    return "—" if value is None else plain(value)


def _percent(rate: Decimal) -> str:
    return f"{plain(half_up(rate * 100, 1))}%"


def _to_do(summary: Summary) -> Iterator[str]:
    for standing, what in (
        (Standing.REFUSED, "读不了，请按“总表”所列原因重新报送"),
        (Standing.DOUBLE, "同一年度报送不止一本，请核实以哪一本为准"),
        (Standing.UNTRUSTED, "定义、公式或导入的数与原来不符，请核实"),
        (Standing.UNNAMED, "没有填写单位或年度"),
        (Standing.PENDING, "还有待核定的指标"),
    ):
        if found := [unit["unit"] or unit["file"] for unit in summary.units if unit.standing is standing]:
            yield f"{_named(found)}{what}。"
    if summary.missing:
        yield f"{_named([member.unit for member in summary.missing])}没有报送，请催报。"
    odd: dict[str, list[str]] = defaultdict(list)
    for unit in summary.units:
        for finding in unit.oddities:
            odd[finding.advice].append(unit["unit"] or unit["file"])
    for advice, names in odd.items():
        yield f"{_named(names)}：{advice}（见“异常”表）。"


def _named(names: Sequence[str]) -> str:
    listed = "、".join(names[:NAMED])
    return f"{listed}等{len(names)}个单位" if len(names) > NAMED else listed


def notices(summary: Summary) -> Iterator[tuple[str, Report]]:
    """File name and 整改通知 of every unit that counts and has something to put right."""
    lost: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in summary.query.dicts(
        'SELECT * FROM points WHERE points < "full" AND "full" > 0 ORDER BY path, number'
    ):
        lost[row["path"]].append(row)
    found: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    for path, message, advice, place in summary.query.rows(
        "SELECT path, message, advice, place FROM findings WHERE level <> 'note' ORDER BY path"
    ):
        found[path].append((message, advice, place))
    matters: dict[str, list[Mended]] = defaultdict(list)
    for one in summary.mended:
        matters[one.path].append(one)
    sizes = {(group.definition, group.year): len(group.units) for group in summary.groups}
    counted = [unit for unit in summary.units if unit.counts and (lost[unit["path"]] or found[unit["path"]])]
    names: set[str] = set()
    for unit in counted:
        ranked = sizes.get((unit["definition"], unit["year"]), 0)
        name = f"{letters(unit['unit'] or '')[:LONGEST] or '未填单位'}{unit['year']}"
        name = next(
            n for n in chain([name], (f"{name}-{more}" for more in count(2))) if n.lower() not in names
        )
        names.add(name.lower())
        yield (
            f"{name}.docx",
            _notice(unit, ranked, lost[unit["path"]], found[unit["path"]], matters[unit["path"]]),
        )


def _notice(
    unit: Unit,
    ranked: int,
    lost: Sequence[dict[str, Any]],
    found: Sequence[tuple[str, str, str]],
    matters: Sequence[Mended],
) -> Report:
    blocks: list[Block] = [Paragraph(f"{unit['unit'] or unit['file']}：")]
    text = f"你单位{unit['year']}年度评分簿（{unit['rubric_name']}）"
    if unit["pending"]:
        text += f"还有{unit['pending']}项指标待核定，总分未定。"
    else:
        place = f"，在参加排名的{ranked}个单位中列第{unit.rank}名" if unit.rank else ""
        text += f"得{plain(unit['total'])}分，等级为“{unit['grade']}”{place}。"
    blocks.append(Paragraph(text + (unit.why.message + "。" if unit.why else "")))
    if unit.last is not None:
        text = f"上年（{unit.last['year']}年度）得{plain(unit.last['total'])}分"
        blocks.append(
            Paragraph(
                text
                + (f"，失分的指标和提示的事项{told(matters)}。" if matters else "，没有失分和提示的事项。")
            )
        )
    if lost:
        blocks.append(Heading(1, f"一、失分的指标（{len(lost)}项）"))
        rows = [(r["title"], plain(r["full"]), plain(r["points"]), r["explanation"]) for r in lost]
        blocks.append(_grid((20, 9, 9, 62), ("指标", "满分", "得分", "说明"), rows))
    if found:
        blocks.append(Heading(1, f"{'二' if lost else '一'}、需要更正或说明的事项（{len(found)}项）"))
        blocks.append(_grid((52, 30, 18), ("事项", "请办理", "位置"), found))
    if left := [one for one in matters if one.outcome is not Outcome.MENDED]:
        number = "一二三"[bool(lost) + bool(found)]
        blocks.append(Heading(1, f"{number}、上年的事项，本年没有整改到位的（{len(left)}项）"))
        rows = [(one.what, plain(one.before), _figure(one.now), one.outcome.value) for one in left]
        blocks.append(_grid((58, 12, 12, 18), ("上年的事项", "上年失分或处数", "本年", "结果"), rows))
    blocks.append(Paragraph("请逐项整改，补充佐证材料，更正后重新报送评分簿。"))
    return Report("整改通知", [], blocks=blocks, keywords="绩效评价 整改", letter=True)
