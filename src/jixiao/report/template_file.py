"""The report in a place's own Word template: the names that it may use, and the template filled (``docxtpl_worker``).

The names and texts are those of the ordinary report: what a sentence may read, what people wrote (文字), its chapters (章节),
and the rows of its tables.
"""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

from jixiao.model import NOT_APPLICABLE, Refused, Source, UsageStop, Value, concepts, meant, plain
from jixiao.office import Package, load
from jixiao.report.material import Material
from jixiao.report.outline import Change, abouts, figures, row_units, told
from jixiao.report.parts import Heading, Paragraph, Report
from jixiao.report.phrasing import clean, written
from jixiao.report.tables import people_of
from jixiao.report.template import there
from jixiao.scoring import Scored
from jixiao.text import unnumbered

SECONDS = 30.0  # the worker ends itself after 10 seconds of work, where the system counts them
TEXTS, CHAPTERS, PROJECTS = "文字", "章节", "自评项目"
MADE = {
    TEXTS: "“文字”表中由人写的内容",
    CHAPTERS: "报告的一章或一节，与不用模板时的文字相同",
}
ROWS = {
    "指标": "评分表的各项指标，一项一行",
    "一级指标": "各一级指标的得分，一项一行",
    "项目": "项目支出，一个项目一行",
    "人员": "评价（自评）人员，一人一行",
}
OUTSIDE = ("hyperlink",)  # what a template may lead to outside itself
Said = list[str | None]


class Name(NamedTuple):
    """A name as a template writes it, what it means, and what it gives for this workbook (None: nothing)."""

    written: str
    about: str
    example: str | None


def values_of(material: Material, report: Report, people: str) -> dict[str, Any]:
    """What a template may write, by name: ``[text, number]``, a mapping of them, or rows."""
    known = {*told(), *figures(), *material.rubric.facts, *material.rubric.quantities}
    made: dict[str, Any] = {name: _said(material.env(name), material.unit_of(name)) for name in known}
    made[TEXTS] = {need.key: [material.texts.get(need.key), None] for need in material.rubric.texts}
    made[CHAPTERS] = dict(_chapters(report))
    made["指标"] = [_indicator(material, row) for row in material.card.indicators]
    made["一级指标"] = [
        {"名称": [title, None], "满分": _said(full, "数"), "得分": _said(got, "数"), "扣分": _said(full - got, "数"),
         "得分率": _said(got / full if full else None, "%")}
        for title, got, full in material.card.groups
    ]  # fmt: skip
    units = row_units(PROJECTS)
    made["项目"] = [
        {name: _said(row[name], "数" if unit == "分" else unit) for name, unit in units.items()}
        for row in material.rows[PROJECTS]
    ]
    made["人员"] = [
        dict(zip(("姓名", "职称", "分工"), ([part, None] for part in one), strict=True))
        for one in people_of(material.texts.get(people, ""))
    ]
    return made


def _said(value: Value, unit: str) -> Said:
    if value == NOT_APPLICABLE:
        return ["不适用", None]
    if not there(value):
        return [None, None]
    shown = value * 100 if isinstance(value, Decimal) and unit == "%" else value
    return [written(value, unit), plain(shown) if isinstance(shown, Decimal) else None]


def _indicator(material: Material, row: Scored) -> dict[str, Said]:
    groups = {
        item.key: (first.title, second.title)
        for first in material.rubric.firsts
        for second in first.seconds
        for item in second.indicators
    }
    first, second = groups.get(row.title, (material.rubric.extra_title, ""))
    known = material.indicator(row.title)
    points = {"不适用": row.status == "not_applicable"}
    got: Said = ["不适用", None] if points["不适用"] else _said(row.points, "数")
    return {
        "编号": [row.number.lstrip("+"), None], "一级指标": [first, None], "二级指标": [second, None],
        "三级指标": [row.title, None], "满分": _said(row.full, "数"), "得分": got,
        "自评分": _said(material.own_scores.get(row.title), "数"), "指标说明": [clean(known.description), None],
        "评分标准": [clean(known.criteria), None], "评分说明": [clean(material.settled(row)), None],
        "核定理由": [clean(row.reason), None],
    }  # fmt: skip


def _chapters(report: Report) -> Iterator[tuple[str, Said]]:
    """Each chapter and section by its title without number; the first one of a title counts."""
    seen: set[str] = set()
    for number, block in enumerate(report.blocks):
        title = unnumbered(block.text).strip() if isinstance(block, Heading) and not block.new_page else ""
        if not title or title in seen:
            continue
        assert isinstance(block, Heading)
        seen.add(title)
        lines = []
        for other in report.blocks[number + 1 :]:
            if isinstance(other, Heading) and other.level <= block.level:
                break
            if isinstance(other, Heading):
                lines.append(other.text)
            elif isinstance(other, Paragraph):
                lines.append(f"{other.lead}{other.text}")
        yield title, ["\n".join(lines) or None, None]


def names(material: Material, report: Report, people: str) -> list[Name]:
    """All names, those with a value first in each group."""
    values = values_of(material, report, people)
    made = []
    for name, value in values.items():
        if isinstance(value, dict):
            made += [
                Name(f"{{{{ {name}.{key} }}}}", MADE[name], _short(text)) for key, (text, _) in value.items()
            ]
        elif name in ROWS:
            columns = list(value[0]) if value else []
            first = "，".join(f"{key}＝{_short(value[0][key][0])}" for key in columns[:4]) if value else None
            loop = f"{{%tr for 行 in {name} %}} {{{{ 行.{columns[0] if columns else '名称'} }}}} {{%tr endfor %}}"
            made.append(Name(loop, f"{ROWS[name]}：{'、'.join(columns)}", first))
        else:
            made.append(Name(f"{{{{ {name} }}}}", _about(material, name), _short(value[0])))
    return sorted(made, key=lambda one: ("." in one.written, "%" in one.written, one.example is None))


def _short(text: str | None) -> str | None:
    line = " ".join((text or "").split())
    return f"{line[:30]}…" if len(line) > 30 else line or None


def _about(material: Material, name: str) -> str:
    if name in told():
        return abouts()[name]
    figure = figures().get(name) or material.rubric.quantities.get(name)
    if isinstance(figure, Change):
        return f"{figure.about}增减多少，写成一句"
    concept = concepts().get(name)
    if concept is None and name in material.rubric.facts:
        concept = material.rubric.facts[name].concept
    if concept is not None:
        return concept.about or f"“取数”表的{name}"
    return figure.expr.sentence(lambda key: key) if figure is not None else ""


def fill(template: Path, values: Mapping[str, Any], *, draft: bool) -> bytes:
    """The template with its names filled in.

    UsageStop (2): a name that is not known (J712, each with the nearest), wording that is none (J713), docxtpl is not
    installed (J715). Refused (3): no Word document, or one with things in it that a report may not carry (J714); in a
    finished report names without a value (J716).
    """
    if find_spec("docxtpl") is None:
        raise UsageStop("J715")
    data = load(template)[0]
    _guarded(data, template.name)
    made = _worker(data, values, template.name)
    if "failed" in made:
        _failed(made["failed"], Source(template.name))
    if made["lacking"] and not draft:
        names = made["lacking"]
        raise Refused("J716", Source(template.name), count=len(names), names="、".join(names))
    return base64.b64decode(made["docx"])


def _guarded(data: bytes, name: str) -> None:
    """Refuse what is no Word document, has macros, document types or things that are fetched from elsewhere."""
    package = Package(data)
    main = next((one.target for one in package.relations("") if one.kind == "officeDocument"), "")
    why = "" if main.lower().endswith("document.xml") and package.find(main) else "不是 Word 文档（.docx）"
    for part in () if why else package.names:
        if part.lower().endswith((".xml", ".rels")) and b"<!DOCTYPE" in package.read(part):
            why = "含有文档类型声明"
        elif part.lower().endswith(".bin") or "embeddings/" in part:
            why = "含有宏或嵌入的对象"
        elif not part.endswith("/") and any(
            one.external and one.kind not in OUTSIDE for one in package.relations(part)
        ):
            why = "引用了外部的文件"
    if why:
        raise Refused("J714", Source(name), why=why)


def _worker(data: bytes, values: Mapping[str, Any], name: str) -> dict[str, Any]:
    asked = {"template": base64.b64encode(data).decode(), "values": values}
    try:
        done = subprocess.run(  # noqa: S603 - our own file, by our own interpreter, no shell
            [sys.executable, "-P", str(Path(__file__).with_name("docxtpl_worker.py"))],
            input=json.dumps(asked).encode(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=SECONDS,
            check=False,
        )
        answer: dict[str, Any] = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, ValueError) as error:
        raise Refused("J714", Source(name), why="处理它所用的时间或内存超出限制") from error
    return answer


def _failed(words: Sequence[Any], place: Source) -> None:
    why, *more = words
    if why == "wording":
        raise UsageStop("J713", place, near=more[0])
    if why == "unknown":
        unknown = {name: meant(name, known) for name, known in more}
        listed = "；".join(f"“{name}”{near}" for name, near in unknown.items())
        raise UsageStop("J712", place, names=listed)
    reasons = {"damaged": "文件已损坏，或写法不完整（如 for 没有 endfor）"}
    raise Refused("J714", place, why=reasons.get(why) or f"用了不支持的写法（{more[0]}）")
