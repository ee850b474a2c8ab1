"""Criteria text as issued -> tokens with places: half-width letters, figures with their units, the words of the grammar.

Every letter becomes a token or a part of one; what starts no word of the grammar is a NAME. A word of the grammar that
stands where it can mean nothing to it (超过规定时限, 分配之间, 计划) goes back into the name around it: ``_loose``.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from decimal import Decimal

from jixiao.authoring.criteria.clauses import Token
from jixiao.authoring.criteria.ranges import GOAL
from jixiao.text import (
    COUNTED,
    COUNTING,
    LISTS,
    OF_CELLS,
    SIGNS,
    UNITS,
    Sort,
    marks,
    narrow,
    number,
    read_quantity,
    unit_pattern,
    units_of,
)

_QUOTES = frozenset("“”\"„‟「」『』'‘’`《》")
_N = r"\d+(?:\.\d+)?"
_HAN = f"零{COUNTING}两百"
_OF_FIGURES = unit_pattern(
    [
        "周",
        *(
            unit
            for unit in units_of(*OF_CELLS, Sort.TIMES)
            if unit not in ("根", "度", "支", "对")  # 根据, 度 of a rate, 支出, 对于
        ),
    ],
    guarded=True,
)
_UNITS = f"(?:年|月|日|周|季度|{_OF_FIGURES})"
_SINGLE = unit_pattern([*units_of(Sort.COUNT, Sort.SPAN), "日", "月", "周"], guarded=True)
_OWN = "(?:[本该此](?:项|指标|单项|评价)+的?(?:指标)?|(?<![细规准原守法])则|就|即|可以?|相应|(?<![适相响反效供])应|予以|一律|直接|只|仅|均|共)*"
_FULLS = "权重满分 满分分值 满分值 标准分值 标准分 权重分值 权重分数 权重分 分值权重 权重 分值 满分 全部分 全分 总分值 基本分"
_OF_FULL = "(?:(?:[本该此其](?:项|指标|单项|评价)*|指标|单项|相应|对应|全部)的?)*"
_UP = "超过 超出 超额 超支 超期 超时 超 高于 高出 高 增加 增长 增 上升 提高 提升 升 上浮 多出 多于 多 延迟 延期 延误 逾期 推迟 拖延 滞后 晚 迟 落后"
_DOWN = "低于 低出 低 降低 降 下降 减少 减 少于 少 缩减 不足 未达到 未达 下浮 短少 差"
_AWAY = "偏离 偏差 相差 浮动 变动 波动 增减 升降"
_ACTS = "扣减 扣除 扣分 给分 加分 得分 计分 评分 赋分 打分 核定 减分 扣 减 给 加"
_COUNT = "计算得分 量化计算得分 计算 计得分 计分 得分 给分 记分 赋分 打分 折算 换算 核定"


def _any(words: str) -> str:
    """One of some words, the longest first; ``#`` behind a word: a figure has to follow it."""
    listed = sorted(words.split(), key=len, reverse=True)
    return (
        "(?:"
        + "|".join(
            re.escape(w.rstrip("#")) + ("(?=第?[-±\\d百零一二三四五六七八九])" if "#" in w else "")
            for w in listed
        )
        + ")"
    )


_SHARE = (
    rf"(?:{_N}%|百分之[{_HAN}]+|[{COUNTING}]成|一?半|[{_HAN}]{{1,2}}分之[{COUNTING}])的?(?:权重|分[值数]?)"
)
_WORTH = (  # what stands behind a verb that gives or takes points
    rf"(?=\(?的?(?:相应|对应|相关)?的?(?:{_N}|[{_HAN}半]{{1,3}}(?:点[{_HAN}]+)?(?:分(?![之制])|个?百分(?!制))|百分之|满分|全分|一?半|零分"
    rf"|[{COUNTING}]成的?分|[{_HAN}]分之"
    rf"|\d/\d的?{_any(_FULLS)}|{_OF_FULL}{_any(_FULLS)}|[本该此](?:项|指标)+的?{_SHARE}|[{COUNTING}]{{1,2}}折))"
)
_TOTAL = rf"(?:{_OF_FULL}{_any(_FULLS)}|\d+分)"
_POINTS = rf"(?=(?:{_N}|[{_HAN}])分)"

_SHAPES: tuple[tuple[str, str], ...] = (
    ("STOP", r"[;。\n!]"),
    ("ITEM", r"(?<![^;。,\n:])[A-Ha-h][.、)]"),
    ("COMMA", ","),
    ("ENUM", "、"),
    ("COLON", ":"),
    ("IN", rf"\((?:均|都)?(?:包含|包括|含)(?:本数|[{COUNTING}]成|[-\d.%]*{_UNITS}?)\)|,均?含(?:本数|{_N}%?)(?=[,;得的])|含(?=以上|以下|以内)"),
    ("OUT", rf"\((?:均|都)?不(?:包含|包括|含)(?:本数|[{COUNTING}]成|[-\d.%]*{_UNITS}?)\)|,不含(?:本数|{_N}%?)(?=[,;得的])"),
    ("ABS", r"\(?[取按以]?的?绝对值(?:计算)?\)?"),
    ("NAME", r"\d{1,2}[-—~至到]\d{1,2}月份?"),
    ("NAME", r"(?:19|20)\d\d年度?(?:\d{1,2}月)?(?:\d{1,2}日)?|\d{1,2}月(?:\d{1,2}日|份|底|末|前)|[(〔\[]\d{4}[)〕\]]\d*号?"),
    ("NAME", _any("百分制 百分比 十分 三公")),
    ("NAME", r"[一首]次(?=[^,;。:()\d≥≤<>=]{1,6}率)"),
    ("BETTER", (
        rf"(?<![^,;。:\n])(?:[^,;。:()\d≥≤<>={_HAN}]|[{_HAN}\d](?=[种项者个类])){{0,24}}?(?:择优|择高|孰高|就高|取高|从高"
        rf"|较高)(?:[^,;。:\d≥≤<>=()]){{0,8}}(?=[,;。:]|$):?"
    )),
    # limits and ways of counting
    ("FLOOR", rf"(?:直到|直至|至)?{_OF_FULL}(?:分值|得分)?(?:扣减?|减)[完光尽满](?:[本该此](?:项|指标)*的?)?(?:{_any(_FULLS)}|分数|得分)?(?:为止|即止)?(?!\d)"),
    ("FLOOR", r"(?:直|扣减?|减)?[至到]0分?(?:为止|止)?|(?:最低|最少)(?:得分|得|为|计|扣至)?0分?|不(?:计|得|出现)负分|不再?倒扣分?"),
    ("SHORT", rf"不[足满到](?:{_N}|[{_HAN}半])?{_UNITS}的?,?[也均]?(?:按|以|算|视为)照?(?:{_N}|[{_HAN}]){_UNITS}?(?:计算|计|扣分|扣|处理)?(?![\d分])"),
    ("SPARE", rf"不[足满到](?:{_N}|[{_HAN}半])?{_UNITS}的?,?(?:不予?扣分?|不计算|不计(?![分得])|忽略不计|舍去)"),
    ("RATED", (
        r"(?:完成率|执行率|比[率例]|结果|率)?(?:超过|超出|大于|高于|超)(?:100%|1)(?:的|时|以上的|部分)*,?[均则都]?(?:按照?|以|计为?|取)(?:100%|1)(?:计算|计"
        r"|取值)?(?:得?分)?|(?:最高|最多|至多)按(?:照)?100%(?:计算|计)(?:得?分)?"
    )),
    ("MOST", (
        rf"(?:,?(?:累计|合计|总计|共计|加分|扣分|得分|最终|[本该此]项|[本该]指标))*{_any('最高 最多 至多 上限 不超过 不得超过 不高于 不得高于 封顶')}"
        rf"(?:分值?)?(?:为|不得?(?:超过|高于))?(?=(?:累计|可)*[得扣减加计为记]*(?:{_N}分|{_OF_FULL}{_any(_FULLS)}))"
    )),
    ("MOST", rf"(?:累计|合计|总计|最多)*扣分?以(?={_N}分(?:为上?限|封顶))"),
    ("EDGES", r"(?:以上|各档|区间|分档|均|都|上述)*(?:含|包含|包括)下限[,、]?不(?:含|包含|包括)上限"),
    ("TOP", rf"(?:超过|超出|高于|大于){_TOTAL}[的时]?,?[均则]?[按以]{_TOTAL}计算?分?"),
    ("ROUND", r"(?:计算)?(?:结果|得分)?(?:四舍五入,?)?保留[到至]?(?:小数点?后)?[\d一两二]位(?:小数)?(?:\(?四舍五入\)?)?"),
    ("UPTO", rf"(?:直至)?[加扣得计][满至到完](?={_N}分)"),
    ("JUDGE", (
        rf"(?:酌情|酌量|斟酌|适当)(?:予以)?{_any(_ACTS)}?(?:[得分]?分[值数]?)?|视[^,;。:()\d]{{0,12}}?(?:情况|情节|情形"
        rf"|程度)(?:严重)?(?:程度)?(?:予以)?{_any(_ACTS)}?(?:得分|分值)?"
    )),
    ("JUDGE", r"按照?其?[^,;。:()\d]{0,6}程度(?:酌情)?扣[分减除]"),
    ("JUDGE", rf"(?:综合|专家)(?:评定|判断|评判|评分|打分|评价){_any(_ACTS)}?|结合实际(?:情况)?(?:予以)?{_any(_ACTS)}(?:分[值数]?)?"),
    ("LINE", (
        rf"(?:其?中间[值部]?分?|两者之间|其间)?{_any('采用 采取 使用 按照 按 通过 运用 以 用')}?(?:线性|直线)?(?:插值法?|内插法?|插入法|线性(?=得分|计分"
        rf"|计算))(?:进行)?{_any(_COUNT + ' 确定')}*(?:得?分[值数]?)?"
    )),
    ("PROP", rf"[按依等同]照?(?:相应|同等|实际|完成|其)?的?比例(?:相应)?(?:{_any(_COUNT)}|[计得给赋])(?:得?分[值数]?)?"),
    ("PROPLESS", r"[按依等同]照?(?:相应|同等|实际|完成|其|超过|超出)?的?比例(?:相应)?(?:扣[减除]?|减)(?:相应)?(?:得?分[值数]?)?"),
    # figures
    ("AHEAD", rf"前(?P<first>\d+|[{_HAN}]{{1,2}})(?P<part>%|[名位]次?|(?=[得的计,]))"),
    ("VAL", rf"百分之(?P<of>[{_HAN}]+(?:点[{_HAN}]+)?)"),
    ("VAL", rf"(?P<tens>[{COUNTING}]|\d(?:\.\d)?)成(?P<ones>[{COUNTING}半])?(?![立果本效为绩员功交品长就熟都])"),
    ("VAL", rf"(?<=[打按照得])(?P<folds>[{COUNTING}]{{1,2}})折"),
    ("VAL", rf"(?P<under>[{_HAN}]{{1,2}})分之(?P<over>[{COUNTING}])|(?P<half>一?半(?:数|分(?![值数]))?(?=的?(?:分|权重|[,;。]|$)))"),
    ("VAL", rf"(?P<above>[1-9])/(?P<below>[2-9])(?=的?{_any(_FULLS)})"),
    ("VAL", rf"第(?P<place>{_N}|[{_HAN}]{{1,3}})(?:[名位]次?)?(?![期季方批次轮届级类档部条款项个])"),
    ("VAL", rf"(?P<digits>{_N})\s?(?P<unit>分(?=为止|为上?限|为[优良中差合不及])|日(?!期)|{_OF_FIGURES})?(?P<per>/(?:{_SINGLE}))?(?:[名位]次)?"),
    ("VAL", (
        rf"(?<![同统唯任专单万{COUNTING}])(?P<said>[零{COUNTING}两半]{{1,3}}(?:点[{_HAN}]+)?)(?P<said_unit>{_OF_FIGURES})"
        rf"(?![般定体性致切起合成交])"
    )),
    ("VAL", r"(?P<none>零)(?=[,;。、得的计不以]|$)"),
    # points
    ("FLAT", r"(?:实行|予以|执行)?一票否决制?(?:,?[本该此](?:项|指标)(?:不得分|[得计]0分|[得计]零分)|(?=[,;。]|$))"),
    ("FLAT", rf"(?:一经[^,;。]{{2}},?)?{_OWN}(?:不予?[得给计记赋](?:[本该]项)?分|不予[计得给]得?分|不能得分|[得计记给赋为]?零分|取消得分)"),
    ("KEPT", "不[予再]?[扣减]分"),
    ("NOGAIN", "不[予再另]*(?:额外)?加分"),
    ("RESULT", r"(?:即?作?为|得出|=)(?:[本该此]项|[本该此]指标|指标|最终|实际)*的?[得评]分(?=[,;。]|$)"),
    ("SCORE", (
        r"(?:(?:计算|计分|评分|得分|折算)?(?:公式|方法|办法)(?:为|如下)?:?)?(?:[本该此](?:项|指标)*的?)?(?:指标|实际|折算|最终|单项|得分)*[得计评]分(?:=|为[:=]"
        r"|为(?=[^,;。\d]{0,20}[×÷/(])|:(?=[^,;。]{1,30}[×÷/]))"
    )),
    ("GET", (
        rf"为(?={_N}分(?![\d以之及])|满分|全分)|{_OWN}(?:{_any('得分为 计分为 得分 计分 记分 赋分 评分为 给分 计为 计给 得 计 给予 给 记为 记 赋予 赋 获得 获 视为 视同')}"
        rf"|(?<![测考批])评)(?:基本分)?{_WORTH}"
    )),
    ("GET", rf"打(?=[{COUNTING}]{{1,2}}折)"),
    ("LESS", rf"{_OWN}[倒另再]?{_any('扣减 减扣 扣除 扣去 扣掉 扣分 扣')}{_WORTH}|{_OWN}(?:减[去分扣少]?)(?:{_POINTS}|(?=权重|该项|本项|分值))"),
    ("MORE", rf"{_OWN}(?:另|再|额外)?{_any('加分 加计 加 奖励 奖 增加 增')}{_POINTS}"),
    ("FULL", (
        rf"{_OF_FULL}(?:{_any(_FULLS)}|(?:(?<=[%成])|(?<=[%成]的)|(?<=分之[{COUNTING}])|(?<=分之[{COUNTING}]的))分(?![值数之别]))"
        rf"(?:上限)?(?:的(?=\d|百|一半|[{COUNTING}]成|[{_HAN}]{{1,2}}分之))?"
    )),
    ("FULL", rf"[本该此](?:项|指标)+的?(?={_SHARE})"),
    # steps
    ("EACHBOTH", (
        rf"每再?(?:{_any(_AWAY)}|(?:{_any(_UP)}(?:或者?|[、/和及(]){_any(_DOWN)}|{_any(_DOWN)}(?:或者?"
        rf"|[、/和及(]){_any(_UP)})\)?(?=[\d{_HAN}]))"
    )),
    ("EACHUP", rf"每再?(?:[比较][^,;。\d每]{{1,5}})??{_any(_UP)}|每新增(?={_N}(?:%|个?百分点))"),
    ("EACHDOWN", rf"每再?{_any(_DOWN)}(?!错)"),
    ("EACHLACK", rf"(?:短少|缺少|少|缺|漏|欠)(?=[^,;。\d一]{{0,4}}[一1](?:{_SINGLE})[^,;。\d]{{0,6}}[扣减])"),
    ("EACHONE", rf"(?<!平均)每(?P<counted>{_SINGLE})"),
    ("EACH", "(?<!平均)每(?![年季月周日级])"),
    # comparisons
    ("GE", _any(">= ≥ => 大于等于 大于或等于 大于或者等于 不小于 不低于 不少于 不短于 不早于 高于等于 高于或等于 超过等于 超过或等于 多于或等于 至少达到# 至少# 实现# 达#")),
    ("GE", (
        r"达到?了?(?:[或及和]?(?:超过|高于|优于))?(?=第?[-\d±百九八七六五]|年度|目标|计划"
        r"|[^,;。:\d≥≤<>=]{2,10}的\d)"
    )),
    ("LE", _any("<= ≤ =< 小于等于 小于或等于 小于或者等于 不超过 不超出 不突破 不大于 不高于 不多于 不晚于 不迟于 未超过 没有超过 没超过 未超出 不超# 低于等于 低于或等于 少于或等于 控制在# 至多# 未高于")),
    ("LT", _any("< 小于 低于 少于 不足 不到 未达到# 未达# 未满 不满# 达不到 没有达到# 没达到# 短于 早于 不及# 未完成#")),
    ("GT", _any("> 大于 超过 高于 多于 晚于 迟于 高出# 超出 突破# 超#")),
    ("EQ", r"==?|等于|恰好为|正好为|[为是](?=[-+]?(?:\d|零|百分之))"),
    ("SIGNED", r"(?:不?为)?[负正][数值]|不?为[负正](?=[的,;得不计或时])|为零(?=[的,;得不计或时])"),
    ("NE", r"≠|!=|不等于|不为(?=[0零])"),
    ("ABOVEIN", _any("及以上 及其以上 或以上 及以后 及其以后 及之后")),
    ("UPON", "以上(?:的?部分)?|之上"),
    ("BELOWIN", _any("及以下 及其以下 或以下 及以内 及其以内 或以内")),
    ("DOWNTO", r"以下|之下|以内|之内|内(?=[,的得计给记含扣酌视;(])|(?<=[日天月周时])内(?![部容控审涵外])"),
    ("BEYOND", _any("以外 之外 开外 以后 之后")),
    ("BETWEEN", r"之间|区间|范围内?|间(?=[,的得计按])"),
    ("PM", r"±|正负(?=\d)|\+/?-"),
    ("TO", rf"[与和](?=-?\d[^,;。]{{0,12}}之间)|~+|[至到](?=[-+±\d第]|[{COUNTING}]成|百分之|[{_HAN}]{{1,3}}[名位])"),
    ("DASH", "-+|—"),
    # joints
    ("ELSE", r"否则|反之|其余(?:情况|情形|区间|名次)?|其[他它](?:情况|情形|名次)?(?=[,的均得不计记扣按\d])|除此之外"),
    ("AND", "并且|且|同时(?!段)|但是|但(?!书)"),
    ("OR", "或者|或(?!许)"),
    ("IF", "如果|若(?!干)|凡(?!是)|如(?![期上下何]|实(?!际))|当(?![年地期前月日中])"),
    ("BASE", rf"[以按](?=(?:{_N}|百分之)[%分]?[^,;。]{{0,4}}[为作])"),
    ("AS", "作?为(?:满分)?(?:标准|基准|目标|基数|基础|起点)"),
    ("BY", rf"{_OWN}按(?={_OF_FULL}{_any(_FULLS)})"),
    ("BY", r"以(?=[^,;。\d]{1,14}(?:×|乘以))|按照?(?![时期质量规要季月年])|依照|根据"),
    ("DO", rf"{_any(_COUNT)}+|计(?=[,;。]|$)"),
    ("MUL", r"×|乘以|\*|乘(?=\d)"),
    ("DIV", "÷|/|除以"),
    ("PLUS", r"\+"),
    ("LB", r"[(\[【〔{]"),
    ("RB", r"[)\]】〕}]"),
    ("BAR", r"\|"),
    ("AT", rf"在(?=[-±\d(\[]|[{COUNTING}]成|百分之)"),
    ("STOPS", r"为止|即止|止(?=[,;。]|$)|为上?限|封顶"),
    ("DE", "的?部分(?=[,每])|的话|的|者|(?<![及按准实小])时(?=[,得计不扣])|(?<![细规准原守法])则(?=[,得计不扣])"),
)  # fmt: skip
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩"
_LISTED = re.compile(
    r"(?<=[%％。；;：:）)分])[ \u3000](?=\d{1,2}\s?[.．、](?!\d)|[（(]\d{1,2}[)）]|[①-⑳]|[本该])"
)
_WORD = re.compile("|".join(f"(?P<{kind}_{n}>{shape})" for n, (kind, shape) in enumerate(_SHAPES)))
_KINDS = {f"{kind}_{n}": kind for n, (kind, _) in enumerate(_SHAPES)}
_SYMBOLS = frozenset("≥≤><=")
OPERATORS = frozenset(("GE", "LE", "LT", "GT", "EQ"))
_SUFFIXES = frozenset(("ABOVEIN", "UPON", "BELOWIN", "DOWNTO", "BEYOND", "BETWEEN"))
_BEHIND_FIGURES = frozenset(("VAL", "AHEAD", "IN", "OUT", *_SUFFIXES))
_GIVES = frozenset(("UPTO", "GET", "LESS", "MORE", "FULL", "MOST", "FLOOR"))
_ENDS = frozenset(("STOP", "COMMA", "ENUM", "END", "RB", "LB", "ITEM"))


@functools.lru_cache(maxsize=4096)
def _letter(letter: str) -> str:
    """One letter as it is compared; blanks and quotation marks fall away."""
    if letter in "\r\n\u2028\u2029\v\f":
        return "\n"
    wide = narrow(SIGNS.get(letter, letter))
    if letter in _QUOTES or wide.isspace() or not wide.isprintable():
        return ""
    return wide if len(wide) == 1 else letter


def plain(text: str) -> tuple[str, list[int], set[int]]:
    """The letters that count, the place of each in the text as issued, and which of them stand between quotation marks.

    A blank between a point and a digit stays: "2. 10%" is the second point and no 2.10%; one before the number of a point
    ends a line (得2分 2.公开).
    """
    letters: list[str] = []
    places: list[int] = []
    quoted, inside = set[int](), False
    for place, letter in enumerate(text):
        inside = letter in "“「『《" or (inside and letter not in "”」』》")
        made = _letter(letter)
        if not made and letter in " \u3000" and letters:
            made = " " if letters[-1] == "." else "\n" if _LISTED.match(text, place) else ""
        if made:
            quoted |= {len(letters)} if inside else set()
            letters.append(made)
            places.append(place)
    return "".join(letters), places, quoted


def tokens(text: str, quoted: Collection[int] = ()) -> list[Token]:
    """The tokens of a plain text; letters that are ``quoted`` tell names (“五个一批”)."""
    numbers = {mark.start: mark.end for mark in marks(text, LISTS, r"\n。；;：:,") if mark.end > mark.start}
    made: list[Token] = []
    at = next_item = 0
    while at < len(text):
        goes_on = f"{next_item}." if next_item and _begins(made) else "\0"
        if at in numbers and (_begins(made) or (text[at] in _CIRCLED and made[-1].kind == "VAL")):
            made.append(Token("ITEM", text[at : numbers[at]], at, numbers[at]))
            next_item = int(made[-1].text[:-1]) + 1 if re.fullmatch(r"\d+\.", made[-1].text) else 0
        elif text.startswith(goes_on, at):  # 2.…；3.90%≤执行率: the third point
            made.append(Token("ITEM", goes_on, at, at + len(goes_on)))
            next_item += 1
        elif (found := _WORD.match(text, at)) is not None and found.end() > at:
            made.append(_token(found))
        else:
            made.append(Token("" if text[at] == " " else "NAME", text[at], at, at + 1))
        at = made[-1].end
    return _settled([token for token in made if token.kind], quoted)


def _begins(made: Sequence[Token]) -> bool:
    return not made or made[-1].kind in ("STOP", "COLON", "COMMA", "ITEM")


def _token(found: re.Match[str]) -> Token:
    token = Token(_KINDS[str(found.lastgroup)], found[0], *found.span())
    if token.kind in ("IN", "OUT"):
        inside = re.search(rf"(-?{_N})(%?)", token.text)
        value = None if inside is None else Decimal(inside[1]) / (100 if inside[2] else 1)
        return replace(token, value=value)
    if token.kind == "AHEAD":
        value = number(found["first"])
        share = found["part"] == "%"
        return replace(
            token, value=None if value is None else value / (100 if share else 1), unit="%" if share else "名"
        )
    if token.kind == "EACHONE":
        return replace(token, value=Decimal(1), unit=found["counted"])
    return _figure(found, token) if token.kind == "VAL" else token


def _figure(found: re.Match[str], token: Token) -> Token:
    said = found.groupdict()
    unit = said["unit"] or said["said_unit"] or ""
    share = _share(said, token.text)
    if share is not None:
        return replace(token, value=share, unit="%")
    value = number(said["digits"] or said["place"] or (said["said"] or "零").replace("半", "零点五"))
    if value is None:
        return replace(token, kind="NAME")
    known = UNITS.get(unit)
    if said["place"]:
        unit = "名"
    elif known is not None and known.sort is not Sort.TIMES:
        value, unit = value * known.worth, known.base
    elif known is not None:
        value, unit = value * known.worth, ""
    unit = "名" if unit == "位" or token.text.endswith(("名次", "位次")) else unit
    return replace(token, value=value, unit=unit + (said["per"] or ""), point="分点" in token.text)


def _share(said: dict[str, str | None], text: str) -> Decimal | None:
    """What is told as 半, 八五折, 三分之二, 1/3, 百分之九十 or 八成五, of one; None for other figures."""
    if said["half"]:
        return Decimal("0.5")
    if said["folds"]:
        return number("零点" + said["folds"])
    under, over = number(said["under"] or said["below"] or ""), number(said["over"] or said["above"] or "")
    if under and over is not None:
        return over / under
    return read_quantity(text).base if said["of"] or said["tens"] else None


def _settled(raw: list[Token], quoted: Collection[int]) -> list[Token]:
    """Tokens in their context: points and figures, minus and dash, loose words back into names."""
    made: list[Token] = []
    named = _names(raw, quoted)
    for place, word in enumerate(raw):
        token, before = word, made[-1] if made else None
        kind = (
            "NAME"
            if place in named
            else _kind(token, before, raw[place + 1] if place + 1 < len(raw) else None)
        )
        told = [one.kind for one in made[-4:]]
        if kind == "EACHLACK" and not (told[-1:] == ["COMMA"] and "VAL" in told):
            kind = "NAME"  # 应建档案40份，少建一份扣0.1分 goes on from a figure told before it
        compares = kind in OPERATORS and token.text not in _SYMBOLS
        if compares and (not _figure_ahead(raw, place + 1, before) or _overrun(raw, place)):
            kind = "NAME"
        points = kind == "VAL" and token.unit == "分"
        if points and before is not None and before.kind == "GET" and before.text.endswith("分"):
            made[-1] = replace(before, kind="NAME")  # 考核得分90分以上
            before = _join(made)
        if kind == "VAL" and before is not None and before.kind == "SIGN":
            made.pop()
            value = None if token.value is None else -token.value
            token = replace(token, value=value, text=before.text + token.text, start=before.start)
        if kind in ("MUL", "DIV"):
            _outside(made)
        made.append(token if token.kind == kind else replace(token, kind=kind))
        _join(made)
    return made


_BOUND = frozenset(("NAME", "DE", *_ENDS, "COLON"))
_PERIODS = frozenset("月周日天")


def _names(raw: Sequence[Token], quoted: Collection[int]) -> set[int]:
    """Figures that are a part of a name: 12345热线; in words, a count of what the text counts nowhere else (违反八项规定).

    Two counts in one phrase (抽查10个项目发现两处问题) are none unless the text tells the other one again.
    """
    figures = [n for n, token in enumerate(raw) if token.kind in ("VAL", "EACHONE") and token.unit != "分"]
    units = [raw[n].unit for n in figures]
    phrases = list(itertools.accumulate(token.kind in ("STOP", "COMMA") for token in raw))
    made = set()
    for n in figures:
        token = raw[n]
        behind = [one.kind == "NAME" and one.text[0].isalnum() for one in raw[n + 1 : n + 2]]
        inside = behind == [True] and (n == 0 or raw[n - 1].kind in _BOUND)
        beside = [raw[other].unit for other in figures if other != n and phrases[other] == phrases[n]]
        counted = token.unit in COUNTED and not token.text[0].isdigit() and units.count(token.unit) == 1
        whole = counted and (token.value or 0) > 1 and all(units.count(unit) > 1 for unit in beside)
        title = token.start in quoted and not token.text[0].isdigit()
        period = token.kind == "EACHONE" and token.unit in _PERIODS and behind == [True]  # 每月按时报送
        if title or period or (inside and (whole or (not token.unit and token.text.isdigit()))):
            made.add(n)
    return made


def _outside(made: list[Token]) -> None:
    """考核得分×5%, 测评分值÷100, 调查得分（百分制）×10%: the score of somebody else is the name of a figure."""
    end = (
        len(made) - 3
        if [one.kind for one in made[-3:]] == ["LB", "NAME", "RB"] and made[-2].text.endswith("分制")
        else len(made)
    )
    if end < 2:
        return
    last, before = made[end - 1], made[end - 2]
    tested = last.kind == "FULL" and _TESTED.search(before.text) is not None
    first = end - 3 if before.kind == "DE" and end > 2 else end - 2
    told = tested or last.kind in ("DO", "GET")
    if told and made[first].kind == "NAME" and last.text in ("得分", "评分", "计分", "分值", "分数"):
        made[first:] = [
            replace(made[first], text="".join(one.text for one in made[first:]), end=made[-1].end)
        ]


def _join(made: list[Token]) -> Token:
    """The last token, joined with the name before it where it goes on with that: a name, 的 and a name, 及时、完整."""
    while len(made) > 1 and made[-1].kind == "NAME":
        inner = made[-2:-1] if made[-2].kind in ("DE", "ENUM") and len(made) > 2 else []
        before = made[-2 - len(inner)]
        if before.kind != "NAME" or before.end != [*inner, made[-1]][0].start:
            break
        text = before.text + "".join(token.text for token in (*inner, made[-1]))
        made[-2 - len(inner) :] = [replace(before, text=text, end=made[-1].end)]
    return made[-1]


def _kind(token: Token, before: Token | None, after: Token | None) -> str:
    """What a token is beside its neighbours; NAME where it means nothing to the grammar there."""
    last, following = (before.kind if before else "END"), (after.kind if after else "END")
    if token.kind == "VAL":
        points = token.unit == "分" and _is_points(last, following, before)
        share = last in _GIVES or last == "BY" or following == "FULL"
        return "NAME" if token.value is None or (token.endless and not share) else "PTS" if points else "VAL"
    if token.kind == "DASH":
        return _dash(last, following)
    return "NAME" if _loose(token.kind, last, following) else token.kind


def _dash(last: str, following: str) -> str:
    """A dash between figures, a difference in a formula, or the sign of a figure."""
    if following == "VAL":
        named = last in ("NAME", "FULL", "RB")
        return "TO" if last in _BEHIND_FIGURES or last == "PTS" else "MINUS" if named else "SIGN"
    if following in ("NAME", "LB", "FULL", "GET") and last in ("VAL", "PTS", "NAME", "FULL", "RB"):
        return "MINUS"
    return "TO" if following == "PM" else "NAME"


def _is_points(last: str, following: str, before: Token | None) -> bool:
    if last == "BY":
        return following == "DO"
    if last in _GIVES:
        span = following in ("IN", "OUT", "TO", "DASH") and before is not None and before.kind == "GET"
        return following not in _SUFFIXES and not (span and before is not None and before.text.endswith("分"))
    compared = last in OPERATORS or last in ("TO", "SIGN", "AT", "AHEAD", "PM")
    listed = last == "EACHONE" and following == "COLON"  # 共4项，每项2分：①…
    return listed or (not compared and following in (*_ENDS, "DE") and following != "LB")


_BEFORE = {
    **dict.fromkeys(_SUFFIXES, frozenset((*_BEHIND_FIGURES, "RB"))),
    "TO": frozenset((*_BEHIND_FIGURES, "PTS")),
    "AS": frozenset(("VAL", "PTS", "IN", "OUT")),
    "DO": frozenset(("NAME", "FULL", "RB", "VAL", "PTS", "DE", "COMMA", "MUL", "EQ")),
}
"""Words that mean something to the grammar only behind these."""


def _loose(kind: str, last: str, following: str) -> bool:
    """Whether a word of the grammar stands where it is none."""
    if kind == "DO" and following not in (*_ENDS, "DE", "COLON"):
        return True
    return last == "NAME" if kind == "IF" else kind in _BEFORE and last not in _BEFORE[kind]


def _overrun(raw: Sequence[Token], place: int) -> bool:
    """超出预算10%以内, 超出10%-20%: the figure is what lies beyond, and no end."""
    after = [token.kind for token in raw[place + 1 : place + 14]]
    held = after.index("VAL") + 1 if "VAL" in after else len(after)
    named = "".join(token.text for token in raw[place + 1 : place + held])
    beyond = ("UPON", "ABOVEIN") if named else ()  # 超过时限15天以上
    inside = held < len(after) and after[held] in ("DOWNTO", "BELOWIN", "TO", "DASH", *beyond)
    plain = set(after[: held - 1]) <= {"NAME", "DE"} and not GOAL.fullmatch(named)
    return raw[place].text in ("超出", "超过", "高出", "超") and inside and plain


_TESTED = re.compile("测评|考核|考评|评价|评议|调查|问卷|测试|检查|验收")
_NAMED = ("数", "额", "数量", "成本", "日期", "规模")


def _figure_ahead(raw: Sequence[Token], place: int, before: Token | None) -> bool:
    """Whether a comparison has a figure behind it, maybe that of a name (达到目标值的90%), or stands between two named ones."""
    name = ""
    while place < len(raw) and raw[place].kind in ("NAME", "DE"):
        name += raw[place].text
        place += 1
    bracketed = [token.kind for token in raw[place : place + 3]] == ["LB", "VAL", "RB"]
    place += bracketed and GOAL.fullmatch(name) is not None  # 达到计划数（500人次）
    figure = place < len(raw) and raw[place].kind in ("VAL", "PM", "IN", "OUT", "DASH")
    named = before is not None and before.kind == "NAME" and before.text.endswith(_NAMED)
    return figure or (named and name.removesuffix("的").endswith(_NAMED))
