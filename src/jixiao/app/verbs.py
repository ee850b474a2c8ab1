"""The bodies of the verbs: call the pipeline, print, leave the exit code. Scoring has a file of its own."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from jixiao import pipeline
from jixiao.app.score import say_changes, say_totals
from jixiao.app.terminal import (
    Column,
    Progress,
    Table,
    hanging,
    json_text,
    printable,
    say,
    say_findings,
    say_json,
    terminal_width,
)
from jixiao.model import FindingKind, Findings, Refused, UsageStop, plain

if TYPE_CHECKING:
    from jixiao.checks import Checked, Side
    from jixiao.model import Fact
    from jixiao.verify import Verified


def known_file(name: str) -> None:
    """UsageStop where a definition file is named that is not there."""
    if name.endswith((".yaml", ".yml")) and not Path(name).is_file():
        raise UsageStop("J821", name=name)


def new(
    rubric: str,
    book: Path,
    unit: str,
    year: str,
    definitions: Sequence[Path],
    *,
    projects: int | None = None,
    form: str = "",
    last: Path | None = None,
) -> int:
    """Make an empty scoring workbook, or next year's from this year's."""
    if last is not None:
        tables = {"definitions": definitions, "projects": projects, "form": form}
        return _next_year(rubric, book, unit, year, tables, last)
    if not rubric:
        raise UsageStop("J810", what="“评分表”", usage="jixiao new 评分表 -o 评分簿.xlsx")
    known_file(rubric)
    if form:
        from jixiao.rubric.shelf import forms

        known = forms(definitions)
        if form not in known:
            raise UsageStop("J827", name=form, known="、".join(known))
    if projects or form:
        asked = pipeline.rubric(rubric, definitions).self_tables
        if asked.main is not None and not asked.figures:
            raise UsageStop("J828", rubric=rubric)
    with Progress() as progress:
        progress("生成评分簿")
        pipeline.new(
            rubric, book, unit=unit, year=year, definitions=definitions, projects=projects, form=form
        )
    say(f"已新建评分簿 {book}（{rubric}）")
    say_findings(pipeline.suits(rubric, unit=unit, year=year, definitions=definitions))
    say(f"下一步：jixiao fill {book} 决算报表.xlsx …")
    return 0


def _next_year(rubric: str, book: Path, unit: str, year: str, tables: dict[str, Any], last: Path) -> int:
    if rubric:
        known_file(rubric)
    with Progress() as progress:
        progress("由上年的评分簿新建")
        found = pipeline.new_from(last, book, rubric, unit=unit, year=year, **tables)
    say(f"已由 {last} 新建评分簿 {book}")
    say_findings(found)
    say(f"下一步：jixiao fill {book} 决算报表.xlsx …")
    return 0


def fill(
    book: Path,
    sources: Sequence[Path],
    facts: Path | None,
    none: Sequence[str],
    definitions: Sequence[Path],
    as_json: bool,
    ask: bool = False,
    own: bool = False,
) -> int:
    """Bring tables and named facts into a workbook; ``ask`` for what is then still missing."""
    if ask and not (sources or facts or none or own):
        return ask_facts(book)
    if not sources and facts is None and not none and not own:
        raise UsageStop(
            "J810", what="参数“来源”（或选项“--facts”）", usage="jixiao fill 评分簿 来源... [选项]"
        )
    with Progress() as progress:
        done = pipeline.fill(
            book, sources, facts_file=facts, none=none, own=own, definitions=definitions, say=progress
        )
    card = done.card
    if ask:
        say_filled(book, done)
        return ask_facts(book)
    if as_json:
        say_json(
            {
                "facts": done.facts,
                "sheets": done.sheets,
                "backup": done.backup.name if done.backup else None,
                "total": card.data()["total"] if card else None,
                "rule_total": card.data()["rule_total"] if card else None,
                "grade": card.grade if card else None,
                "changes": card.data()["changes"] if card else [],
                "findings": pipeline.as_data(done.findings),
            }
        )
        return 0
    say_filled(book, done)
    return 0


def say_filled(book: Path, done: pipeline.FillResult) -> None:
    """What a fill did."""
    kept = f"，原文件备份为 {done.backup.name}" if done.backup else ""
    say(f"已写入 {book}：取得 {done.facts} 个数，带入 {done.sheets} 张表{kept}")
    if done.card is not None:
        say_totals(done.card)
        say_changes(done.card)
    say_findings(done.findings)


def ask_facts(book: Path) -> int:
    """Ask for what is still missing, one after the other, and bring it in."""
    from jixiao.app.dialogue import facts_asked

    given = facts_asked(pipeline.wanting(book))
    if not given:
        say("没有填写")
        return 0
    say_filled(book, pipeline.fill(book, [], asked=given))
    return 0


def check(
    book: Path,
    as_json: bool,
    definitions: Sequence[Path] = (),
    previous: Sequence[Path] = (),
    *,
    every: bool = False,
) -> int:
    """Cross-checks and findings of a workbook, also against the year before; ``every`` one, not only what is wrong."""
    with Progress() as progress:
        progress("勾稽核对")
        made, findings = pipeline.check(book, definitions=definitions, previous=previous)
    if as_json:
        say_json({"checks": [check_data(item) for item in made], "findings": pipeline.as_data(findings)})
    else:
        say_checks(made, findings, every=every)
        if not findings:
            say("没有发现问题")
    return 1 if findings.errors else 0


def say_checks(made: Sequence[Checked], findings: Findings, *, every: bool = False) -> None:
    """How many checks hold, and what was found, which is where those that do not are told.

    ``every``: all of them as a table first, failing ones at its head, and how doubts about the rubric's own text were decided,
    which is the same at every run.
    """
    _say_table(made, every=every)
    decided = [finding for finding in findings if FindingKind.DECIDED in finding.kinds]
    say_findings(finding for finding in findings if every or finding not in decided)
    if decided and not every:
        say(f"评分表文字的{len(decided)}处取舍不逐条列出，用 --all 或 jixiao rubric lint 查看")


def _say_table(made: Sequence[Checked], *, every: bool) -> None:
    from jixiao.checks import Outcome

    order = (Outcome.FAILS, Outcome.TAIL, Outcome.HOLDS, Outcome.UNCHECKED)
    absent = [item for item in made if item.outcome is Outcome.UNCHECKED and item.absent]
    shown = sorted((item for item in made if item not in absent), key=lambda item: order.index(item.outcome))
    counts = "，".join(f"{kind.value} {n}" for kind in order if (n := sum(i.outcome is kind for i in shown)))
    say(f"勾稽 {len(shown)} 项：{counts}" if shown else "没有可核对的勾稽关系，请先用 jixiao fill 导入表格")
    table = Table(
        [
            Column("编号"),
            Column("核对内容", share=4),
            Column("左方", share=4),
            Column("右方", share=4),
            Column("差额", right=True),
            Column("结论"),
        ]
    )
    for item in shown:
        table.row(
            item.id,
            item.title,
            _side_or_gap(item.left, item),
            _side_or_gap(item.right, item),
            _figure(item.difference, item.unit if item.unit == "%" else ""),
            item.outcome.value,
        )
    if shown and every:
        say(table.draw(terminal_width()))
    if absent:
        tables = "、".join(dict.fromkeys(item.absent for item in absent))
        say(hanging(f"另有 {len(absent)} 项没有相应的表格，未核对：{tables}", terminal_width()))
    say()


def check_data(item: Checked) -> dict[str, Any]:
    """One check as plain data; amounts are exact texts in the unit named."""
    return {
        "id": item.id,
        "title": item.title,
        "left": _side_data(item.left),
        "right": _side_data(item.right),
        "relation": item.relation,
        "difference": _text(item.difference),
        "tolerance": _text(item.tolerance),
        "unit": item.unit,
        "level": item.level.value,
        "outcome": item.outcome.value,
        "missing": item.missing,
        "absent": item.absent,
        "reference": item.reference,
    }


def _side_data(side: Side) -> dict[str, Any]:
    sources = [term.fact.source for term in side.terms]
    return {
        "text": side.text,
        "value": _text(side.value),
        "sources": [{"file": s.file, "sheet": s.sheet, "cell": s.cell, "label": s.label} for s in sources],
    }


def _side(side: Side, unit: str) -> str:
    return f"{_figure(side.value, unit)} {side.text}"


def _side_or_gap(side: Side, item: Checked) -> str:
    """A side with its figure, or what is missing of it."""
    return f"缺：{item.missing}" if item.missing and not side.terms else _side(side, item.unit)


def _figure(value: Decimal | None, unit: str) -> str:
    if value is not None and unit == "%":
        return f"{number(value * 100)}%"
    return f"{number(value)}{unit if value is not None else ''}"


def number(value: Decimal | None) -> str:
    """A number as a table of the terminal shows it."""
    return "-" if value is None else plain(value)


def _text(value: Decimal | None) -> str | None:
    return None if value is None else number(value)


def verify(
    books: Sequence[Path],
    engine: str,
    shape: str,
    definitions: Sequence[Path] = (),
    *,
    kept: str = "",
    public_key: Path | None = None,
    ask_excel: bool = False,
    target: Path | None = None,
    answers: Path | None = None,
) -> int:
    """Prove workbooks; 1 where one is not proved, or the exit code of one that could not be opened.

    ``target`` holds what ``shape`` asks for, always in UTF-8, and the screen then the text.
    ``ask_excel`` and ``answers`` are about no workbook: they put the open questions to an Excel.
    """
    if ask_excel or answers is not None:
        return _excel(books, target, answers, as_json=shape == "json", ask=ask_excel)
    if not books:
        raise UsageStop("J810", what="参数“评分簿”", usage="jixiao verify 评分簿... [选项]")
    from jixiao.office import check_writable, save_new
    from jixiao.verify import as_data, as_junit, as_text

    if target is not None:
        if target.resolve() in {book.resolve() for book in books}:
            raise UsageStop("J889", name=target.name)
        check_writable(target)
    with Progress() as progress:
        made = pipeline.verify(
            books, engines=(engine,), definitions=definitions, kept=kept, public_key=public_key, say=progress
        )
    forms = {
        "json": lambda: json_text(as_data(made)),
        "junit": lambda: as_junit(made),
        "text": lambda: as_text(made),
    }
    if target is not None:
        save_new(target, forms[shape]().encode("utf-8"), overwrite=True)
        say_verified(made)
        say(f"已写入 {target}")
    elif shape == "text":
        say_verified(made)
    else:
        say(forms[shape]().rstrip("\n"))
    return max(exit_of(item) for item in made)


def _excel(
    books: Sequence[Path], target: Path | None, answers: Path | None, *, as_json: bool, ask: bool
) -> int:
    """Write the workbook that asks Excel, or read what Excel answered; 1 where it is not as we hold."""
    if books or ask == (answers is not None) or ask != (target is not None):
        raise UsageStop("J829")
    if target is not None:
        pipeline.ask_excel(target)
        say(f"已写入 {target}：请用 Excel 打开、保存后发回，再用 jixiao verify --answers {target.name} 核对")
        return 0
    assert answers is not None
    made = pipeline.read_answers(answers)
    if as_json:
        say_json(made.data())
    else:
        say(
            f"{answers.name}：共问 {made.asked} 项，Excel 所答与本软件、各引擎一致，可以销去 {len(made.closed)} 项"
        )
        say_findings(made.findings)
    return 1 if made.findings.errors else 0


def seal(book: Path, target: Path | None, key: Path | None, *, as_json: bool) -> int:
    """Print and file the digest of a workbook."""
    file = target or book.with_name(f"{book.stem}.封存.json")
    made = pipeline.seal(
        book, file, key=key, ask=lambda: str(click.prompt("私钥的口令", hide_input=True, err=True))
    )
    if as_json:
        say_json(made.data() | {"short": made.short})
        return 0
    changed = f"，手工改动 {made.changes} 处" if made.changes else ""
    say(f"封存摘要 {made.short}")
    say(
        f"  {made.unit or '（未填单位）'} {made.year} 年度，{made.rubric}，总分 {made.total}，等级 {made.grade}{changed}"
    )
    say(f"  {'，'.join(f'{name} {text[:8]}' for name, text in made.groups.items())}")
    signed = "（已签名）" if made.signature else ""
    say(f"已写入 {file}{signed}，请交收件机关保存；核对用 jixiao verify --seal {file.name} {book.name}")
    return 0


def say_verified(made: Sequence[Verified]) -> None:
    """What was proved of each workbook, wrapped to the terminal; one that could not be opened is a line on stderr."""
    from jixiao.verify import as_text

    columns = terminal_width()
    for item in made:
        if item.exit_code:
            for finding in item.findings:
                sys.stderr.write(f"{printable(finding.line())}\n")
            continue
        for line in as_text([item]).splitlines():
            say(hanging(line, columns))
    if len(made) > 1:
        say(f"共 {len(made)} 个评分簿，核验通过 {sum(item.proved for item in made)} 个")


def exit_of(item: Verified) -> int:
    """The exit code that one workbook asks for."""
    return item.exit_code or (0 if item.proved else 1)


def plain_findings(*groups: Findings) -> Findings:
    """Findings of several steps, each once."""
    seen = {finding.line(): finding for group in groups for finding in group}
    return Findings(list(seen.values()))


def show(book: Path, name: str, source: Path | None, target: Path | None, as_json: bool) -> int:
    """Where a fact stands, in words and as a picture of its printed place."""
    made = pipeline.show(book, name, source)
    if target is not None:
        if made.picture is None:
            raise Refused("J891", name=name, why=made.why)
        from jixiao.office import save_new

        save_new(target, made.picture)
    if as_json:
        places = [_place_data(fact) for fact in made.found]
        value = shown_value(made.value)
        picture = None if target is None else str(target)
        say_json(
            {
                "name": name,
                "value": value,
                "unit": made.unit,
                "places": places,
                "picture": picture,
                "why": made.why,
            }
        )
        return 0
    say(f"{name}：{shown_value(made.value) or '未取得'}{made.unit if made.value is not None else ''}")
    for fact in made.found:
        where = fact.source.place()
        if fact.source.box:
            _, left, top, _, _ = fact.source.box
            where += f"，在这一页距左边 {left * MM:.0f} 毫米、距上边 {top * MM:.0f} 毫米处"
        say(hanging(f"- {shown_value(fact.value)}：{where}；原文“{fact.raw}”", terminal_width()))
    if target is not None:
        say(f"已写出这一处的图：{target}")
    elif made.picture is not None:
        say("加上 -o 图.png 写出原文件这一处的图")
    elif any(fact.source.box for fact in made.found):
        say(f"没有图：{made.why}")
    return 0


MM = 25.4 / 72
"""Of a point."""


def shown_value(value: object) -> str | None:
    """A figure as text, None where there is none."""
    return plain(value) if isinstance(value, Decimal) else None if value is None else str(value)


def _place_data(fact: Fact) -> dict[str, Any]:
    source = fact.source
    made = {name: getattr(source, name) for name in ("file", "sheet", "cell", "label")}
    return {"value": shown_value(fact.value), "raw": fact.raw, **made, "box": list(source.box)}
