"""Chinese official text: normalising, numerals, list numbering, quantities with unit and period, dates, targets.

Every room asks here. The grammar of targets, and the lexer below other grammars, load lark when first used.
"""

from __future__ import annotations

from jixiao.text.dates import EPOCH, Period, dated, of_serial, read_date, read_periods, serial
from jixiao.text.display import shown, shown_amount, shown_rate, shown_rates
from jixiao.text.normalise import (
    WIDE_STOPS,
    bare,
    label_key,
    letter_by_letter,
    letters,
    narrow,
    one_bracket,
    one_dash,
    uncoded,
    unquoted,
    unspaced,
)
from jixiao.text.notation import LONGEST, Rewrite, figures, notation, ranges, rewritten
from jixiao.text.numbering import LISTS, Mark, mark_at, marks, numbered, unnumbered
from jixiao.text.numbers import denoise, from_float, from_machine
from jixiao.text.numerals import COUNTING, count, number, numeral
from jixiao.text.quantity import (
    BLANK,
    NIL,
    NO_UNIT,
    TOO_LARGE,
    Found,
    Kind,
    Measured,
    Quantity,
    State,
    find_quantities,
    kind_of,
    measured,
    read_quantity,
)
from jixiao.text.target import Target, TargetKind, read_target
from jixiao.text.units import AMOUNT_UNITS, OF_CELLS, UNITS, Sort, Unit, convert, unit_pattern, units_of
from jixiao.text.words import affirmed, denies, goes_wrong, named_bodies, take_precondition

__all__ = [
    "AMOUNT_UNITS",
    "BLANK",
    "COUNTING",
    "EPOCH",
    "LISTS",
    "LONGEST",
    "NIL",
    "NO_UNIT",
    "OF_CELLS",
    "TOO_LARGE",
    "UNITS",
    "WIDE_STOPS",
    "Found",
    "Kind",
    "Mark",
    "Measured",
    "Period",
    "Quantity",
    "Rewrite",
    "Sort",
    "State",
    "Target",
    "TargetKind",
    "Unit",
    "affirmed",
    "bare",
    "convert",
    "count",
    "dated",
    "denies",
    "denoise",
    "figures",
    "find_quantities",
    "from_float",
    "from_machine",
    "goes_wrong",
    "kind_of",
    "label_key",
    "letter_by_letter",
    "letters",
    "mark_at",
    "marks",
    "measured",
    "named_bodies",
    "narrow",
    "notation",
    "number",
    "numbered",
    "numeral",
    "of_serial",
    "one_bracket",
    "one_dash",
    "ranges",
    "read_date",
    "read_periods",
    "read_quantity",
    "read_target",
    "rewritten",
    "serial",
    "shown",
    "shown_amount",
    "shown_rate",
    "shown_rates",
    "take_precondition",
    "uncoded",
    "unit_pattern",
    "units_of",
    "unnumbered",
    "unquoted",
    "unspaced",
]
