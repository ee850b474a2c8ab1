"""The settled number line -> the simplest rule kind that says the same, and the questions that the line leaves."""

from __future__ import annotations

import itertools
import re
from decimal import Decimal
from typing import Any

from jixiao.authoring.criteria.bands import intervals, shown, shown_end, written
from jixiao.authoring.criteria.sheet import Sheet, ranges
from jixiao.authoring.criteria.values import PENDING, ZERO, Affine, Between, Rate, Steps, Value, best
from jixiao.model import Interval, half_up, percent, plain

Stretches = list[tuple[Interval, Value]]
Spec = dict[str, Any]
_FALLS = re.compile(r"(?:下降|减少|降低|压减|压缩|缩减|节约)(?:了|幅度|率)?$")
_ABSOLUTE = re.compile(
    r"差异率|之差|偏差率|偏离度|偏离率|误差率|差错率|差错数|绝对值|差异幅度|偏差度|偏差幅度"
)


def settle(sheet: Sheet) -> None:
    """Ask what the line leaves open, and set the rule."""
    built = sheet.built
    _questions(sheet)
    line = intervals(sheet.line)
    if not line:
        built.ask("没有读出得分与数值的关系")
        return
    _unused(sheet)
    _limits(sheet, line)
    if not _adds_up(sheet, line):
        return
    spec = _around(sheet, line) if sheet.around else _simple(sheet, line) or _pieces(sheet, line)
    if spec is None:
        built.ask("向两个方向计算的写法没有读懂")
        return
    if spec["kind"] in ("steps", "proportional", "score"):
        built.notes = [note for note in built.notes if not note.endswith("此时由评价人核定")]
    told = sheet.counted or any(cap.what in ("started", "whole") for cap in sheet.caps)
    if not told and any(isinstance(value, Steps) for _, value in line):
        built.notes.append("不足一档的部分文中没有写明，按不计算")
    _unsigned(sheet, spec)
    built.written(spec)


def interpolated(sheet: Sheet) -> bool:
    """60%得0分，100%得满分，中间线性插值: points at figures, straight lines between them, the ends kept beyond them."""
    told = [(end, value, band.exact) for band, value in sheet.fixed for end in band.ends[:1]]
    held = sorted(told)
    points = {_figure(end, sheet.unit): value for end, value, _ in held}
    whole = len(held) >= max(2, len(sheet.bands)) and not any(band.wide for band in sheet.bands)
    if not isinstance(sheet.rest, Between) or sheet.steps or not whole:
        return False
    if (
        not all(exact for _, _, exact in held[1:-1])
        or len(points) < len(held)
        or max(points.values()) != sheet.full
    ):
        return False
    sheet.built.written({"kind": "interpolate", "full": sheet.full, "x": sheet.name, "points": points})
    return True


def _questions(sheet: Sheet) -> None:
    built, unit, line = sheet.built, sheet.unit, sheet.line
    for told in line.overlaps:
        built.doubt(f"有两档重叠（{told}），不能确定按哪一档计分")
    for v in line.contested:
        built.questions.append(f"{shown(v, unit)}同时落在相邻两档，文中没有写明归哪一档，此时由评价人核定")
    if line.nested:
        built.notes.append("同时达到几个标准的，按其中最高的一档计分")
    held = [n for n, (_, _, value) in enumerate(line.atoms) if value is not None]
    for a, b, value in line.atoms[held[0] : held[-1] + 1] if held else ():
        if value is not None or (sheet.counted and a != b and a is not None and b is not None and b - a <= 1):
            continue
        if a == b and a is not None:
            built.questions.append(f"{shown(a, unit)}不在任何一档内，此时由评价人核定")
        else:
            ends = f"{shown_end(a, unit)}至{shown_end(b, unit)}"
            built.doubt(f"{ends}之间没有写明得分，档次之间有空档")
    if held:
        _ends(sheet)


def _ends(sheet: Sheet) -> None:
    """What lies below and above everything the text speaks of."""
    (_, low, first), (high, _, last) = sheet.line.atoms[0], sheet.line.atoms[-1]
    if first is None and low is not None and low > 0 and not (sheet.counted and low <= 1):
        sheet.built.questions.append(f"低于{shown(low, sheet.unit)}时的得分没有写明，此时由评价人核定")
    if last is None and high is not None:
        told = f"超过{shown(high, sheet.unit)}时的得分没有写明，此时由评价人核定"
        natural = sheet.unit == "%" and high == 1
        (sheet.built.notes if natural else sheet.built.questions).append(told)


def _unused(sheet: Sheet) -> None:
    """A band or step that decides nothing is misread, or the text contradicts itself; so are points that go up and down."""
    decided = [value for _, _, value in sheet.line.atoms]
    told = [*(band.value for band in sheet.bands), *sheet.steps]
    told += [] if sheet.rest is None or isinstance(sheet.rest, (Decimal, str)) else [sheet.rest]
    if PENDING not in decided and not all(any(v is one or v == one for one in decided) for v in told):
        sheet.built.ask("文中有一条不起作用，各条之间可能矛盾")
    points = [value for value in decided if isinstance(value, Decimal)]
    turns = [b > a for a, b in itertools.pairwise(points) if a != b]
    if (sheet.line.nested and len(set(turns)) > 1) or (False, True) in itertools.pairwise(turns):
        sheet.built.ask("各档的得分忽高忽低，可能写错了一档")


def _limits(sheet: Sheet, line: Stretches) -> None:
    """Bring 最高, 最多 and 累计 limits into the steps; a limit that fits nothing is asked about."""
    steps = [value for _, value in line if isinstance(value, Steps)]
    lowest = min((v for _, v in line if isinstance(v, Decimal)), default=ZERO)
    for cap in sheet.caps:
        if cap.most is None or cap.most == sheet.full or cap.what not in ("given", "lost"):
            continue
        gains = [step for step in steps if step.gains]
        losses = [step for step in steps if not step.gains] if cap.what == "lost" else []
        for step in gains:
            step.most = min(sheet.full, cap.most if step.base == 0 else step.base + cap.most)
        for step in losses:
            step.least = max(ZERO, step.base - cap.most)
        if not gains and not losses and (cap.what == "given" or lowest < sheet.full - cap.most):
            most, full = plain(cap.most), plain(sheet.full)
            sheet.built.ask(f"“最多{most}分”与本项满分{full}分的关系没有写明")


def _adds_up(sheet: Sheet, line: Stretches) -> bool:
    """Whether the best that the rule gives is the full points."""
    built, full = sheet.built, sheet.full
    # a figure that two bands claim says nothing about what can be earned
    top = max((best(value, full) for i, value in line if value != PENDING or i.low != i.high), default=ZERO)
    lines = [value for _, value in line if isinstance(value, Affine)]
    if top > full:
        built.ask(f"文中最高得{plain(top)}分，超过本项满分{plain(full)}分，可能沿用了旧的权重")
    elif top < full:
        built.ask(f"文中最高得{plain(top)}分，得不到本项满分{plain(full)}分")
    elif not all(_reaches(sheet, value) for value in lines):
        built.ask(f"算式的满分与本项满分{plain(full)}分不符，可能沿用了旧的权重")
    elif (
        sheet.unit != "%"
        and any(half_up(line.a + line.b, 6) == full for line in lines)
        and any(abs(end) > 2 for band in sheet.bands for end in band.ends)
    ):
        built.ask("算式按比率计算，档次却不是比率，不能确定两处的数怎样对应")
    else:
        return True
    return False


def _reaches(sheet: Sheet, value: Affine) -> bool:
    """Whether a formula reaches the full points at 1, 10, 100 or 1000, at 0, or where a band takes over."""
    ends = [end for band in sheet.bands if band.value == sheet.full for end in band.ends]
    tops = [value.a + value.b * x for x in (*map(Decimal, (0, 1, 10, 100, 1000)), *ends)]
    return any(half_up(top, 6) == sheet.full for top in tops)


def _simple(sheet: Sheet, line: Stretches) -> Spec | None:
    spec: Spec = {"full": sheet.full, "x": sheet.name}
    if all(isinstance(value, (Decimal, str)) for _, value in line):
        return {"kind": "bands", **spec, "bands": {written(i, sheet.unit): v for i, v in line}}
    return _as_steps(sheet, line, spec) or _as_rate(sheet, line, spec)


def _as_steps(sheet: Sheet, line: Stretches, spec: Spec) -> Spec | None:
    steps = [(i, v) for i, v in line if isinstance(v, Steps)]
    others = [(i, v) for i, v in line if not isinstance(v, Steps)]
    if len(steps) != 1 or len(others) > 1 or any(v != sheet.full for _, v in others):
        return None
    own, step = steps[0]
    outward = own.high if step.way > 0 else own.low
    if step.gains or step.way == 2 or step.least or step.base != sheet.full or outward is not None:
        return None
    if others:
        beyond = others[0][0]
        held = beyond.low if step.way > 0 else beyond.high
        if held is not None and not beyond.low == beyond.high == step.start:
            return None
    elif step.start != 0 or step.way < 0:
        return None
    return {
        "kind": "steps", **spec, "start": _figure(step.start, sheet.unit), "each": _figure(step.each, sheet.unit),
        "deduct": -step.change, "mode": "started" if sheet.started else "whole", "inclusive": step.inclusive,
        "downward": step.way < 0,
    }  # fmt: skip


def _as_rate(sheet: Sheet, line: Stretches, spec: Spec) -> Spec | None:
    rates = [v for _, v in line if isinstance(v, (Rate, Affine))]
    if len(line) > 2 or len(rates) != 1:
        return None
    rate, full = rates[0], sheet.full
    if isinstance(rate, Affine) and (rate.a or rate.b <= 0):
        return None
    over = rate.over if isinstance(rate, Rate) else full / rate.b
    for interval, value in line:
        beyond = value == full and interval.low == over and interval.high in (None, over)
        if value is not rate and not beyond:
            return None
    if over == 1:
        return {"kind": "proportional", **spec}
    if over in (10, 100, 1000) and isinstance(rate, Affine):
        return {"kind": "score", **spec, "of": over}
    return {"kind": "proportional", **spec, "over": percent(over)} if sheet.unit in ("%", "") else None


def _pieces(sheet: Sheet, line: Stretches) -> Spec:
    made = {written(interval, sheet.unit): _piece(sheet, n, line) for n, (interval, _) in enumerate(line)}
    return {"kind": "pieces", "full": sheet.full, "x": sheet.name, "pieces": made}


def _piece(sheet: Sheet, place: int, line: Stretches) -> Any:
    value = line[place][1]
    if isinstance(value, Steps):
        limit = (
            {"add": value.change, "most": value.most}
            if value.gains
            else {"deduct": -value.change, "least": value.least}
        )
        return {
            "from": value.base, "start": _figure(value.start, sheet.unit), "each": _figure(value.each, sheet.unit),
            "mode": "started" if sheet.started else "whole", "inclusive": value.inclusive,
            "way": {1: "up", -1: "down", 2: "both"}[value.way], **limit,
        }  # fmt: skip
    if isinstance(value, Rate):
        return {"rate": _figure(value.over, sheet.unit)}
    if isinstance(value, Affine):
        return {"line": [value.a, value.b]}
    if isinstance(value, Between):
        near = [line[n][1] if 0 <= n < len(line) else ZERO for n in (place - 1, place + 1)]
        if not all(isinstance(v, Decimal) for v in near):
            sheet.built.ask("插值的两端没有写明得分")
        return {"between": [v if isinstance(v, Decimal) else ZERO for v in near]}
    return value


def _around(sheet: Sheet, line: Stretches) -> Spec | None:
    """±5%以内: bands over the distance from zero, or steps beyond it on both sides."""
    held = [(i, v) for i, v in line if i.low is not None]
    spec: Spec = {"full": sheet.full, "x": sheet.name}
    if all(isinstance(v, (Decimal, str)) for _, v in held):
        return {"kind": "deviation", **spec, "bands": {written(i, sheet.unit): v for i, v in held}}
    if len(held) != 2 or not isinstance(held[1][1], Steps) or held[0][1] != sheet.full:
        return None
    inner, step = held[0][0], held[1][1]
    if inner.high is None or inner.high != step.start:
        return None
    up = {**_piece(sheet, 1, held), "way": "up"}
    down = {**up, "start": _figure(-inner.high, sheet.unit), "way": "down"}
    open_ = not inner.high_closed
    sides = {
        Interval(None, False, -inner.high, open_): down,
        Interval(-inner.high, not open_, inner.high, not open_): sheet.full,
        Interval(inner.high, open_, None, False): up,
    }
    return {"kind": "pieces", **spec, "pieces": {written(i, sheet.unit): v for i, v in sides.items()}}


def _unsigned(sheet: Sheet, spec: Spec) -> None:
    """差异率 and |x| have no sign: below zero nothing is settled, lest a shortfall earn full points."""
    below = any(
        end < 0 or (end == 0 and band.low is None and band.value == PENDING)
        for band in sheet.bands
        for end in band.ends
    )
    signed = below or sheet.around or any(step.way == 2 for step in sheet.steps)
    told = [one for _, one in ranges(sheet.text.nodes)]
    falls = bool(told) and all(_FALLS.search(one.subject) for one in told)
    if falls and any(ZERO in one.ends for one in told):
        return  # 节约率<0: what lies below zero is told; 下降5%以上 alone: a drop may be told as -5%
    named = falls or sheet.absolute or _ABSOLUTE.search(sheet.name + sheet.text.words)
    if named and not signed and sheet.unit in ("%", ""):
        because = "下降幅度应填正数，请核对" if falls else "按绝对值计算的数不应小于0，请核对"
        spec["first"] = [{"when": f"{sheet.name} < 0", "points": PENDING, "because": because}]


def _figure(value: Decimal, unit: str) -> Any:
    """A figure as a definition writes it: percentages as text."""
    return percent(value) if unit == "%" else value
