"""Identity files: read strictly, and only of tables, concepts and rows that the forms really give."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from jixiao.checks import LAST, OWN, SIDED, TYPED, Identity, Outcome, check, load
from jixiao.intake import alike
from jixiao.intake import load as load_forms
from jixiao.model import DefinitionError, Fact, Source
from tests.checks.written_tables import Written

HEAD = """
tables: {总表: 公开-收入支出决算总表}
tolerance: {step: 0.01, most: 0.05}
reference: {title: 某办法}
identities:
"""
GOOD = "  - {id: 甲, title: 总计相等, left: 总表.收入总计, right: 总表.支出总计}\n"
FORMS = {form.id: form for form in load_forms(())}


def _write(folder: Path, text: str) -> Path:
    (folder / "identities").mkdir()
    (folder / "identities" / "own.yaml").write_text(text, "utf-8")
    return folder


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        (
            HEAD + "  - {id: 甲, title: 乙, left: 总表.收入总计, right: 总表.支出总计, lefft: 1}\n",
            6,
            "未知的键“lefft”",
        ),
        (HEAD + "  - {id: 甲, title: 乙, left: 总表.收入总计}\n", 6, "缺少键“right”"),
        (
            HEAD + "  - {id: 甲, title: 乙, left: 总表.收入总计, left: 总表.收入总计, right: 0}\n",
            6,
            "键“left”重复",
        ),
        (HEAD + GOOD + GOOD, 7, "编号“甲”重复"),
        (HEAD + GOOD.replace("收入总计", "收入总记"), 6, "是否指“收入总计”"),
        (HEAD + GOOD.replace("总表.支出", "别表.支出"), 6, "没有在 tables 中写明“别表”"),
        (
            HEAD + GOOD.replace("总表.支出总计", "总表.支出总计 * 总表.收入总计"),
            6,
            "只能由名称用 + 和 - 连接",
        ),
        (HEAD + GOOD.replace("总表.支出总计", "总表.支出总计 * 0.3"), 6, "倒数是有限小数"),
        (HEAD + GOOD.replace("}", ", when: 总表.收入总计}"), 6, "when 应为条件"),
        (HEAD + GOOD.replace("}", ", when: 没有 > 0}"), 6, "when 中的"),
        (HEAD + GOOD.replace("总表.支出总计", "5 + 总表.支出总计"), 6, "只能单独作为一方"),
        (HEAD + GOOD.replace("总表.支出总计", "编制人数"), 6, "单位不同"),
        (HEAD + GOOD.replace("总表.支出总计", "sum(总表.lines.合计)"), 6, "未知的记录“lines”"),
        (HEAD + GOOD.replace("总表.支出总计", '"sum(总表.functions[upper].合计)"'), 6, "看不懂条件“upper”"),
        (
            HEAD + GOOD.replace("总表.支出总计", '"sum(总表.functions[under].合计)"'),
            6,
            "只能与 each 一起使用",
        ),
        (HEAD + GOOD.replace("}", ", relation: <}"), 6, "relation 应为"),
        (HEAD + GOOD.replace("}", ", level: fatal}"), 6, "level 应为"),
        (HEAD + GOOD.replace("}", ", optional: [总表.其他收入]}"), 6, "不在左方或右方"),
        (HEAD + GOOD.replace("}", ", unless: 总表.没有}"), 6, "unless 中的"),
        (HEAD + GOOD.replace("}", ", tolerance: {step: -1, most: 1}}"), 6, "step 应为不小于 0 的数"),
        (HEAD.replace("tables: {", "tables: {空表: 科目余额表, ") + GOOD, 2, "“空表”没有用到"),
        (HEAD.replace("reference", "referense") + GOOD, 4, "未知的键“referense”"),
        (HEAD.replace("决算总表", "决算表") + GOOD, 2, "没有标识为“公开-收入支出决算表”的表样"),
        (HEAD.replace("决算总表", "决算表") + GOOD, 2, "是否指“公开-收入支出决算总表”"),
        (HEAD.replace("公开-", "上年:公开") + GOOD, 2, "是否指“上年:公开-收入支出决算总表”"),
        (HEAD.replace("总表}", "总表, 空表: 没有的表}") + GOOD, 2, "“空表”：没有标识为“没有的表”的表样"),
        (
            HEAD.replace("公开-收入支出决算总表", "[公开-收入支出决算总表, 公开-收支总表]") + GOOD,
            2,
            "“公开-收支总表”",
        ),
    ],
)
def test_mistake_is_an_error_with_file_and_line(tmp_path: Path, text: str, line: int, said: str) -> None:
    with pytest.raises(DefinitionError) as caught:
        load([_write(tmp_path, text)], FORMS)
    assert caught.value.where == "own.yaml"
    assert caught.value.line == line
    assert said in str(caught.value)


def test_own_identity_replaces_the_shipped_one_and_own_authority_comes_first(tmp_path: Path) -> None:
    text = (
        "authority: [三定方案]\n"
        + HEAD
        + GOOD.replace("甲", "公开I1.3").replace("}", ", tolerance: {percent: 10}}")
    )
    made = load([_write(tmp_path, text)], FORMS)
    assert len(made.identities) == len(load().identities)
    assert made.authority[0] == "三定方案"
    written = Written()
    form = "公开-收入支出决算总表"
    written.fact(form, "收入总计", 100)
    written.fact(form, "支出总计", 90)
    (found,) = [
        one for one in check(written.facts, definitions=[tmp_path], forms=FORMS) if one.title == "总计相等"
    ]
    assert found.outcome is Outcome.TAIL and found.tolerance == 10
    written.facts.facts[1] = written.fact(form, "支出总计", "89.99")
    assert [
        one.outcome
        for one in check(written.facts, definitions=[tmp_path], forms=FORMS)
        if one.title == "总计相等"
    ] == [Outcome.FAILS]


def test_every_identity_names_its_basis() -> None:
    for one in load().identities:
        assert one.reference is not None and "《" in one.reference.line(), one.id


@pytest.mark.parametrize("identity", load().identities, ids=lambda one: f"{one.id} {one.title}")
def test_tables_give_what_the_identity_takes(identity: Identity) -> None:
    for operand in identity.operands:
        table = identity.each.table if operand.own and identity.each else operand.table
        kind = identity.each.kind if operand.own and identity.each else operand.kind
        for ident in identity.tables.get(table, ()):
            if ident in (TYPED, OWN, f"{LAST}*"):
                continue
            form = FORMS[ident.removeprefix(LAST)]
            if kind:
                rows = [block.rows for block in form.blocks if block.rows and block.rows.kind == kind]
                assert rows, f"{ident} keeps no {kind}"
                field = SIDED.get(operand.name, operand.name) or "name"
                assert field == "name" or any(field in dict(one.fields) for one in rows), (
                    f"{ident} has no {field}"
                )
            else:
                given = {name for block in form.blocks for line in block.lines for _, name in line.facts}
                same = [Fact(name, Decimal(0), Source("表")) for name in given]
                given |= {fact.name for fact in alike(same)[0]}
                assert operand.name in given, f"{ident} does not give {operand.name}"
            assert {test.field for test in operand.where.tests} <= {"code", "name", "level"}


def test_authority_names_documents_that_forms_have() -> None:
    assert set(load().authority) <= {form.document for form in FORMS.values()}
