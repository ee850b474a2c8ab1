"""The lines of a definition: stretches of a figure that no band covers, and values that two bands claim.

A definition with either is refused where it is loaded, unless it says what falls there: a band of its own, ``其余``, or
待核定. Where the official wording stands beside the rule and only leaves open what lies beyond its last band, a person
decides and the lint says so.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from jixiao.model import Body, Interval, Ref, gaps, overlap
from jixiao.rubric.kinds.computed import REST
from jixiao.rubric.nouns import Rubric
from jixiao.rubric.ranges import never_negative
from jixiao.rubric.spots import Spots

COUNTED = ("人", "个", "件", "次", "辆", "台")
_KEYS = {"bands": "bands", "deviation": "bands", "pieces": "pieces"}


@dataclass(frozen=True, slots=True)
class Line:
    """A figure's bands as they are declared: ``name`` of the figure, whether it is a share, and where they stand.

    ``gaps``: stretches without a band, with whether bands lie on both sides; ``overlaps``: (common, one, other).
    """

    part: str
    indicator: str
    name: str
    shares: bool
    body: Body
    gaps: tuple[tuple[Interval, bool], ...]
    overlaps: tuple[tuple[Interval, Interval, Interval], ...]

    def said(self, interval: Interval) -> str:
        """An interval as a message says it."""
        return interval.spoken("数值", as_percent=self.shares)


def lines(rubric: Rubric, spots: Spots) -> Iterator[Line]:
    """Every figure that is banded: rules, counted items, and the grades."""
    for indicator in rubric.indicators():
        for part in indicator.rule.leaves():
            spec = spots.specs.get(part.key)
            if spec is None:
                continue
            title = (
                f"{indicator.key}：{part.title}"
                if part.title and part.key != indicator.key
                else indicator.key
            )
            key = _KEYS.get(part.kind)
            if key is not None:
                yield _ruled(rubric, spec, key, title, indicator.key)
            for item in (i for k in ("items", "penalties") for i in spec.get(k, []) if "bands" in i):
                yield _ruled(rubric, item, "bands", title, indicator.key)
    grades = [interval for interval, _ in rubric.grades]
    body = rubric.data["rubric"]["grades"]["bands"]
    yield _line("等级", "", "得分", body, grades, Decimal(0), rubric.cap, shares=False, counted=False)


def _ruled(rubric: Rubric, spec: Body, key: str, title: str, owner: str) -> Line:
    name, body = str(spec["x"]), spec[key]
    unit = _unit(rubric, name)
    least = spec["kind"] == "deviation" if "kind" in spec else False
    low = Decimal(0) if least or never_negative(Ref(name), rubric) else None
    covered = [Interval.parse(text) for text in body if text != REST]
    return _line(title, owner, name, body, covered, low, None, shares=unit == "%", counted=unit in COUNTED)


def _unit(rubric: Rubric, name: str) -> str:
    if name in rubric.quantities:
        return rubric.quantities[name].unit
    return rubric.facts[name].concept.unit if name in rubric.facts else ""


def _line(
    title: str, owner: str, name: str, body: Body, covered: Sequence[Interval], low: Decimal | None,
    high: Decimal | None, *, shares: bool, counted: bool,
) -> Line:  # fmt: skip
    open_ = [] if REST in body else gaps(covered, low, high)
    left = [gap for gap in open_ if not (counted and _between_counts(gap))]
    common = ((overlap(one, other), one, other) for one, other in itertools.combinations(covered, 2))
    return Line(
        title, owner, name, shares, body,
        tuple((gap, _inner(gap, covered)) for gap in left),
        tuple((both, one, other) for both, one, other in common if both is not None),
    )  # fmt: skip


def _inner(gap: Interval, covered: Sequence[Interval]) -> bool:
    """Whether bands lie on both sides of a gap."""
    below = gap.low is not None and any(one.high is not None and one.high <= gap.low for one in covered)
    above = gap.high is not None and any(one.low is not None and one.low >= gap.high for one in covered)
    return below and above


def _between_counts(gap: Interval) -> bool:
    """Whether no whole number lies in a gap: 1–2件, 3–5件 leave nothing out."""
    if gap.low is None or gap.high is None or gap.high - gap.low > 1:
        return False
    first = gap.low.to_integral_value(rounding="ROUND_CEILING")
    return not any(gap.has(number) for number in (first, first + 1))


def check_lines(rubric: Rubric) -> None:
    """``DefinitionError`` with file and line at the first gap or overlap that the definition does not settle."""
    spots = Spots(rubric)
    for line in lines(rubric, spots):
        for both, one, other in line.overlaps:
            raise line.body.fail(
                f"“{line.part}”的两档都包括{line.said(both)}（{line.said(one)}与{line.said(other)}），请改成不重叠",
                _key_of(line, other),
            )
        quoted = bool(line.indicator) and "criteria" in spots.bodies[line.indicator]
        for gap, inner in line.gaps:
            if inner or not quoted:
                raise line.body.fail(
                    f"“{line.part}”的档次没有包括{line.said(gap)}，请补上这一档；不能确定的写“待核定”"
                )


def _key_of(line: Line, interval: Interval) -> str:
    return next((text for text in line.body if text != REST and Interval.parse(text) == interval), "")
