"""Definition -> Rubric: strict, weights add up at every level, every name known, every indicator cited."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from jixiao.model import (
    NOT_APPLICABLE,
    PENDING,
    UNITS,
    Arith,
    Body,
    Call,
    Concept,
    Const,
    Expr,
    If,
    Interval,
    Is,
    IsNumber,
    Logic,
    Ref,
    Reference,
    Round,
    Total,
    gaps,
    guarded,
    meant,
    plain,
    read_concept,
    read_reference,
)
from jixiao.rubric.checking import check
from jixiao.rubric.kinds import Context, Quantity, Terms, build, needs_row
from jixiao.rubric.nouns import (
    ASKS,
    REPORTS,
    Decision,
    FactNeed,
    First,
    Indicator,
    Move,
    Question,
    Rubric,
    Second,
    TextNeed,
    TotalCap,
)
from jixiao.rubric.rowtable import RowTable, chosen, read_tables, widened
from jixiao.rubric.selftable import read_self_tables

TOP = ("id", "title", "name", "jurisdiction", "year", "reference", "levels", "grades")
TOP_OPTIONAL = (
    "concepts", "facts", "quantities", "extras", "moves", "total", "decisions", "footnote",
    "main", "projects", "tables", "annex", "standing", "questions",
)  # fmt: skip


def read_rubric(
    data: Body,
    concepts: Mapping[str, Concept],
    tables: Body,
    texts: Body | None = None,
    forms: Body | None = None,
) -> Rubric:
    """Check a definition and read its rules; ``DefinitionError`` with file and line where it is wrong.

    ``tables``, ``texts`` and ``forms`` are what all rubrics share; tables and forms that it does not use are left out.
    """
    data.only(TOP, TOP_OPTIONAL)
    tables = chosen(data, tables)
    self_tables = read_self_tables(data, forms or Body())
    tables = widened(tables, "项目", self_tables.count)
    concepts = {**concepts, **_own_concepts(data, concepts)}
    reference = read_reference(data.part("reference"))
    rows = read_tables(tables)
    moves = _moves(data)
    context = _context(data, concepts, rows, moves)
    firsts = tuple(_firsts(data, context, reference))
    extras, extra_title = _extras(data, context, reference)
    rubric = Rubric(
        id=data.text("id"),
        title=data.text("title"),
        name=data.text("name"),
        jurisdiction=data.text("jurisdiction"),
        year=data.whole("year"),
        reference=reference,
        facts={},
        quantities=dict(context.quantities),
        tables=rows,
        firsts=firsts,
        extras=extras,
        extra_title=extra_title,
        moves=moves,
        grades=_grades(data.part("grades")),
        grade_reference=read_reference(data["grades"].part("reference")),
        cap=_cap(data),
        caps=_caps(data, context),
        decisions=tuple(_decision(item) for item in data.parts("decisions", [])),
        footnote=data.text("footnote", ""),
        texts=_texts(texts) if texts else (),
        data={"rubric": data, "tables": tables} | ({"texts": texts} if texts else {}),
        self_tables=self_tables,
        annex=data.text("annex", ""),
        standing=data.flag("standing", False),
        questions=tuple(_question(item) for item in data.parts("questions", [])),
    )
    check(data, rubric, concepts)
    rubric.facts = _facts(data, rubric, concepts)
    _embed(rubric, concepts, forms)
    return rubric


def _embed(rubric: Rubric, concepts: Mapping[str, Concept], forms: Body | None) -> None:
    """What a workbook has to carry besides the definition, so that it needs nothing of ours to be read again."""
    tables = rubric.self_tables
    used = {form.id for form in (tables.main, tables.projects) if form is not None}
    if used and forms is not None:
        rubric.data["forms"] = {name: forms[name] for name in forms if name in used}
    rubric.data["concepts"] = {name: concepts[name].data() for name in sorted(rubric.facts)}


def _context(
    data: Body, concepts: Mapping[str, Concept], rows: Mapping[str, RowTable], moves: tuple[Move, ...]
) -> Context:
    """What rules may look at."""
    columns = {f"{t.name}.{c.name}": c.unit for t in rows.values() for c in t.columns}
    receivers = frozenset(target for move in moves for target in move.targets)
    adders = frozenset(target for move in moves if move.mode == "add" for target in move.targets)
    if adders & {target for move in moves if move.mode == "scale" for target in move.targets}:
        raise data.fail("同一要点接收的分值，mode 应一致", "moves")
    context = Context(concepts, {}, receivers, columns, adders)
    return Context(concepts, _quantities(data, context), receivers, columns, adders)


def _moves(data: Body) -> tuple[Move, ...]:
    made = []
    for item in data.parts("moves", []):
        item.only(("from", "to", "reason"), ("mode",))
        mode = str(item.get("mode", "scale"))
        if mode not in ("scale", "add"):
            raise item.fail("mode 应为 scale（满分合并、同比例计分）或 add（移入分值直接计入）", "mode")
        made.append(Move(item.text("from"), tuple(item.texts("to")), item.text("reason"), mode))
    return tuple(made)


def _quantities(data: Body, context: Context) -> dict[str, Quantity]:
    made: dict[str, Quantity] = {}
    grown = Context(context.concepts, made, context.receivers, context.columns)
    for item in data.parts("quantities", []):
        item.only(("name", "unit", "value"), ("zero", "about"))
        name, unit = item.text("name"), item.text("unit")
        if unit not in UNITS:
            raise item.fail(f"未知的单位“{unit}”", "unit")
        if context.known(name) or name in made:
            raise item.fail(f"名称“{name}”已被使用", "name")
        zero: Expr | None = None
        if "zero" in item:
            zero = Const(item["zero"] if isinstance(item["zero"], Decimal) else item.text("zero"))
            if isinstance(zero.value, str) and zero.value not in (NOT_APPLICABLE, PENDING):
                raise item.fail("zero 应为数字、不适用或待核定", "zero")
        expr = grown.expression(item, "value", zero)
        reads = tuple(dict.fromkeys(expr.refs()))
        made[name] = Quantity(
            name,
            unit,
            guarded(_settled(expr)),
            item.text("value"),
            reads,
            item.text("about", ""),
            expr if isinstance(expr, If) and _by_blank(expr.test, context) else None,
        )
    return made


def _by_blank(test: Expr, context: Context) -> bool:
    """Whether a test asks which facts are entered, not how large they are."""
    return all(context.fact(key) for key in test.refs()) and all(
        isinstance(node, (Is, IsNumber, Logic, Ref)) for node in test.walk()
    )


def _settled(expr: Expr) -> Expr:
    """A computed number rounded, so that what is compared with it later carries no binary noise."""
    return expr.mapped(lambda node: Round(node) if isinstance(node, (Arith, Call, Total)) else node)


def _firsts(data: Body, context: Context, base: Reference) -> Iterator[First]:
    made: list[First] = []
    for i, level in enumerate(data.parts("levels"), 1):
        level.only(("title", "weight", "levels"))
        seconds: list[Second] = []
        for j, second in enumerate(level.parts("levels"), 1):
            second.only(("title", "weight", "indicators"))
            items = tuple(
                _indicator(body, f"{i}.{j}.{k}", context, base)
                for k, body in enumerate(second.parts("indicators"), 1)
            )
            _adds_up(second, [item.weight for item in items], "三级指标")
            seconds.append(Second(second.text("title"), second.number("weight"), items))
        _adds_up(level, [second.weight for second in seconds], "二级指标")
        made.append(First(level.text("title"), level.number("weight"), tuple(seconds)))
    total = sum(first.weight for first in made)
    if total != _cap(data):
        raise data.fail(f"一级指标权重合计{plain(Decimal(total))}，应为{plain(_cap(data))}", "levels")
    return iter(made)


def _adds_up(body: Body, weights: list[Decimal], what: str) -> None:
    total = sum(weights, Decimal(0))
    if total != body.number("weight"):
        raise body.fail(
            f"“{body['title']}”的{what}权重合计{plain(total)}，应为{plain(body.number('weight'))}", "weight"
        )


def _indicator(body: Body, number: str, context: Context, base: Reference) -> Indicator:
    body.only(("id", "title", "weight", "description", "rule", "reference"), ("criteria",))
    title, weight = body.text("title"), body.number("weight")
    spec = body.part("rule")
    part = build(spec, f"{title}_1" if needs_row(spec) else title, context)
    if number[0] != "+" and part.full != weight:
        raise spec.fail(f"“{title}”的规则满分{plain(part.full)}，与权重{plain(weight)}不符", "full")
    return Indicator(
        id=body.text("id"),
        number=number,
        key=title,
        weight=weight,
        description=body.text("description"),
        criteria=body.text("criteria", part.criteria),
        reference=read_reference(body.part("reference"), base),
        rule=part,
    )


def _extras(data: Body, context: Context, base: Reference) -> tuple[tuple[Indicator, ...], str]:
    if "extras" not in data:
        return (), ""
    body = data.part("extras")
    body.only(("title", "indicators"))
    items = tuple(
        _indicator(item, f"+{n}", context, base) for n, item in enumerate(body.parts("indicators"), 1)
    )
    return items, body.text("title")


def _grades(body: Body) -> tuple[tuple[Interval, str], ...]:
    body.only(("bands", "reference"))
    made = []
    bands = body.part("bands")
    for text in bands:
        try:
            made.append((Interval.parse(text), bands.text(text)))
        except ValueError as error:
            raise bands.fail(str(error), text) from error
    return tuple(made)


def _cap(data: Body) -> Decimal:
    """The fixed cap of the total, 100 where none is written."""
    if "total" not in data:
        return Decimal(100)
    return data.part("total").only((), ("cap", "caps")).number("cap", Decimal(100))


def _caps(data: Body, context: Context) -> tuple[TotalCap, ...]:
    """The caps that hang on other facts (family G): while a figure lies in a band, the total is not above its points."""
    made = []
    for item in data.part("total").parts("caps", []) if "total" in data else ():
        terms = Terms(item.only(("x", "bands")), "", context)
        x, bands = terms.figure(), terms.bands()
        if any(not isinstance(value.value, Decimal) or value.value < 0 for _, value in bands):
            raise item.fail("总分上限应为分值", "bands")
        if gaps([interval for interval, _ in bands], None, None):
            raise item.fail("总分上限的档次应覆盖全部取值", "bands")
        made.append(TotalCap(x.key, context.unit(x.key), tuple(bands)))
    return tuple(made)


def _texts(data: Body) -> tuple[TextNeed, ...]:
    """texts.yaml, or its copy inside a workbook."""
    made: list[TextNeed] = []
    for key in data:
        body = data.part(key).only(("title", "hint", "reports"), ("example", "optional"))
        reports = tuple(body.texts("reports"))
        if not reports or not set(reports) <= set(REPORTS):
            raise body.fail(f"reports 应为 {'、'.join(REPORTS)}", "reports")
        example, optional = body.text("example", ""), body.flag("optional", False)
        made.append(TextNeed(key, body.text("title"), body.text("hint"), reports, example, optional))
    return tuple(made)


def _own_concepts(data: Body, shared: Mapping[str, Concept]) -> dict[str, Concept]:
    """Names that only this rubric has, in the shape of concepts.yaml; inside a workbook they are among the shared ones."""
    made: dict[str, Concept] = {}
    body = data.part("concepts") if "concepts" in data else Body()
    for ident in body:
        concept = read_concept(ident, body.part(ident))
        if concept.name in made or shared.get(concept.name, concept) != concept:
            raise body.part(ident).fail(f"名称“{concept.name}”已被使用", "name")
        made[concept.name] = concept
    return made


def _decision(item: Body) -> Decision:
    item.only(("about", "says", "decided", "reason"), ("who", "when"))
    who, when = item.text("who", ""), item.text("when", "")
    return Decision(
        item.text("about"), item.text("says"), item.text("decided"), item.text("reason"), who, when
    )


def _question(item: Body) -> Question:
    item.only(("id", "asks", "about", "why"), ("says", "point", "at"))
    if item.text("asks") not in ASKS:
        raise item.fail(f"asks 应为 {'、'.join(ASKS)}", "asks")
    return Question(
        item.whole("id"), item.text("asks"), item.text("about"), item.text("says", ""), item.text("why"),
        item.whole("point") if "point" in item else 0, item.text("at", ""),
    )  # fmt: skip


def _facts(data: Body, rubric: Rubric, concepts: Mapping[str, Concept]) -> dict[str, FactNeed]:
    made: dict[str, FactNeed] = {}
    for item in data.parts("facts", []):
        item.only(("name",), ("from", "note"))
        name = item.text("name")
        if name not in concepts:
            raise item.fail(f"未知的名称“{name}”{meant(name, concepts)}", "name")
        if name in made:
            raise item.fail(f"事实“{name}”重复", "name")
        made[name] = FactNeed(concepts[name], tuple(item.texts("from", [])), item.text("note", ""))
    reads = [*rubric.quantities, *(r for i in rubric.indicators() for r in i.rule.reads)]
    reads += [cap.x for cap in rubric.caps]
    reads += [name for _, name in rubric.self_tables.figures]
    behind = [r for q in rubric.quantities.values() for r in q.reads]
    for name in dict.fromkeys([*behind, *reads]):
        if name in concepts and name not in made:
            made[name] = FactNeed(concepts[name])
    for name in _beside(rubric.quantities, reads):
        made[name] = made[name]._replace(optional=True)
    return made


def _beside(quantities: Mapping[str, Quantity], reads: Sequence[str]) -> set[str]:
    """Facts that only a choice reads, and not where it is left blank: 调整预算数 beside the budget that holds without it."""
    needed: set[str] = set()
    chosen: set[str] = set()
    waiting = list(reads)
    while waiting:
        name = waiting.pop()
        quantity = quantities.get(name)
        if quantity is None:
            needed.add(name)
        elif quantity.choice is None:
            waiting += [read for read in quantity.reads if read != name]
        else:
            chosen |= set(quantity.reads)
            waiting += quantity.choice.taken(lambda _: None).refs()
    return chosen - needed - quantities.keys()
