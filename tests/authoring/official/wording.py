"""A rule of a definition -> criteria text as a county would write it, in one of several styles of wording."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from jixiao.model import Interval, percent, plain

# how official texts name the figures; the rest keep their names
SAID = {
    "年度支出决算数": "部门（单位）年度实际支出",
    "年末财政拨款结转和结余": "年末财政拨款结转和结余决算数",
    "年初财政拨款结转和结余": "年初财政拨款结转和结余收入决算数",
    "上年末国库集中支付存量资金": "上一年度年末存量资金规模",
    "本年末国库集中支付存量资金": "当年年末存量资金规模",
    "政府采购实际金额": "实际采购金额",
    "政府采购计划金额": "采购计划金额",
    "固定资产原值": "所有固定资产总额",
    "在用固定资产原值": "部门（单位）实际在用固定资产总额",
    "三公经费决算数": "“三公”经费实际支出数",
    "按时下达转移支付金额": "在要求时限内下达的转移支付资金",
    "应下达转移支付金额": "应下达的转移支付资金",
    "按期完成项目数": "按计划时间完成的项目数",
    "部门目标实现数": "部门整体绩效目标已实现目标数",
    "部门目标数": "部门整体绩效目标计划目标数",
    "项目目标实现数": "项目绩效目标已实现目标数",
    "项目目标数": "项目绩效目标计划目标数",
}
WHEN = {
    "上年末国库集中支付存量资金 == 0 and 本年末国库集中支付存量资金 == 0": "上年末为0，本年末继续为0",
    "政府采购实际金额 > 政府采购计划金额": "实际采购金额大于采购计划金额",
    "群众信访件数 == 0": "群众信访件数为0",
    "三公经费决算数 <= 三公经费预算数": "“三公”经费实际支出数≤三公经费预算数",
    "日常公用经费决算数 <= 日常公用经费调整预算数": "日常公用经费决算数≤日常公用经费调整预算数",
    "自评材料报送日期 <= 自评材料报送截止日期": "自评材料报送日期不晚于自评材料报送截止日期",
}
HUMAN = "待核定"


class Writer:
    """Criteria texts of a rubric; ``seed`` picks the style: signs, order, numbering, brackets."""

    def __init__(self, data: Mapping[str, Any], seed: int) -> None:
        self.dice = random.Random(seed)
        self.quantities = {body["name"]: body for body in data.get("quantities", [])}
        self.moves = data.get("moves", [])

    def definition(self, name: str) -> str:
        """支出完成率=年度实际支出÷财政下达预算数×100%, or nothing for what is no ratio."""
        body = self.quantities.get(name)
        if body is None or not ("/" in body["value"] or "mean" in body["value"]):
            return ""
        mean = re.fullmatch(r"mean\((\w+), (\w+)\)", body["value"])
        if mean:
            return f"{name}=（{self.said(mean[1])}+{self.said(mean[2])}）÷2。"
        text = re.sub(r"abs\(([^()]*)\)", r"|\1|", body["value"])
        text = re.sub(r"[\u4e00-\u9fff]+", lambda m: self.said(m[0]), text)
        signs = {" / ": self.dice.choice(("÷", "/")), " - ": "－", " + ": "+", "(": "（", ")": "）"}
        for sign, other in signs.items():
            text = text.replace(sign, other)
        text = text.replace("部门（单位）", "部门（单位）")
        return (
            f"{name}{self.dice.choice(('=', '＝'))}{text}{self.dice.choice(('×100%', '*100%', '×100％'))}。"
        )

    def said(self, name: str) -> str:
        """A figure as the text calls it."""
        return SAID.get(name, name)

    def rule(self, spec: Mapping[str, Any], title: str) -> str:
        """The criteria text of an indicator's rule."""
        text = self.summed(spec, title) if spec["kind"] == "sum" else self.one(spec)
        return text + self.moved(title, spec)

    def summed(self, spec: Mapping[str, Any], title: str) -> str:
        """Numbered points; where all of them may be weighed, one sentence says so for all."""
        parts = spec["parts"]
        general = all(part["kind"] == "point" and part.get("graded") for part in parts)
        style = self.dice.choice(("{}. ", "{}.", "（{}）", "{}、"))
        lines = [style.format(n) + self.one(part, general=general) for n, part in enumerate(parts, 1)]
        if general:
            lines.append(
                self.dice.choice(
                    ("对上述标准，没有完全符合的，酌情扣分。", "根据以上评价要点结合实际情况核定分数。")
                )
            )
        return "\n".join(lines)

    def one(self, spec: Mapping[str, Any], *, general: bool = False) -> str:
        """One rule, with its exceptions."""
        text: str = getattr(self, f"_{spec['kind']}")(spec, general)
        for case in spec.get("first", []):
            points = "不得分" if not case["points"] else f"得{plain(case['points'])}分"
            text = f"{text.rstrip('。')}。{WHEN[case['when']]}的，{points}。"
        return text

    def _point(self, spec: Mapping[str, Any], general: bool) -> str:
        proof = f"（需提供{spec['requires']}，否则不得分）" if "requires" in spec else ""
        weigh = (
            ""
            if general or not spec.get("graded")
            else self.dice.choice(("，不完全符合的，酌情扣分", "，否则酌情扣分"))
        )
        return f"{spec['title']}的，得{plain(spec['full'])}分{proof}{weigh}；"

    def _level(self, spec: Mapping[str, Any], _: bool) -> str:
        made = []
        for label, points in spec["options"].items():
            none = self.dice.choice(("不得分", "得0分", "计0分"))
            made.append(f"{label}的，{f'得{plain(points)}分' if points else none}")
        return "；".join(made) + "。"

    def _bands(self, spec: Mapping[str, Any], _: bool) -> str:
        name = self.dice.choice((spec["x"], "结果")) if spec["x"] in self.quantities else spec["x"]
        made = []
        for text, points in spec["bands"].items():
            if points == HUMAN:
                continue
            none = self.dice.choice(("不得分", "得0分"))
            made.append(
                f"{self.range(Interval.parse(text), name)}{f'得{plain(points)}分' if points else none}"
            )
        return self.definition(spec["x"]) + "；".join(made) + "。"

    def range(self, band: Interval, name: str) -> str:
        """One band: 100%>结果≥90%， or in words."""
        low, high = (None if v is None else percent(v) for v in (band.low, band.high))
        comma = self.dice.choice(("的，", "，", "的"))
        if band.low is not None and band.low == band.high:
            return f"{name}={low}{comma}"
        style = self.dice.choice(("signs", "words", "reverse"))
        if band.low is None or band.high is None:
            sign = (
                ("≥" if band.low_closed else ">") if band.high is None else ("≤" if band.high_closed else "<")
            )
            word = {"≥": "不低于", ">": "高于", "≤": "不高于", "<": "低于"}[sign]
            return f"{name}{word if style == 'words' else sign}{low or high}{comma}"
        left, right = ("≤" if band.low_closed else "<"), ("≤" if band.high_closed else "<")
        if style == "words":
            return f"{name}在{low}（{'' if band.low_closed else '不'}含）至{high}（{'' if band.high_closed else '不'}含）之间{comma}"
        if style == "reverse":
            flip = {"≤": "≥", "<": ">"}
            return f"{high}{flip[right]}{name}{flip[left]}{low}{comma}"
        return f"{low}{left}{name}{right}{high}{comma}"

    def _proportional(self, spec: Mapping[str, Any], _: bool) -> str:
        full = plain(spec["full"])
        if "over" in spec:
            return f"{self.said(spec['x'])}达到{spec['over']}的，得{full}分，未达到的，按比例扣分；"
        way = self.dice.choice(
            (
                f"得分={spec['x']}×{full}分",
                f"本项得分={spec['x']}×{full}分，最高{full}分",
                f"得分＝{full}分×{spec['x']}",
            )
        )
        return f"{self.definition(spec['x'])}{way}。"

    def _steps(self, spec: Mapping[str, Any], _: bool) -> str:
        each = f"{spec['each']}{'（含）' if spec.get('inclusive', True) else ''}"
        deduct = plain(spec["deduct"])
        return f"{self.definition(spec['x'])}{spec['x']}=0，得满分{plain(spec['full'])}分；每增加{each}扣减{deduct}分，扣完为止。"

    def _condition(self, spec: Mapping[str, Any], _: bool) -> str:
        other = self.dice.choice(("否则不得分", "否则不得分"))
        return f"{WHEN[spec['when']]}的，得{plain(spec['full'])}分，{other}。"

    def _score(self, spec: Mapping[str, Any], _: bool) -> str:
        full, scale = plain(spec["full"]), plain(spec.get("of", Decimal(100)))
        return f"{self.definition(spec['x'])}得分={spec['x']}÷{scale}×{full}分。"

    def _deductions(self, spec: Mapping[str, Any], _: bool) -> str:
        made = []
        for item in spec["items"]:
            if "bands" in item:
                made.append(f"{item['x']}3项（含）至5项（不含）的，扣0.5分，5项及以上的，扣1分")
            else:
                made.append(f"{item['x']}每1个扣{plain(item['each'])}分")
        return f"满分{plain(spec['full'])}分，" + "；".join(made) + "；扣完为止。"

    def _bonus(self, spec: Mapping[str, Any], _: bool) -> str:
        plus, minus = spec["items"][0], spec["penalties"][0]
        return (
            f"1.加分项：{plus['x']}每1项加{plain(plus['each'])}分，累计加分最多{plain(plus['cap'])}分。\n"
            f"2.减分项：{minus['x']}每1个扣{plain(minus['each'])}分，累计减分最多{plain(minus['cap'])}分。"
        )

    def moved(self, title: str, spec: Mapping[str, Any]) -> str:
        """The sentence about points that go elsewhere."""
        own = [move for move in self.moves if move["from"].rsplit("_", 1)[0] == title]
        if not own:
            return ""
        if own[0]["to"][0].rsplit("_", 1)[0] == title:
            return (
                f"\n（注：无转移支付需提前下达的部门，该指标不考核，分值平均增加至“{title}”的第1和第2项指标）"
            )
        return f"\n如没有主管的转移支付资金或无需批复下属单位预算，则相应指标分值调整至“{own[0]['to'][0]}”。"
