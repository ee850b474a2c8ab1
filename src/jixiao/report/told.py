"""Names that sentences use and no workbook holds: lists of projects, targets and scores, sums of the roll-up."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from jixiao.model import Value
from jixiao.report.figures import compared
from jixiao.report.material import Material
from jixiao.report.rollup import ProjectRow, excellent
from jixiao.report.wording import amount, listed, rate, written
from jixiao.scoring.selfeval.rollup import BUDGETS

FAR = Decimal("0.2")
LONGEST = 5  # projects named in a sentence
UNITS = {
    **dict.fromkeys(("自评项目数", "已评项目数", "预算大幅调整项目数", "超额目标数", "未达目标数"), "个"),
    **dict.fromkeys(
        ("项目年初预算合计", "项目预算合计", "项目支出合计", "已评项目预算合计", "转移支付合计"), "万元"
    ),
    **dict.fromkeys(("项目支出率", "项目支出占年初预算比率", "评优率", "转移支付评优率"), "%"),
    **dict.fromkeys(("已评等级项目数", "转移支付等级数"), "个"),
    "转移支付项数": "项",
    "自评问题项数": "项",
    "自评指标数": "项",
    "自评满分指标数": "项",
}
TEXTS = (
    "一级得分清单", "目标清单", "目标完成清单", "项目预算清单", "项目使用清单", "资金清单", "无项目资金", "等级清单",
    "项目预算变动", "自评指标清单", "本项目名称", "转移支付清单", "转移支付等级清单", "超额目标清单", "未达目标清单", "预算大幅调整清单",
)  # fmt: skip
NAMES = (*UNITS, *TEXTS)
SUMS = ("项目年初预算合计", "项目预算合计", "项目支出合计")


def told(material: Material) -> dict[str, Value]:
    """Every name, with None where there is nothing to tell."""
    card = material.card
    parts = [
        f"{title}{written(points, '分')}（满分{written(full, '分')}）" for title, points, full in card.groups
    ]
    parts += [
        f"{item.title}{written(item.points, '分')}"
        for item in card.indicators
        if item.number.startswith("+") and item.points
    ]
    return {
        "一级得分清单": "、".join(parts) or None,
        **_targets(material),
        **_form(material),
        **_projects(material),
        **_transfers(material),
    }


def _targets(material: Material) -> dict[str, Value]:
    rows = [row for row in material.rows.get("目标", []) if row.get("名称")]
    plans = [
        f"{row['名称']}{_measured(row, '计划值')}" for row in rows if isinstance(row.get("计划值"), Decimal)
    ]
    done = [
        f"{row['名称']}完成{written(share, '%')}"
        for row in rows
        if isinstance(share := row.get("完成率"), Decimal)
    ]
    high = [row for row in rows if row.get("方向") != "不高于"]
    over = [str(row["名称"]) for row in high if isinstance(s := row.get("完成率"), Decimal) and s >= 1 + FAR]
    short = [str(row["名称"]) for row in rows if row.get("已实现") == 0]
    return {
        "目标清单": listed(plans) if plans else None,
        "目标完成清单": f"其中：{listed(done)}" if done else None,
        "超额目标数": Decimal(len(over)),
        "超额目标清单": _quoted(over),
        "未达目标数": Decimal(len(short)),
        "未达目标清单": _quoted(short),
    }


def _form(material: Material) -> dict[str, Value]:
    """What the form of the whole department says about its indicators."""
    rows = [row for form in material.rollup.forms if form.whole for row in form.rows]
    done = [f"{row.third}{row.done}（目标：{row.planned}）" for row in rows if row.done and row.planned]
    best = [row for row in rows if row.points and row.points == row.full]
    return {
        "自评指标数": Decimal(len(rows)) if rows else None,
        "自评满分指标数": Decimal(len(best)),
        "自评指标清单": listed(done, 12) if done else None,
    }


def _measured(row: dict[str, Value], name: str) -> str:
    return f"{written(row.get(name), '数')}{row.get('计量单位') or ''}"


def _quoted(names: Sequence[str]) -> str | None:
    return listed([f"“{name}”" for name in names], LONGEST) if names else None


def _projects(material: Material) -> dict[str, Value]:
    rolled = material.rollup
    rows = rolled.projects
    budgeted = sorted((r for r in rows if r.budget is not None), key=lambda r: r.budget or 0, reverse=True)
    spent = [
        f"{r.name}{_used(r)}"
        for r in sorted(rows, key=lambda r: r.planned or 0, reverse=True)
        if r.final is not None
    ]
    done = [row for row in rows if row.evaluated]
    grades = rolled.grades()
    far = [r.name for r in rows if r.budget and abs((r.planned or Decimal(0)) - r.budget) / r.budget >= FAR]
    made: dict[str, Value] = {
        "项目预算清单": listed([f"{r.name}{written(r.budget, '万元')}" for r in budgeted], LONGEST) or None,
        "项目使用清单": "；".join(spent[:LONGEST])
        + (f"；等{len(spent)}个项目" if len(spent) > LONGEST else "")
        or None,
        "自评项目数": Decimal(len(rows)),
        "本项目名称": rows[0].name if len(rows) == 1 else None,
        "已评项目数": Decimal(len(done)),
        "已评等级项目数": Decimal(sum(count for _, count in grades)),
        "等级清单": "、".join(f"等级为“{grade}”的项目{count}个" for grade, count in grades) or None,
        "评优率": excellent(grades),
        "预算大幅调整项目数": Decimal(len(far)),
        "预算大幅调整清单": _quoted(far),
    }
    made |= _sums(rows)
    made["已评项目预算合计"] = rolled.total(lambda r: r.planned, done) if done else None
    made |= _funds(material)
    return made


def _used(row: ProjectRow) -> str:
    planned, final = row.planned, row.final
    text = (
        f"{'年初预算' if row.adjusted in (None, row.budget) else '调整后预算'}{written(planned, '万元')}，"
        if planned is not None
        else ""
    )
    text += f"年度支出{written(final, '万元')}"
    return f"{text}，使用率{rate(final / planned)}" if planned and final is not None else text


def _sums(rows: Sequence[ProjectRow]) -> dict[str, Value]:
    """Sums over the projects; one that lacks an amount makes the sum unknown."""
    columns = ([r.budget for r in rows], [r.planned for r in rows], [r.final for r in rows])
    totals = [
        sum((v for v in column if v is not None), Decimal(0)) if rows and None not in column else None
        for column in columns
    ]
    made: dict[str, Value] = dict(zip(SUMS, totals, strict=True))
    first, planned, final = totals
    if planned is not None and first is not None:
        made["项目预算变动"] = compared(planned, first, "年初预算")
    made["项目支出率"] = final / planned if final is not None and planned else None
    made["项目支出占年初预算比率"] = final / first if final is not None and first else None
    return made


def _funds(material: Material) -> dict[str, Value]:
    rolled = material.rollup
    said, present = [], {fund for fund, _ in rolled.by_fund()}
    for fund, rows in rolled.by_fund():
        done = [row for row in rows if row.evaluated]
        total, part = rolled.total(lambda r: r.planned, rows), rolled.total(lambda r: r.planned, done)
        share = f"，占{fund}项目支出总额的{rate(part / total)}" if total else ""
        said.append(f"{fund}项目{len(done)}个，共涉及资金{amount(part)}万元{share}")
    none = [fund for fund in BUDGETS if fund not in present] if present else []
    return {
        "资金清单": "；".join(said) or None,
        "无项目资金": f"{'、'.join(none)}无项目（项目0个，涉及资金0万元，占比不适用）" if none else None,
    }


def _transfers(material: Material) -> dict[str, Value]:
    rows = material.rollup.transfers
    grades: dict[str, int] = {}
    for row in rows:
        for grade, count in row.grades:
            grades[grade] = grades.get(grade, 0) + count
    pairs = [(grade, count) for grade, count in grades.items() if count]
    return {
        # no rows: nothing is known about transfers, which is not the same as none
        "转移支付合计": sum((row.amount for row in rows), Decimal(0)) if rows else None,
        "转移支付项数": Decimal(sum(row.items for row in rows)) if rows else None,
        "转移支付清单": "、".join(f"{row.level}转移支付资金{amount(row.amount)}万元" for row in rows) or None,
        "转移支付等级数": Decimal(sum(count for _, count in pairs)),
        "转移支付等级清单": "、".join(f"等级为“{grade}”的项目{count}个" for grade, count in pairs) or None,
        "转移支付评优率": excellent(pairs),
    }
