"""Turns of phrase that say one thing in many ways -> the one way that the grammar reads."""

from __future__ import annotations

import re

from jixiao.text import Rewrite, figures, ranges, rewritten

_OF_NO_ONE = "比例|酌情|相应|计算|综合|平均|评价|加权|考核|此项|该项|本项|合计|总|各项|实际|最终|按|折算|扣"
_SIDE = "高于|超过|超出|低于|少于"
_FIGURE = r"\d+(?:\.\d+)?"
_STEPS: tuple[Rewrite, ...] = (
    # 90%~100%得4分(不含100%)
    (rf"((?:得|计|给|记){_FIGURE}分)(\(不?含-?{_FIGURE}%?\))", r"\2\1"),
    (r"(?:任何)?1(?:项|个|条|点|次)(?:也|都|均)(?=不|未|没)", "均"),
    (rf"(?<=[^,;。:\n])占{_FIGURE}分:", ":"),
    # how the result is rounded, and that deductions are deducted
    (
        (
            r"(?<=[,;。])(?:计算|最终)?(?:结果|得分|分值|数值)?(?:四舍五入,?)?(?:均)?保留(?:到)?(?:小数点?后?)?[\d一两二]位(?:小数)?"
            r"(?:[,(]?四舍五入\)?)?(?=[,;。]|$)|(?<![^,;。:])(?:本项|指标)?得分=(?:满分|分值|权重分?|\d+分?)-(?:累计)?扣分[,;。]"
        ),
        "",
    ),
    # 预算公开、决算公开各得1分
    (
        rf"(?<![^,;。:\n])([^,;。:、()\d和及]{{2,20}}(?:[、和及][^,;。:、()\d和及]{{2,20}})+)(?:各|均|分别)(?:得|计|占)({_FIGURE}分)(?=[,;。\n]|$),?",
        lambda m: "".join(f"{word}得{m[2]}," for word in re.split("[、和及]", m[1])),
    ),
    # 达标得分,不达标不得分: what is done earns all, where its contrary is said to earn nothing
    (
        (
            rf"(?<![^,;。:\n])((?!.{{0,13}}(?:{_OF_NO_ONE}))[^,;。:\n=×/÷()\d%]{{1,14}}?)(?<!指标)(?<![不率度数性值的])得分"
            r"(?=[,;。\n][^。\n]{0,24}(?:不得分|得0分|不给分|计0分))"
        ),
        r"\1得满分",
    ),
    # a proportion told in words: 按实际运用率与80%的比值计分
    (
        rf"按照?([^,;。:()与和按\d]{{2,14}})[与和]({_FIGURE}%|[^,;。:()\d]{{2,12}})的?(?:比值|比率|比例)(?:计算得分|计算|计分|计得分|得分|折算)(?:得分)?",
        r"得分=\1/\2×分值",
    ),
    # 每高于105%或低于95%1个百分点: steps beyond two figures
    (
        rf"每({_SIDE})({_FIGURE}%)(?:或者?|、|,)({_SIDE})({_FIGURE}%)的?,?(?:每)?(?=\d)",
        r"\1\2或\3\4的,每偏离",
    ),
    (r"\|([^|\n]{1,60})\|", r"(\1)"),
)
_BEHIND: tuple[Rewrite, ...] = (
    (rf"(得分={_FIGURE}分?)~(?=\d+(?:\.\d+)?分?×)", r"\1-"),  # 得分=5-0.5×违规次数
    # ÷(100%-60%): a difference inside a formula
    (r"(?<=\d%|\d\d)~(?=\d{1,3}(?:\.\d+)?%?\)[×÷/]|(?<=[×÷/]\(\d\d\d%~)\d|(?<=[×÷/]\(\d\d%~)\d)", "-"),
    # 60%(0分)至100%(满分)之间: points named behind their figures
    (
        (
            rf"({_FIGURE}%?)\((?:得|计)?({_FIGURE}分|满分)\)(?:~|至|到|-)({_FIGURE}%?)\((?:得|计)?({_FIGURE}分|满分)\)(?:之间)?"
            r"(?=[^;。]{0,4}(?:线性|直线|插值|内插))"
        ),
        r"\1得\2,\3得\4,",
    ),
)


def normalise(text: str) -> str:
    """A criteria text in the notation of the grammar, without blanks."""
    return rewritten(ranges(rewritten(figures(text), _STEPS)), _BEHIND)
