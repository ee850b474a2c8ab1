"""Model: the nouns all rooms share. In: nothing of other rooms; out: sources, facts, references, findings, expressions."""

from jixiao.model.concept import UNITS, Concept, concepts, meant, nearest, read_concept
from jixiao.model.expr.base import (
    DIGITS,
    MOST,
    NOT_APPLICABLE,
    OUTCOMES,
    PENDING,
    Cells,
    Env,
    Expr,
    ExprError,
    Value,
    Words,
    half_up,
    percent,
    plain,
)  # fmt: skip
from jixiao.model.expr.conditions import (
    Compare,
    Given,
    If,
    Is,
    IsNumber,
    Logic,
    guarded,
    guarded_for,
    is_condition,
)
from jixiao.model.expr.nodes import (
    Arith,
    Call,
    Const,
    Count,
    OrZero,
    Ratio,
    Ref,
    Round,
    Scoped,
    Total,
    Where,
    Whole,
)
from jixiao.model.expr.parse import ParseError, parse, syntax
from jixiao.model.expr.pieces import (
    MODES,
    WAYS,
    AtMost,
    Away,
    Balance,
    Between,
    Decided,
    Each,
    Every,
    Except,
    Guarded,
    Interval,
    Less,
    Line,
    Meant,
    Met,
    Pieces,
    Rate,
    Stepped,
    Tally,
    amount,
    gaps,
    overlap,
)  # fmt: skip
from jixiao.model.expr.text import FIRST_DAY, LAST_DAY, Say, Show, settled
from jixiao.model.fact import Fact, FactSet
from jixiao.model.files import FOLDER, NotRegular, read_regular
from jixiao.model.finding import (
    LEVEL_TITLES,
    Busy,
    CannotWrite,
    CatalogueEntry,
    Finding,
    FindingKind,
    Findings,
    Level,
    LimitReached,
    Refused,
    Stop,
    UsageStop,
    catalogue,
    make,
)
from jixiao.model.record import Record
from jixiao.model.reference import Reference, read_reference
from jixiao.model.source import Found, Source
from jixiao.model.strict import (
    MAX_DEFINITION,
    Body,
    DefinitionError,
    body_of,
    load_yaml,
    read_json,
    read_plain,
    read_yaml,
)

__all__ = [
    "DIGITS", "FIRST_DAY", "FOLDER", "LAST_DAY", "LEVEL_TITLES", "MAX_DEFINITION", "MODES", "MOST", "NOT_APPLICABLE",
    "OUTCOMES", "PENDING", "UNITS", "WAYS", "Arith", "AtMost", "Away", "Balance", "Between", "Body", "Busy",
    "Call", "CannotWrite", "CatalogueEntry", "Cells", "Compare", "Concept", "Const", "Count", "Decided",
    "DefinitionError", "Each", "Env", "Every", "Except", "Expr", "ExprError", "Fact", "FactSet", "Finding",
    "FindingKind", "Findings", "Found", "Given", "Guarded", "If", "Interval", "Is", "IsNumber", "Less",
    "Level", "LimitReached", "Line", "Logic", "Meant", "Met", "NotRegular", "OrZero", "ParseError", "Pieces", "Rate",
    "Ratio", "Record", "Ref", "Reference", "Refused", "Round", "Say", "Scoped", "Show", "Source", "Stepped",
    "Stop", "Tally", "Total", "UsageStop", "Value", "Where", "Whole", "Words", "amount", "body_of",
    "catalogue", "concepts", "gaps", "guarded", "guarded_for", "half_up", "is_condition", "load_yaml",
    "make", "meant", "nearest", "overlap", "parse", "percent", "plain", "read_concept", "read_json",
    "read_plain", "read_reference", "read_regular", "read_yaml", "settled", "syntax",
]  # fmt: skip
