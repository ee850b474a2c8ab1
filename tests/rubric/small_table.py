"""A small definition as text, and the same with one thing changed: for tests of loading and of the lint."""

from __future__ import annotations

from jixiao.model import read_yaml
from jixiao.rubric import Rubric, read_rubric
from tests.properties.nets import concepts, tables

NAMES = {
    "收入": "万元",
    "支出": "万元",
    "计划": "万元",
    "问题数": "件",
    "满意度": "分",
    "报送日期": "日期",
    "说明文字": "文字",
}
TEXT = """\
id: small-2022
title: 评分表
name: 小评分表
jurisdiction: 某县
year: 2022
reference: {title: 通知, number: 某财〔2022〕1号}
grades:
  bands: {"[90,)": 优, "[60,90)": 中, "(,60)": 差}
  reference: {title: 办法, number: 某财〔2020〕1号}
facts:
  - {name: 收入, from: [财决01-1表]}
  - {name: 支出}
quantities:
  - {name: 支出率, unit: "%", value: 支出 / 收入, zero: 待核定}
levels:
  - title: 执行
    weight: 60
    levels:
      - title: 支出
        weight: 60
        indicators:
          - id: spending
            title: 支出完成
            weight: 40
            description: 看支出
            reference: {article: 第一条}
            rule: {kind: bands, full: 40, x: 支出率, bands: {"[90%,)": 40, "[0,90%)": 0}}
          - id: filing
            title: 申报
            weight: 20
            description: 看申报
            reference: {article: 第二条}
            rule:
              kind: sum
              full: 20
              parts:
                - {kind: point, full: 8, title: 按时}
                - {kind: level, full: 12, title: 质量, options: {好: 12, 差: 0}, applies: true}
  - title: 效果
    weight: 40
    levels:
      - title: 满意
        weight: 40
        indicators:
          - id: satisfaction
            title: 满意情况
            weight: 40
            description: 看满意
            reference: {article: 第三条}
            rule: {kind: score, full: 40, x: 满意度}
moves:
  - {from: 申报_2, to: [申报_1], reason: 没有质量要求}
decisions:
  - {about: 申报, says: 没有写清, decided: 按时为准, reason: 上下文}
"""


def text(*changes: tuple[str, str]) -> str:
    """The definition with some pieces replaced; a piece must stand in it exactly once."""
    made = TEXT
    for old, new in changes:
        assert made.count(old) == 1, (old, made.count(old))
        made = made.replace(old, new)
    return made


def read(*changes: tuple[str, str]) -> Rubric:
    """The rubric of the definition with some pieces replaced."""
    return read_rubric(read_yaml(text(*changes), "例.yaml"), concepts(NAMES), tables())


def line_of(changed: str, piece: str) -> int:
    """The line of a text on which a piece stands."""
    return changed[: changed.index(piece)].count("\n") + 1
