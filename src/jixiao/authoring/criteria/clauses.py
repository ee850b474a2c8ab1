"""What the grammar finds in a criteria text: nodes with the tokens that they stand on, no meaning for the points yet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum

from jixiao.model import half_up


class Side(IntEnum):
    """How an end of a range says whether it belongs to the range; the stronger word wins where two ranges meet."""

    OUT = 0  # said: >, 低于, （不含）
    HALF = 1  # the other end is marked （含） and this one is not
    END = 2  # 90%—95% without a word
    LAW = 3  # 以上, 以下, 以内 hold the figure itself (民法典 第1259条)
    IN = 4  # said: ≥, 达到, （含）, 及以上


@dataclass(frozen=True, slots=True)
class Figure:
    """A value of the quantity, in the base unit of ``unit``; ``point``: a percentage point."""

    value: Decimal
    unit: str
    point: bool = False


@dataclass(frozen=True, slots=True)
class Token:
    """A word of the text from letter ``start`` to ``end``; a figure, or the one inside （含90%）, as in ``Figure``."""

    kind: str
    text: str
    start: int
    end: int
    value: Decimal | None = None
    unit: str = ""
    point: bool = False

    @property
    def endless(self) -> bool:
        """A third: a share of points, and no figure of a quantity."""
        return self.value is not None and int(self.value.as_tuple().exponent) < -20


@dataclass(frozen=True, slots=True)
class Range:
    """Values of a quantity: the subject before them, words behind and what the figure is taken ``of``, as written.

    ``bare``: one figure, nothing beside it. ``around``: the distance from zero or a target, both ways (±5%).
    ``absolute``: the text takes the absolute value.
    """

    low: Decimal | None
    low_side: Side
    high: Decimal | None
    high_side: Side
    unit: str
    subject: str = ""
    tail: str = ""
    of: str = ""
    bare: bool = False
    around: bool = False
    absolute: bool = False
    point: bool = False

    @property
    def exact(self) -> Decimal | None:
        """The one figure that the range consists of."""
        return self.low if self.low is not None and self.low == self.high else None

    @property
    def ends(self) -> list[Decimal]:
        """The figures at its ends."""
        return [end for end in (self.low, self.high) if end is not None]

    @property
    def text(self) -> str:
        """Its words without the figure."""
        return self.subject + self.tail


@dataclass(frozen=True, slots=True)
class Fact:
    """Words that hold or do not; ``left`` ``op`` ``right``: two figures of the table compared."""

    text: str
    left: str = ""
    op: str = ""
    right: str = ""


Condition = tuple["Range | Fact", ...]
"""All of them hold."""


@dataclass(frozen=True, slots=True)
class Points:
    """Points, or a ``share`` of the full ones."""

    points: Decimal | None = None
    share: Decimal | None = None

    def worth(self, full: Decimal) -> Decimal:
        """The points, of ``full`` ones."""
        if self.points is not None:
            return self.points
        made = half_up(full * (self.share or Decimal(0)), 8)
        return made if made == half_up(made, 4) else half_up(made, 2)  # a third of 5 points: 1.67


@dataclass(frozen=True, slots=True)
class Given(Points):
    """They are given; ``vague``: 一票否决, without saying of what."""

    vague: bool = False


@dataclass(frozen=True, slots=True)
class Change(Points):
    """They are taken off (``sign`` -1) or added (1)."""

    sign: int = -1


@dataclass(frozen=True, slots=True)
class Kept:
    """不扣分, 不加分: nothing changes there; ``gain``: it is an addition that is ruled out."""

    gain: bool


@dataclass(frozen=True, slots=True)
class Proportional:
    """按比例计分; ``deducts``: 按比例扣分. ``of`` names the rate where it is told."""

    deducts: bool
    of: str = ""


@dataclass(frozen=True, slots=True)
class Sum:
    """A formula: an operator (plus, minus, times, over, abs) with its sides, a name, a number, or the full points (full).

    ``name`` is that of a quantity, or the unit of a number.
    """

    op: str
    sides: tuple[Sum, ...] = ()
    name: str = ""
    value: Decimal | None = None

    def names(self) -> Iterator[str]:
        """All quantities, in the order of the text."""
        if self.op == "name":
            yield self.name
        for side in self.sides:
            yield from side.names()

    def divides(self) -> bool:
        """Whether a named quantity is divided by a named one."""
        own = self.op == "over" and any(self.sides[1].names()) and any(self.sides[0].names())
        return own or any(side.divides() for side in self.sides)


@dataclass(frozen=True, slots=True)
class Formula:
    """得分=…: the formula of the points."""

    sum: Sum


@dataclass(frozen=True, slots=True)
class Linear:
    """中间采用线性插值法."""


@dataclass(frozen=True, slots=True)
class Judged:
    """酌情, 视情况, a range of points or (``share``) of shares of the full points: a person decides.

    ``sides`` are those of the least and the most.
    """

    least: Decimal | None = None
    most: Decimal | None = None
    share: bool = False
    sides: tuple[Side, Side] = (Side.END, Side.END)


Effect = Given | Change | Kept | Proportional | Formula | Linear | Judged


@dataclass(frozen=True, slots=True)
class Node:
    """From token ``start`` to ``end``."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Ruled(Node):
    """What holds under a condition: ``ways`` has one, or several joined by 或; none: it always holds."""

    ways: tuple[Condition, ...]

    @property
    def conds(self) -> list[Range | Fact]:
        """The parts of its conditions."""
        return [one for way in self.ways for one in way]

    @property
    def ranges(self) -> list[Range]:
        """Those that are ranges."""
        return [one for way in self.ways for one in way if isinstance(one, Range)]

    @property
    def facts(self) -> list[Fact]:
        """Those that are facts."""
        return [one for way in self.ways for one in way if isinstance(one, Fact)]


@dataclass(frozen=True, slots=True)
class Rule(Ruled):
    """A condition and what it gives. ``told`` is the token behind the condition, 0 where it stands behind what it gives."""

    effect: Effect
    told: int = 0

    @property
    def fact(self) -> str:
        """The facts of its condition in one: A且B或C."""
        joined = "或".join("且".join(one.text for one in way if isinstance(one, Fact)) for way in self.ways)
        return joined.removesuffix("的")


@dataclass(frozen=True, slots=True)
class Otherwise(Node):
    """否则, 其余: where no other condition holds."""

    effect: Effect


@dataclass(frozen=True, slots=True)
class Need(Node):
    """须提供…，否则…: what has to be there, or ``effect``."""

    what: str
    effect: Effect


@dataclass(frozen=True, slots=True)
class Either(Node):
    """或 between two ways of counting; ``words``: 两者择优, the better of all told here counts."""

    words: str = ""


@dataclass(frozen=True, slots=True)
class Step(Ruled):
    """每…扣…: ``way`` 1 up, -1 down, 2 both ways, 0 not said; ``origin`` where it counts from, if it is told beside it.

    ``event``: what is counted, where single things are (每发现一处); ``verb`` says the direction as written, ``beside`` what
    stands between it and the figure (每低于目标值1%). ``edge`` says whether a step just reached counts.
    """

    way: int
    each: Figure
    effect: Given | Change
    verb: str = "每"
    event: str = ""
    beside: str = ""
    edge: Side | None = None
    origin: Figure | None = None


@dataclass(frozen=True, slots=True)
class Cap(Node):
    """A limit: ``what`` is given, lost, rate, floor, started, whole or edges; ``most`` None: the full points.

    edges: 下限 belongs to a range, and 上限 does not.
    """

    what: str
    most: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Ceiling(Ruled):
    """执行率低于60%的，总分不超过79分: a limit of the whole table."""

    points: Decimal


@dataclass(frozen=True, slots=True)
class Base(Node):
    """以90%为基准."""

    figure: Figure


@dataclass(frozen=True, slots=True)
class Target(Node):
    """指标值：≥95%."""

    range: Range


@dataclass(frozen=True, slots=True)
class Defined(Node):
    """结余率=年末结余/收入×100%, or 完成率为X: how a quantity is computed, or called."""

    name: str
    sum: Sum | None


@dataclass(frozen=True, slots=True)
class Heading(Node):
    """评分标准：, 预算执行率：, 预算执行率（3分）：; ``points`` are those of what stands under it."""

    text: str
    points: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Words(Node):
    """A phrase without points of its own."""

    text: str


@dataclass(frozen=True, slots=True)
class Note(Node):
    """A remark that says nothing about the points."""


@dataclass(frozen=True, slots=True)
class Whole(Node):
    """本项满分5分: the full points said again."""

    points: Decimal


@dataclass(frozen=True, slots=True)
class Preface(Node):
    """共5项，每项1分 or 各占1分: how many things there are (None: those listed), and what each is worth, if it is told."""

    several: Decimal | None
    points: Decimal | None


@dataclass(frozen=True, slots=True)
class Item(Node):
    """(1), ①, 一是: the number of a point."""


@dataclass(frozen=True, slots=True)
class Stop(Node):
    """The end of a statement."""


@dataclass(frozen=True, slots=True)
class Unread(Node):
    """What fits no rule of the grammar; always asked about."""
