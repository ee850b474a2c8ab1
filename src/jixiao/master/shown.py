"""Where a fact of a workbook comes from: every place it was found at, and the printed one as a picture."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from jixiao.master.scoringbook import open_scoring_book
from jixiao.model import Fact, Source, UsageStop, Value, concepts, nearest
from jixiao.office import load


@dataclass(slots=True)
class Shown:
    """A fact of a workbook: its value now, every place it was found at, and the first printed one as a picture (PNG).

    ``picture`` is None where there is none, and ``why`` says why.
    """

    name: str
    value: Value | None
    unit: str
    found: list[Fact]
    picture: bytes | None = field(default=None, repr=False)
    why: str = ""


def show(path: Path, name: str, source: Path | None = None) -> Shown:
    """Where a fact stands. ``source``: its PDF, where it does not lie beside the workbook or here. UsageStop, Refused."""
    book = open_scoring_book(path)
    found = [item.fact for item in book.located() if item.fact.name == name]
    if name not in book.rubric.facts and not found:
        known = {*book.rubric.facts, *(item.fact.name for item in book.located())}
        raise UsageStop("J890", Source(path.name), name=name, near=nearest(name, known) or "没有")
    now = book.entries.get(name)
    found.sort(key=lambda fact: fact.value != now)
    made = Shown(name, now, concepts()[name].unit if name in concepts() else "", found)
    printed = next((fact.source for fact in found if fact.source.box), None)
    if printed is None:
        made.why = "不是从 PDF 取得的" if found else "没有从表格取得"
        return made
    near = (path.parent / printed.file, Path(printed.file))
    at_hand = source or next((file for file in near if file.is_file()), None)
    if at_hand is None:
        made.why = f"没有找到“{printed.file}”，请用 --source 指明它在哪里"
    else:
        made.picture, made.why = picture(at_hand, printed)
    return made


def picture(file: Path, place: Source) -> tuple[bytes | None, str]:
    """The place of a fact in its PDF as PNG; or None and why, where the file is another one. Stop: it cannot be opened."""
    from jixiao.office.document import NotRead, TooMuch, picture_of

    data, known = load(file)
    if place.sha256 not in ("", known.sha256):
        return None, f"“{file.name}”不是导入时的那个文件"
    try:
        return picture_of(data, place.box), ""
    except (NotRead, TooMuch) as error:
        return None, f"“{file.name}”不能读取：{error}"
