"""Any one thing of a workbook's package changed, at random, that alters what a person sees or what the total is."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

from jixiao.master import ScoringBook, open_scoring_book
from tests.verify.raw_edits import BOOK, STRINGS, STYLES, Parts

WHITE = '<sz val="10"/><color rgb="FFFFFFFF"/><name val="宋体"/>'
HIDING = (
    {"font": WHITE},
    {"font": '<sz val="10"/><color rgb="FFFAFAFA"/>'},
    {"font": '<sz val="10"/><color theme="0"/>'},
    {"font": '<sz val="1"/><color rgb="FF1F2933"/>'},
    {"font": '<strike/><sz val="10"/><color rgb="FF1F2933"/>'},
    {"font": '<sz val="10"/><color rgb="FF1F2933"/><name val="Wingdings"/>'},
    {"fill": '<patternFill patternType="solid"><fgColor rgb="FF1F2933"/></patternFill>'},
    {"format": ";;;"},
    {"format": '"5";"5";"5";"5"'},
    {"alignment": 'horizontal="fill"'},
    {"alignment": 'horizontal="left" indent="250" wrapText="1"'},
)
SETTINGS = ('date1904="1"', 'fullPrecision="0"', 'iterate="1"', 'calcMode="manual"')
VIEWS = ('showZeros="0"', 'showFormulas="1"', 'rightToLeft="1"')


class Edits:
    """The edits of one workbook; each gives the places of which one must be named."""

    def __init__(self, path: Path, seed: int) -> None:
        self.path, self.dice = path, random.Random(seed)
        self.book: ScoringBook = open_scoring_book(path)
        self.own = [name for name in self.book.plan.sheets if name not in ("改动", "提分")]
        self.tables = [row[3] for row in self.book.kept("sources") if row[3]]
        tables = [self.source, self.source, self.source_text, self.hide_table] if self.tables else []
        self.kinds: list[Callable[[Parts], set[str]]] = [
            *tables, self.text, self.text, self.blank, self.letter, self.formula, self.stale, self.over_formula,
            self.over_formula, self.link, self.hide, self.hide, self.hide, self.row, self.column, self.merge, self.part,
            self.area, self.footer, self.state, self.name, self.shadow, self.setting, self.view, self.tint, self.untint,
            self.overlay, self.stray, self.rich, self.font, self.check, self.look_alike, self.fact_text,
        ]  # fmt: skip

    def one(self, parts: Parts) -> tuple[str, set[str]]:
        """One edit: its name, and what of it must be named."""
        kind = self.dice.choice(self.kinds)
        return kind.__name__, kind(parts)

    def _cell(self, sheets: list[str], live: bool) -> tuple[str, str, str]:
        """A cell at random: sheet, address, what it holds; not one that people fill."""
        filled = {
            (self.book.plan.places[key].sheet, self.book.plan.places[key].ref)
            for key in self.book.net.entries
        }
        while True:
            name = self.dice.choice(sheets)
            cells = [
                cell
                for cell in self.book.sheet(name).cells()
                if cell.value not in (None, "")
                and (cell.formula is not None) == live
                and (name, cell.ref) not in filled
                and not (
                    name == "取数"
                    and cell.ref[0] in "FGHIJK"
                    and cell.ref[1:].isdigit()
                    and int(cell.ref[1:]) < 55
                )
                and (name, cell.ref) != ("封面", "C19")
            ]
            if cells:
                cell = self.dice.choice(cells)
                return name, cell.ref, str(cell.value)

    def text(self, parts: Parts) -> set[str]:
        name, ref, _ = self._cell(self.own, live=False)
        parts.texted(f"{name}!{ref}", self.dice.choice(("任意", "100分", "1", "<&>", "合格 ")))
        return {f"{name}!{ref}"}

    def blank(self, parts: Parts) -> set[str]:
        name, ref, _ = self._cell(self.own, live=False)
        parts.cell(f"{name}!{ref}", "")
        return {f"{name}!{ref}"}

    def letter(self, parts: Parts) -> set[str]:
        name, ref, text = self._cell(self.own, live=False)
        at = self.dice.randrange(len(text))
        parts.texted(f"{name}!{ref}", text[:at] + ("8" if text[at] != "8" else "3") + text[at + 1 :])
        return {f"{name}!{ref}"}

    def formula(self, parts: Parts) -> set[str]:
        name, ref, _ = self._cell(self.own, live=True)
        more = self.dice.choice(("+1", "*1", "&amp;&quot;&quot;", "+封面!A1"))
        parts.sub(name, rf'(<c r="{ref}"[^>]*><f[^>]*>)([^<]*)</f>', lambda m: f"{m[1]}{m[2]}{more}</f>")
        return {f"{name}!{ref}"}

    def stale(self, parts: Parts) -> set[str]:
        name, ref, _ = self._cell(self.own, live=True)
        parts.sub(name, rf'(<c r="{ref}"[^>]*><f[^>]*>[^<]*</f>)<v>[^<]*</v>', lambda m: f"{m[1]}<v>77.7</v>")
        return {f"{name}!{ref}", "个单元格显示的数值已过时"}

    def over_formula(self, parts: Parts) -> set[str]:
        name, ref, value = self._cell(self.own, live=True)
        equal = self.dice.random() < 0.5
        try:
            parts.cell(f"{name}!{ref}", f"<v>{Decimal(value) if equal else 95}</v>")
        except ArithmeticError:
            parts.texted(f"{name}!{ref}", value if equal else "优")
        return {f"{name}!{ref}"}

    def link(self, parts: Parts) -> set[str]:
        if not self.book.links:
            return self.text(parts)
        place = self.book.plan.places[self.dice.choice(sorted(self.book.links))]
        parts.cell(f"{place.sheet}!{place.ref}", f"<v>{self.dice.randrange(1000)}</v>")
        return {f"{place.sheet}!{place.ref}"}

    def source(self, parts: Parts) -> set[str]:
        name, ref, _ = self._cell(self.tables, live=False)
        made = self.dice.choice((f"<f>{95}</f><v>95</v>", "<v>95.5</v>", ""))
        parts.cell(f"{name}!{ref}", made)
        return {f"{name}!{ref}"}

    def source_text(self, parts: Parts) -> set[str]:
        name, ref, value = self._cell(self.tables, live=False)
        parts.texted(f"{name}!{ref}", value + "0")
        return {f"{name}!{ref}"}

    def hide(self, parts: Parts) -> set[str]:
        name, ref, _ = self._cell(self.own, live=self.dice.random() < 0.5)
        parts.look(f"{name}!{ref}", **self.dice.choice(HIDING))
        return {f"{name}!{ref}"}

    def hide_table(self, parts: Parts) -> set[str]:
        name, ref, _ = self._cell(self.tables, live=False)
        parts.look(f"{name}!{ref}", **self.dice.choice(HIDING))
        return {f"{name}!{ref}"}

    def row(self, parts: Parts) -> set[str]:
        name, ref, _ = self._cell(self.own + self.tables, live=False)
        row, how = (
            re.sub(r"\D", "", ref),
            self.dice.choice(('hidden="1"', 'ht="0" customHeight="1"', 'ht="1.5" customHeight="1"')),
        )
        parts.sub(name, f'<row r="{row}"[^>]*?(/?)>', lambda m: f'<row r="{row}" {how}{m[1]}>')
        return {f"{name}!A{row}"}

    def column(self, parts: Parts) -> set[str]:
        name, ref, _ = self._cell(self.own + self.tables, live=False)
        letter = re.sub(r"\d", "", ref)
        number = sum((ord(one) - 64) * 26**at for at, one in enumerate(reversed(letter)))
        how = self.dice.choice(('width="9" hidden="1"', 'width="0"', 'width="0.4"'))
        parts.sub(
            name,
            "<sheetData>",
            f'<cols><col min="{number}" max="{number}" {how} customWidth="1"/></cols><sheetData>',
        )
        return {f"{name}!{letter}1"}

    def merge(self, parts: Parts) -> set[str]:
        name = self.dice.choice([name for name in self.own if "<mergeCell " in parts.text(name)])
        areas = re.findall(r'<mergeCell ref="([^"]*)"/>', parts.text(name))
        area = self.dice.choice(areas)
        parts.sub(name, f'<mergeCell ref="{area}"/>', "")
        return {f"{name}!{area.partition(':')[0]}"}

    def part(self, parts: Parts) -> set[str]:
        """A merged area over cells that hold something."""
        name, ref, _ = self._cell(["评分表", "勾稽", "取数"], live=True)
        row, letter = re.sub(r"\D", "", ref), re.sub(r"\d", "", ref)
        area = f"{letter}{row}:{letter}{int(row) + 40}"
        if "<mergeCells" in parts.text(name):
            parts.sub(name, "(<mergeCells[^>]*>)", lambda m: f'{m[1]}<mergeCell ref="{area}"/>')
        else:
            parts.behind(name, f'<mergeCells><mergeCell ref="{area}"/></mergeCells>')
        return {f"{name}!{ref}"}

    def area(self, parts: Parts) -> set[str]:
        kind = self.dice.choice(("_xlnm.Print_Area", "_xlnm.Print_Titles"))
        found = re.findall(rf'<definedName name="{kind}" localSheetId="(\d+)">', parts.text(BOOK))
        number = self.dice.choice(found)
        text = "$A$1:$B$5" if kind.endswith("Area") else "$1:$1"
        name = re.findall(r'<sheet name="([^"]*)"', parts.text(BOOK))[int(number)]
        pattern = rf'(<definedName name="{kind}" localSheetId="{number}">)[^<]*'
        parts.sub(BOOK, pattern, lambda m: f"{m[1]}'{name}'!{text if text not in m[0] else '$2:$3'}")
        return {name}

    def footer(self, parts: Parts) -> set[str]:
        name = self.dice.choice(self.own)
        more = self.dice.choice(("<oddFooter>改", "<oddHeader>总分95</oddHeader><oddFooter>"))
        parts.sub(name, "<oddFooter>", more)
        return {name}

    def state(self, parts: Parts) -> set[str]:
        name = self.dice.choice(self.own + self.tables)
        parts.sub(
            BOOK,
            rf'<sheet name="{re.escape(name)}"',
            lambda m: f'{m[0]} state="{self.dice.choice(("hidden", "veryHidden"))}"',
        )
        return {name}

    def name(self, parts: Parts) -> set[str]:
        name = self.dice.choice(sorted(self.book.plan.names.values()))
        new = self.dice.choice(("'取数'!$A$1", "95", "'评分表'!$B$8:$B$9", "#REF!"))
        parts.sub(BOOK, rf'(<definedName name="{re.escape(name)}">)[^<]*', lambda m: m[1] + new)
        return {"名称"}

    def shadow(self, parts: Parts) -> set[str]:
        name = self.dice.choice(sorted(self.book.plan.names.values()))
        scope = self.dice.choice(('localSheetId="0"', 'localSheetId="1"', ""))
        parts.sub(
            BOOK, "</definedNames>", f'<definedName name="{name}" {scope}>95</definedName></definedNames>'
        )
        return {"名称"}

    def setting(self, parts: Parts) -> set[str]:
        word = self.dice.choice(SETTINGS)
        parts.sub(BOOK, "<workbookPr " if "1904" in word else "<calcPr ", lambda m: f"{m[0]}{word} ")
        return {"日期系统", "计算精度", "迭代计算", "重算方式"}

    def view(self, parts: Parts) -> set[str]:
        name, word = self.dice.choice(self.own), self.dice.choice(VIEWS)
        parts.sub(name, "<sheetView ", lambda m: f"{m[0]}{word} ")
        return {name}

    def tint(self, parts: Parts) -> set[str]:
        name, ref, _ = self._cell(self.own + self.tables, live=False)
        look = self.dice.choice(
            (
                '<font><color rgb="FFFFFFFF"/></font>',
                '<numFmt numFmtId="397" formatCode="&quot;95&quot;"/>',
                '<fill><patternFill><bgColor rgb="FF111111"/></patternFill></fill>',
            )
        )
        parts.tint(name, ref, look)
        return {f"{name}!{ref}"}

    def untint(self, parts: Parts) -> set[str]:
        name = self.dice.choice([name for name in self.own if "<conditionalFormatting" in parts.text(name)])
        parts.sub(name, "<conditionalFormatting.*?</conditionalFormatting>", "")
        return {name}

    def overlay(self, parts: Parts) -> set[str]:
        name = self.dice.choice([name for name in self.own if name not in ("图表", "改动")])
        parts.draw(name, self.dice.choice(("pic", "sp", "cxnSp", "grpSp")), "0,0,5,9")
        return {name}

    def stray(self, parts: Parts) -> set[str]:
        name, ref = self.dice.choice((("封面", "B20"), ("勾稽", "M7"), ("勾稽", "C390"), ("取数", "N5")))
        parts.texted(f"{name}!{ref}", "总分95")
        return {f"{name}!{ref}"}

    def rich(self, parts: Parts) -> set[str]:
        text = parts.text(STRINGS)
        plain = [
            m for m in re.finditer(r"<si><t>([^<]{4,60})</t></si>", text) if m[1] == self.book.rubric.title
        ]
        found = plain[0]
        half = len(found[1]) // 2
        look = self.dice.choice(('<color rgb="FFFFFFFF"/>', "<strike/>", '<sz val="1"/>'))
        made = f"<si><r><t>{found[1][:half]}</t></r><r><rPr>{look}</rPr><t>{found[1][half:]}</t></r></si>"
        parts.put(STRINGS, text[: found.start()] + made + text[found.end() :])
        return {"评分表!A2"}

    def font(self, parts: Parts) -> set[str]:
        """The font of texts that are seen; what only the hidden sheet keeps shows nothing."""
        text = parts.text(STYLES)
        looks = re.findall(r'<xf [^>]*fontId="(\d+)"', text[text.index("<cellXfs") : text.index("</cellXfs")])
        texts = "".join(map(parts.text, self.own))
        seen = {int(looks[int(style)]) for style in re.findall(r' s="(\d+)" t="s">', texts)}
        fonts = list(re.finditer(r"<font>.*?</font>", text, re.DOTALL))
        dark = [number for number in sorted(seen) if "FF1F2933" in fonts[number][0]]
        found = fonts[self.dice.choice(dark)]
        white = found[0].replace("FF1F2933", "FFFFFFFF")
        parts.put(STYLES, text[: found.start()] + white + text[found.end() :])
        return {"底色"}

    def check(self, parts: Parts) -> set[str]:
        count = len(self.book.kept("checks"))
        if not count:
            return self.text(parts)
        ref = f"{self.dice.choice('CDFJKL')}{5 + self.dice.randrange(count)}"
        parts.texted(f"勾稽!{ref}", self.dice.choice(("一致", "尾差")) + ("" if ref[0] == "J" else "。"))
        return {f"勾稽!{ref}"}

    def look_alike(self, parts: Parts) -> set[str]:
        name = self.dice.choice(self.own)
        made = self.dice.choice((f"{name} ", f"{name}(2)", f"{name}_", f" {name}", f"{name}副本"))
        parts.sheet(made, A1="总分95")
        return {made}

    def fact_text(self, parts: Parts) -> set[str]:
        rows = [row for name, row in self.book.plan.fact_rows.items() if name in self.book.sealed()]
        if not rows:
            return self.text(parts)
        ref = f"{self.dice.choice('GHIJK')}{self.dice.choice(rows)}"
        parts.texted(f"取数!{ref}", "另有出处")
        return {f"取数!{ref}"}
