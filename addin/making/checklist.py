"""The manual checklist as a workbook that records the answers: ``python -m addin.making.checklist -o 核对表.xlsx``.

Filled in beside the real program and read again (``--read``), it says what is proven where, by whom and when. Until then
Excel, Mac and WPS are unproven.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from addin.making import FOLDER
from jixiao.model import load_yaml

HOSTS = {"windows": "Windows Excel", "mac": "Mac Excel", "wps": "WPS 表格"}
UNPROVEN, PASSED, FAILED = "未证明", "通过", "没有通过"
COLUMNS = {
    "编号": 12, "软件": 15, "做什么": 46, "应看到": 46, "结果": 11, "实际看到的": 36, "软件版本": 18, "谁": 10, "日期": 12,
}  # fmt: skip
NEEDED = ("软件版本", "谁", "日期")  # without them an answer proves nothing


def items(file: Path = FOLDER / "checklist.yaml") -> list[tuple[str, str, str, str]]:
    """Id, program, what is done and what should be seen, a row each; DefinitionError where an item is wrong."""
    listed = load_yaml(file)
    made = []
    for name in listed:
        item = listed.part(name).only(("hosts", "does", "sees"))
        made += [(name, HOSTS[host], item.text("does"), item.text("sees")) for host in item.texts("hosts")]
    return made


def write(path: Path) -> None:
    """The empty checklist: every result unproven."""
    import xlsxwriter

    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("核对")
        head = book.add_format({"bold": True, "bg_color": "#DCE6F1", "border": 1})
        text = book.add_format({"text_wrap": True, "valign": "top", "border": 1})
        typed = book.add_format({"text_wrap": True, "valign": "top", "border": 1, "bg_color": "#FFF9DB"})
        for at, (name, width) in enumerate(COLUMNS.items()):
            sheet.set_column(at, at, width)
            sheet.write(0, at, name, head)
        for row, item in enumerate(items(), 1):
            sheet.set_row(row, 48)
            for at, value in enumerate((*item, UNPROVEN, "", "", "", "")):
                sheet.write_string(row, at, value, text if at < len(item) else typed)
        last = len(items())
        sheet.data_validation(1, 4, last, 4, {"validate": "list", "source": [UNPROVEN, PASSED, FAILED]})
        sheet.freeze_panes(1, 2)
        sheet.autofilter(0, 0, last, len(COLUMNS) - 1)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)


def answers(path: Path) -> dict[tuple[str, str], str]:
    """(id, program) -> result of a checklist that was filled in; what nobody signed with version, name and day is unproven."""
    import openpyxl

    rows = openpyxl.load_workbook(path, data_only=True)["核对"].iter_rows(min_row=2, values_only=True)
    found = {}
    for row in rows:
        filled = dict(zip(COLUMNS, (str(value or "").strip() for value in row), strict=False))
        signed = all(filled[name] for name in NEEDED) and filled["结果"] in (PASSED, FAILED)
        found[filled["编号"], filled["软件"]] = filled["结果"] if signed else UNPROVEN
    return {(name, host): found.get((name, host), UNPROVEN) for name, host, _, _ in items()}


def main() -> None:
    """Write an empty checklist, or say what a filled one proves."""
    parser = argparse.ArgumentParser(description="the manual checklist for Excel and WPS")
    parser.add_argument("-o", "--output", type=Path, help="write an empty checklist")
    parser.add_argument("--read", type=Path, help="say what a filled one proves")
    words = parser.parse_args()
    if words.output:
        write(words.output)
    for host in HOSTS.values() if words.read else ():
        mine = {name: result for (name, of), result in answers(words.read).items() if of == host}
        told = [f"{r} {n}" for r in (PASSED, FAILED, UNPROVEN) if (n := [*mine.values()].count(r))]
        failed = "、".join(name for name, result in mine.items() if result == FAILED)
        print(f"{host}：{'，'.join(told)}{failed and '：'}{failed}")


if __name__ == "__main__":
    main()
