"""A form held against a range of rows: headings found, label blocks told apart, columns located -> Table."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from jixiao.intake import labels
from jixiao.intake.definition import TOTALS, Block, Form, aside
from jixiao.intake.page import Header, Page, code_of, find_header, locate
from jixiao.text import Period, State

PUBLISHED = "部门决算公开表"


@dataclass(slots=True)
class Group:
    """One label block of a table on a sheet: its label and code columns, and the columns found for each name."""

    block: Block
    labels: list[int]
    codes: list[int]
    columns: dict[str, list[int]]
    units: list[int]
    spare: list[int] = field(default_factory=list)

    def label(self, page: Page, row: int) -> str:
        """The row's label as printed; a text in the code column counts when the label columns are blank."""
        for column in (*self.labels, *self.codes):
            text = page.text(row, column)
            if text.strip() and not code_of(text):
                return text
        for column in self.spare:  # 合计 merged from 序号 over the label column
            text = page.text(row, column)
            if labels.row(text) in TOTALS:
                return text
        return ""

    def code(self, page: Page, row: int) -> str:
        """The row's account code; one split over several columns (类 款 项) is put together."""
        whole = ""
        for column in self.codes or self.labels:
            part = code_of(page.text(row, column))
            whole = part if part.startswith(whole) and len(part) > 3 else whole + part
        return whole

    def shifted(self, by: int) -> Group:
        """The same block with every column moved, for a page that lost or gained columns on the left."""
        return Group(
            self.block,
            [column + by for column in self.labels],
            [column + by for column in self.codes],
            {name: [column + by for column in columns] for name, columns in self.columns.items()},
            [column + by for column in self.units],
            [column + by for column in self.spare],
        )


@dataclass(slots=True)
class Part:
    """The rows of a table on one sheet."""

    page: Page
    groups: list[Group]
    rows: list[int]
    header: Header
    shift: int = 0

    def shown(self, column: int) -> str:
        """The headings above a column, for people."""
        return self.header.shown(column - self.shift)

    @property
    def named(self) -> set[int]:
        """The columns that hold labels, codes, the numbers of rows and what is computed from others: no figures of their own."""
        ends = {c + self.shift: self.header.keys(c)[-1:] for c in self.header.paths}
        counting = {
            c
            for c, key in ends.items()
            if key and (key[0] in COUNTING_WORDS or key[0].endswith(aside("headings")))
        }
        return counting.union(*((*group.labels, *group.codes, *group.spare) for group in self.groups))

    def keys(self, column: int) -> tuple[str, ...]:
        """The headings above a column, as keys."""
        return self.header.keys(column - self.shift)


@dataclass(slots=True)
class Table:
    """A table of one form, over one part or several (continued on other sheets or below a repeated heading).

    ``period`` is what its captions say, ``late`` the cell that shows that its year had begun already; ``captions`` are
    the texts above it and ``notes`` the rows below.
    """

    form: Form
    title: str
    parts: list[Part]
    score: int = 0
    units: dict[str, str] = field(default_factory=dict)
    top: int = 0
    number: str = ""
    period: Period | None = None
    year: int | None = None
    late: str = ""
    captions: list[str] = field(default_factory=list)
    notes: list[tuple[int, str]] = field(default_factory=list)

    @property
    def document(self) -> str:
        """The kind of document; a published form with a 财决 number in its caption is that table of the accounts."""
        return self.number if self.number and self.form.document == PUBLISHED else self.form.document

    @property
    def bottom(self) -> int:
        """The last row of the last part."""
        part = self.parts[-1]
        return part.rows[-1] if part.rows else part.header.bottom

    @property
    def unit(self) -> str:
        """The unit of money stated for the table; empty when none or contradictory ones are."""
        if len(self.units) == 1:
            return next(iter(self.units))
        return "" if self.units else self.form.unit

    def walk(self, block: Block) -> Iterator[tuple[Part, Group, int]]:
        """The rows of a block in order, over all parts."""
        for part in self.parts:
            for group in part.groups:
                if group.block is block:
                    for row in part.rows:
                        yield part, group, row

    def keys(self, block: Block) -> set[str]:
        """The row label keys of a block."""
        return {
            labels.row(text) for part, group, row in self.walk(block) if (text := group.label(part.page, row))
        }


MAX_TRIES = 6
MAX_ROWS = 20_000
MAX_SHOWN = 120
UNIT_WORDS = frozenset(("计量单位", "单位", "指标单位"))
SPARE_WORDS = frozenset(("序号", "编号"))
COUNTING_WORDS = SPARE_WORDS | {"行次", "栏次", "栏次行次"}
_GENERIC = frozenset(("项目", "行次", "栏次", "科目编码", "科目名称", "金额", "序号", "决算数", "预算数"))


class Unlike(Exception):  # noqa: N818 - an answer, not an error
    """Why rows are not a table of a form, in Chinese."""


def match(
    page: Page,
    form: Form,
    top: int,
    bottom: int,
    title: str = "",
    *,
    half: bool = False,
    why: list[str] | None = None,
) -> Table | None:
    """The first place in rows top..bottom whose headings are those of the form; None when there is none.

    ``half``: some blocks of the form do, the others stand on another page; ``why`` is told what was not there.
    """
    start = top
    for _ in range(MAX_TRIES):
        header = find_header(page, form, start, bottom)
        if header is None:
            break
        try:
            return _at(page, form, header, bottom, title, half)
        except Unlike as unlike:
            if why is not None:
                shown = "、".join(dict.fromkeys(header.shown(column) for column in sorted(header.paths)))
                why.append(f"{unlike}，表头是：{shown[:MAX_SHOWN]}")
        start = header.top + 1
    if why is not None and not why:
        why.append(f"没有找到表头，应有“{'”“'.join(dict.fromkeys(_asked(form)))}”")
    return None


def _asked(form: Form) -> Iterator[str]:
    """The headings that a form cannot do without, as a person writes them."""
    for block in form.blocks:
        yield from (min(sorted(words), key=len) for words in (block.code, block.label) if words)
        yield from (column.title or column.name for column in block.columns if not column.optional)


def _at(page: Page, form: Form, header: Header, bottom: int, title: str, half: bool) -> Table:
    present = {key for column in header.paths for key in header.keys(column)}
    if present & form.without:
        raise Unlike(f"有“{min(present & form.without)}”一列")
    rows = data_rows(page, header.bottom + 1, bottom)
    if form.layout == "columns":
        groups, score = _columns_only(page, form, header, rows)
    else:
        groups, score = _groups(page, form, header, rows, half)
    return Table(
        form, title, [Part(page, groups, rows, header)], score + (100 if title else 0), top=header.top
    )


def data_rows(page: Page, top: int, bottom: int) -> list[int]:
    """The rows of a table from ``top`` on, up to a remark, another title or other headings."""
    rows: list[int] = []
    for row in range(top, min(bottom, top + MAX_ROWS) + 1):
        if row not in page.rows or page.is_ruler(row):
            continue
        if page.is_note(row) or page.is_titlelike(row) or _other_headings(page, row):
            break
        rows.append(row)
    return rows


def _other_headings(page: Page, row: int) -> bool:
    keys = [labels.heading(cell.value) for _, cell in page.rows[row] if isinstance(cell.value, str)]
    return sum(key in _GENERIC for key in keys) >= 2 and len(keys) == len(page.rows[row])


def _columns_only(page: Page, form: Form, header: Header, rows: list[int]) -> tuple[list[Group], int]:
    """Layout ``columns``: no label column; the headings alone say what a figure is."""
    block = form.blocks[0]
    whole = range(1, max(header.paths, default=0) + 1)
    columns = _locate(form, block, header, whole, lambda column: any(page.cell(row, column) for row in rows))
    return [Group(block, [], [], columns, [])], 10 * len(columns)


def _groups(page: Page, form: Form, header: Header, rows: list[int], half: bool) -> tuple[list[Group], int]:
    heads = _heads(form, header)
    found: list[tuple[int, Group]] = []
    missed: dict[str, str] = {}
    for index, (left, names, codes) in enumerate(heads):
        right = heads[index + 1][0] - 1 if index + 1 < len(heads) else max(header.paths)
        extent = range(1 if len(heads) == 1 else left, right + 1)
        best = _best(page, form, header, rows, (names, codes), extent, missed)
        if best is not None:
            found.append(best)
    groups = _unique(found)
    have = {id(group.block) for group in groups}
    lacking = [block for block in form.blocks if id(block) not in have and not block.optional]
    if lacking and not (half and groups):
        label = min(lacking[0].label | lacking[0].code)
        raise Unlike(missed.get(lacking[0].name, f"没有找到“{label}”一列"))
    kept = {id(group) for group in groups}
    return groups, sum(score for score, group in found if id(group) in kept)


def _heads(form: Form, header: Header) -> list[tuple[int, list[int], list[int]]]:
    """Runs of label and code columns: (first column, label columns, code columns) of each."""
    code = frozenset().union(*(block.code for block in form.blocks))
    label = form.naming - code
    heads: list[tuple[int, list[int], list[int]]] = []
    previous = ""
    for column in sorted(header.paths):
        keys = header.keys(column)
        kind = "code" if keys[-1] in code or (code and keys[-1] in ("类", "款", "项")) else ""
        kind = kind or ("label" if keys[-1] in label else "")
        if kind:
            names, codes = ([column], []) if kind == "label" else ([], [column])
            if previous and heads[-1][0] <= column and not _restarts(heads[-1], kind, header, column):
                heads[-1][1].extend(names)
                heads[-1][2].extend(codes)
            else:
                heads.append((column, names, codes))
        previous = kind
    return heads


def _restarts(head: tuple[int, list[int], list[int]], kind: str, header: Header, column: int) -> bool:
    """Two label columns side by side under different parents are two blocks (收入项目｜支出项目)."""
    same = head[1] if kind == "label" else head[2]
    return bool(same) and header.keys(same[-1])[:-1] != header.keys(column)[:-1]


def _best(
    page: Page,
    form: Form,
    header: Header,
    rows: list[int],
    names: tuple[list[int], list[int]],
    extent: range,
    missed: dict[str, str],
) -> tuple[int, Group] | None:
    best: tuple[int, Group] | None = None
    above = {key for column in extent for key in header.keys(column)}
    for block in form.blocks:
        try:
            columns = _locate(
                form, block, header, extent, lambda column: any(page.cell(row, column) for row in rows)
            )
        except Unlike as unlike:
            missed[block.name] = str(unlike)
            continue
        group = Group(
            block, *names, columns, _ending(header, extent, UNIT_WORDS), _ending(header, extent, SPARE_WORDS)
        )
        known = recognised(page, group, rows)
        if not known and not (block.repeat or _empty(page, group, rows)):
            missed[block.name] = "没有一行是这张表的项目"
            continue
        score = 10 * len(columns) + 3 * known + 2 * len(above & block.head)
        if best is None or score > best[0]:
            best = (score, group)
    return best


def _empty(page: Page, group: Group, rows: list[int]) -> bool:
    """A form left empty still has its headings, and then no labelled row with a figure."""
    return not any(
        page.cell(row, column) for row in rows for places in group.columns.values() for column in places
    )


def _ending(header: Header, extent: range, words: frozenset[str]) -> list[int]:
    return [column for column in extent if (keys := header.keys(column)) and keys[-1] in words]


def _locate(
    form: Form, block: Block, header: Header, extent: range, filled: Callable[[int], bool]
) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for column in sorted(block.columns, key=lambda c: bool(c.beside)):
        places = locate(header, extent, column, form.frame, found.get(column.beside, []), filled)
        if places:
            found[column.name] = places
        elif not column.optional:
            raise Unlike(f"没有找到“{column.title}”一列")
    for column in block.columns:
        if column.unless in found:
            found.pop(column.name, None)
    if not found:
        raise Unlike("没有一列是这张表的")
    return found


def recognised(page: Page, group: Group, rows: list[int]) -> int:
    """How many rows of a block carry a label or code that its form knows."""
    block, count = group.block, 0
    for row in rows:
        text = group.label(page, row)
        key = labels.row(text) if text else ""
        if key in block.by_label or key in block.listed:
            count += 1
        elif block.rows is not None and block.rows.take == "coded" and group.code(page, row):
            count += 1
        elif block.by_code and group.code(page, row) in block.by_code:
            count += 1
        elif block.rows is not None and block.rows.take == "named" and key:
            count += 1
    return count


def _unique(found: list[tuple[int, Group]]) -> list[Group]:
    """Each block of the form once, at its best place; repeating blocks at all of theirs."""
    kept: list[Group] = []
    for score, group in found:
        rivals = [other for other in found if other[1].block is group.block]
        if group.block.repeat or (score == max(rival[0] for rival in rivals) and group is _first(rivals)):
            kept.append(group)
    return kept


def _first(rivals: list[tuple[int, Group]]) -> Group:
    return max(rivals, key=lambda rival: rival[0])[1]


def continues(page: Page, table: Table, rows: list[int]) -> Part | None:
    """A page without headings that goes on with ``table``: the same column shape, known labels or codes."""
    last = table.parts[-1]
    if not rows or table.form.layout != "rows":
        return None
    for shift in (0, -1, 1, -2, 2):
        groups = [group.shifted(shift - last.shift) for group in last.groups]
        if min((c for g in groups for c in (*g.labels, *g.codes)), default=0) < 1:
            continue
        if _same_shape(page, groups, rows):
            return Part(page, groups, rows, last.header, shift)
    return None


def doubt_cut_row(above: Part, below: Part) -> None:
    """A figure without a label at the head of a page belongs to the row that the page break cut: neither is taken."""
    if not above.rows or not below.rows:
        return
    last, first = above.rows[-1], below.rows[0]
    for one, two in zip(above.groups, below.groups, strict=False):
        if one.block is not two.block or two.label(below.page, first) or two.code(below.page, first):
            continue
        for name, places in two.columns.items():
            if any(below.page.cell(first, place) for place in places):
                for place in one.columns[name]:
                    above.page.sheet.doubt(last, place)


def _same_shape(page: Page, groups: list[Group], rows: list[int]) -> bool:
    labelled = known = 0
    for group in groups:
        labelled += sum(bool(group.label(page, row) or group.code(page, row)) for row in rows)
        if group.block.rows is None or group.block.rows.take != "named":
            known += recognised(page, group, rows)
        for places in group.columns.values():
            for row in rows:
                for column in places:
                    cell = page.cell(row, column)
                    if cell and cell.quantity.state is State.TEXT:
                        return False
    return known > 0 and known * 2 >= labelled
