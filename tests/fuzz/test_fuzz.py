"""Five parsers under damaged and invented input: an answer or a Stop in one line, never another exception.

A handful of examples in every run, the same each time; ``make fuzz`` (JIXIAO_FUZZ=5000) takes new ones.
"""

from __future__ import annotations

import io
import os
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import jixiao
from conformance import run
from jixiao import pipeline
from jixiao.authoring import read_criteria
from jixiao.model import DefinitionError, Expr, ParseError, Stop, parse
from jixiao.rubric import shipped
from jixiao.text import State, read_quantity

MANY = int(os.environ.get("JIXIAO_FUZZ", "0"))
SPECIMENS = Path(__file__).parents[2] / "workbooks" / "specimens" / "suixi-2022"
FILES = {file.name: file.read_bytes() for file in sorted(SPECIMENS.iterdir()) if file.suffix != ".yaml"}
RUBRIC = shipped(())["suixi-2022"].read_text("utf-8")
SENTENCES = [case.request["text"] for case in run.suite(["criteria"])]
WORDS = "0123456789.,%－-—～~()（）[]≥≤＜＞=×÷/+*“”《》、，。；：\n \t万元亿个百分点分得扣每超过低于高以上下内含不足满完成率预算决算是否或且且年月日次件项"


def thorough(few: int) -> settings:
    """So many examples in an ordinary run, and as many as were asked for otherwise."""
    return settings(max_examples=MANY or few, derandomize=not MANY, deadline=None)


def damaged(whole: bytes) -> st.SearchStrategy[bytes]:
    """Bytes with a few places overwritten, taken out, doubled, or cut off behind."""
    place = st.integers(0, max(len(whole) - 1, 0))
    hurt = st.tuples(place, st.integers(0, 40), st.binary(max_size=12))

    def apply(hurts: list[tuple[int, int, bytes]]) -> bytes:
        made = bytearray(whole)
        for start, length, put in hurts:
            made[start : start + length] = put
        return bytes(made)

    return st.lists(hurt, min_size=1, max_size=4).map(apply)


@st.composite
def files(draw: st.DrawFn) -> tuple[str, bytes]:
    """A source file, damaged as a whole or inside one part of its package."""
    name = draw(st.sampled_from(sorted(FILES)))
    whole = FILES[name]
    if not name.endswith(".xlsx") or draw(st.booleans()):
        return name, draw(damaged(whole))
    with zipfile.ZipFile(io.BytesIO(whole)) as package:
        parts = {entry: package.read(entry) for entry in package.namelist()}
    hit = draw(st.sampled_from(sorted(parts)))
    parts[hit] = draw(damaged(parts[hit]))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for entry, data in parts.items():
            package.writestr(entry, data)
    return name, out.getvalue()


@thorough(25)
@given(made=files())
def test_a_damaged_file_is_read_or_refused(
    made: tuple[str, bytes], tmp_path_factory: pytest.TempPathFactory
) -> None:
    name, data = made
    path = tmp_path_factory.mktemp("fuzz") / name
    path.write_bytes(data)
    try:
        facts = list(jixiao.read(path))
    except Stop as stop:
        facts, told = [], stop.finding.line()
    else:
        told = ""
    assert "\n" not in told and all(fact.value is not None for fact in facts)


@st.composite
def sentences(draw: st.DrawFn) -> str:
    """Pieces of known sentences and of anything else, put together."""
    pieces = draw(st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=3))
    cuts = [draw(st.tuples(st.integers(0, len(one)), st.integers(0, len(one)))) for one in pieces]
    parts = [one[min(cut) : max(cut)] for one, cut in zip(pieces, cuts, strict=True)]
    return draw(st.text(WORDS, max_size=8)).join(parts)


@thorough(120)
@given(
    text=sentences(),
    full=st.sampled_from((1, 2, 5, 10)),
    value=st.sampled_from(("90%", "3", "是", "-5%", "100%")),
)
def test_any_sentence_is_read_within_its_points_or_asked_about(text: str, full: int, value: str) -> None:
    made = read_criteria(text, Decimal(full))
    points = made.points_at(value)
    assert made.understood or made.questions
    assert points is None or not made.understood or points <= full


@thorough(25)
@given(data=damaged(RUBRIC.encode()))
def test_a_damaged_definition_is_loaded_or_refused(
    data: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    file = tmp_path_factory.mktemp("fuzz") / "定义.yaml"
    file.write_bytes(data)
    try:
        weights = {first.weight for first in pipeline.rubric(str(file)).firsts}
    except (Stop, DefinitionError):
        weights = set()
    assert all(weight > 0 for weight in weights)


@thorough(300)
@given(
    text=st.one_of(st.text(WORDS, max_size=16), st.text(max_size=16)),
    shown=st.sampled_from(("number", "percent", "date")),
)
def test_any_text_is_a_quantity_or_none(text: str, shown: str) -> None:
    read = read_quantity(text, shown=shown)
    assert isinstance(read.state, State)
    assert read.base is None or read.base.is_finite()


TOKENS = ("甲", "乙.丙", "1", "0.5", "12.5", "+", "-", "*", "/", "(", ")", "==", "<", ">=", "and", "or", "not", "if", "else",
          "abs", "min", "max", "round", ",", "“", "'x'", "[", "]", "**", "lambda:0", "__import__('os')", ":", ".")  # fmt: skip


@thorough(300)
@given(words=st.lists(st.sampled_from(TOKENS), max_size=14), raw=st.text(max_size=10))
def test_any_expression_is_parsed_or_refused(words: list[str], raw: str) -> None:
    for text in (" ".join(words), raw):
        try:
            made = parse(text)
        except ParseError:
            continue
        assert isinstance(made, Expr) and "import" not in made.formula(str)
