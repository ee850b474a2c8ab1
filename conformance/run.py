"""Hold any scoring program against the suite: ``python conformance/run.py [--only KIND] -- COMMAND…``.

COMMAND reads one JSON object a line and answers each with one line of JSON, in order (README.md says what is asked).
A point is right, asked about (待核定: a person decides although the text settles it), or wrong. Needs only PyYAML.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).resolve().parent
SPECIMEN = HERE.parent / "workbooks" / "specimens" / "suixi-2022"
PENDING = "待核定"
RIGHT, ASKED, WRONG = "正确", "转人工", "不正确"
Path_ = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """One question: ``wanted`` are places in the answer with what must stand there."""

    kind: str
    name: str
    request: dict[str, Any]
    wanted: tuple[tuple[Path_, Any], ...]


def criteria() -> Iterator[Case]:
    """A criteria sentence and values -> the points of each, or a question."""
    texts = set()
    for file in sorted((HERE / "criteria").glob("*.yaml")):
        for bodies in _read(file).values():
            for body in bodies:
                values = {str(key): points for key, points in body["at"].items()}
                request = {"text": body["text"], "full": body["full"], "values": list(values)}
                asked = not body.get("understood", bool(values))
                wanted = [(("points", n), points) for n, points in enumerate(values.values())]
                text = body["text"].replace("\n", " ")
                name = f"{text}（满分{body['full']}分）" if text in texts else text
                texts.add(text)
                yield _case("criteria", name, request, [(("asked",), asked), *wanted])


def tables() -> Iterator[Case]:
    """The rows of an official table -> its indicators with their full points, and the points that they give."""
    for body in _read(HERE / "tables.yaml"):
        wanted: list[tuple[Path_, Any]] = [
            (("indicators", title), full) for title, full in body["full"].items()
        ]
        asked = [(title, value) for title, points in body.get("points", {}).items() for value in points]
        wanted += [(("points", n), body["points"][title][value]) for n, (title, value) in enumerate(asked)]
        yield _case(
            "table", body["name"], {"rows": body["rows"], "values": [list(one) for one in asked]}, wanted
        )


def indicators() -> Iterator[Case]:
    """An indicator of a published table and what is known -> its points."""
    for file in sorted((HERE / "indicators").glob("*/*.yaml")):
        for body in _read(file)["cases"]:
            request = {"rubric": file.parent.name, "indicator": file.stem, "given": body.get("given", {})}
            points = body.get("points", {})
            by_title = points if isinstance(points, dict) else {"": points}
            wanted = [(("points", title), value) for title, value in by_title.items()]
            yield _case("indicator", f"{file.stem}：{body['name']}", request, wanted)


def rows() -> Iterator[Case]:
    """A row of a self-evaluation form -> what it earns."""
    for file in sorted((HERE / "rows").glob("*.yaml")):
        for body in _read(file):
            request = {"form": file.stem, "row": {"三级指标": "指标", "分值": 10} | body["row"]}
            yield _case("row", f"{file.stem}：{body['about']}", request, [(("points",), body["earns"])])


def facts() -> Iterator[Case]:
    """The files of a unit -> the figures in them, each by its name and, where it is said, its table."""
    folder = HERE / "facts" / "putuo-guihua-2024"
    file = str(folder / "部门决算.pdf")
    for table, figures in _read(folder / "expected.yaml")["facts"].items():
        for name, body in figures.items():
            value = Decimal(body["value"])
            yield _case(
                "facts", f"普陀规划 {table} {name}", {"files": [file]}, [(("facts", table, name), value)]
            )
    files = [str(SPECIMEN / name) for name in ("决算报表.xlsx", "资产报表.xls", "预算批复.xlsx")]
    for name, body in _read(SPECIMEN / "case.yaml")["facts"].items():
        if any(word in body["from"] for word in ("财决", "国有资产报表")):
            yield _case("facts", f"遂溪 {name}", {"files": files}, [(("facts", "", name), body["value"])])


def books() -> Iterator[Case]:
    """What a unit fills in -> total, grade and the points of each indicator; then with an entry changed."""
    for file in sorted((HERE / "books").glob("*.yaml")):
        body = _read(file)
        names = ("unit", "year", "facts", "verdicts", "not_applicable")
        given = body["facts"] if "verdicts" not in body else {name: body[name] for name in names}
        request = {"rubric": file.stem, "given": given, "projects": body.get("projects")}
        yield _case("book", file.stem, request, _card(body))
        for variant in body.get("variants", ()):
            changed = request | {"changed": variant["changed"]}
            yield _case("book", f"{file.stem}：{variant['name']}", changed, _card(variant))
    case = _read(SPECIMEN / "case.yaml")
    sources = sorted(str(file) for file in SPECIMEN.iterdir() if file.suffix != ".yaml")
    request = {"rubric": "suixi-2022", "sources": sources, "given": _read(SPECIMEN / "judgements.yaml")}
    awarded = {t: p for t, p in case["awarded"].items() if t not in request["given"]["not_applicable"]}
    yield _case(
        "book", "suixi-2022", request, _card({"points": awarded, "total": case["total"], "grade": "良"})
    )


KINDS = {
    "criteria": criteria,
    "table": tables,
    "facts": facts,
    "indicator": indicators,
    "row": rows,
    "book": books,
}


def _card(body: dict[str, Any]) -> list[tuple[Path_, Any]]:
    wanted: list[tuple[Path_, Any]] = [((name,), body[name]) for name in ("total", "grade") if name in body]
    wanted += [(("points", title), points) for title, points in body["points"].items()]
    return wanted + [(("values", key), value) for key, value in body.get("values", {}).items()]


def _case(kind: str, name: str, request: dict[str, Any], wanted: Iterable[tuple[Path_, Any]]) -> Case:
    return Case(kind, name, {"kind": kind, **request}, tuple(wanted))


def _read(file: Path) -> Any:
    return yaml.safe_load(file.read_text("utf-8"))


def suite(kinds: Sequence[str] = ()) -> list[Case]:
    """All cases of the kinds asked for, or of all."""
    return [case for kind in kinds or KINDS for case in KINDS[kind]()]


def ask(command: Sequence[str], cases: Sequence[Case]) -> Iterator[Any]:
    """The answers, one a case; the same question is asked once. None where the program gave no line of JSON."""
    lines = [json.dumps(case.request, ensure_ascii=False, default=str) for case in cases]
    questions = list(dict.fromkeys(lines))
    done = subprocess.run(  # noqa: S603 - the program under test
        command, input="\n".join(questions) + "\n", stdout=subprocess.PIPE, encoding="utf-8", check=False
    )
    answers = dict(zip(questions, done.stdout.splitlines(), strict=False))
    for line in lines:
        try:
            yield json.loads(answers.get(line, ""), parse_float=Decimal)
        except ValueError:
            yield None


def judge(case: Case, answer: Any) -> tuple[str, list[str]]:
    """Right, asked or wrong, and what is not as it must be."""
    worst, told = RIGHT, []
    for path, wanted in case.wanted:
        got = answer
        for step in path:
            if isinstance(got, list) and isinstance(step, int) and step < len(got):
                got = got[step]
            else:
                got = got.get(step) if isinstance(got, dict) else None
        if _same(got, wanted):
            continue
        told.append(f"{' '.join(map(str, path))}：应为 {_shown(wanted)}，答 {_shown(got)}")
        # who asks where there is nothing to ask is careful; who does not ask where a person decides is wrong
        careful = got is True if isinstance(wanted, bool) else got in (None, PENDING)
        worst = ASKED if careful and worst != WRONG else WRONG
    return worst, told


def _same(got: Any, wanted: Any) -> bool:
    if isinstance(got, bool) or isinstance(wanted, bool):
        return got is wanted
    if isinstance(got, list):  # several tables give the figure
        return any(_same(one, wanted) for one in got)
    try:
        return Decimal(str(got)) == Decimal(str(wanted))
    except InvalidOperation:
        return (PENDING if got is None else got) == (PENDING if wanted is None else wanted)


def _shown(value: Any) -> str:
    return PENDING if value is None else str(value)


def report(cases: Sequence[Case], answers: Iterable[Any], known: frozenset[str]) -> int:
    """Print every case that is not right and a count a kind; 1 where one is not right and not declared."""
    counts: Counter[tuple[str, str]] = Counter()
    open_cases, seen = 0, set()
    for case, answer in zip(cases, answers, strict=True):
        verdict, told = judge(case, answer)
        counts[case.kind, verdict] += 1
        if verdict == RIGHT:
            continue
        seen.add(case.name)
        if case.name not in known or verdict == WRONG:
            open_cases += 1
            print(f"{verdict}｜{case.kind}｜{case.name}｜{'；'.join(told)}")
    for kind in dict.fromkeys(case.kind for case in cases):
        each = "，".join(f"{verdict} {counts[kind, verdict]}" for verdict in (RIGHT, ASKED, WRONG))
        print(f"{kind}：{each}")
    print(f"共 {len(cases)} 例，没有说明的偏差 {open_cases} 例，已说明的 {len(seen & known)} 例")
    return 1 if open_cases else 0


def main() -> int:
    """Run the suite as the command line says."""
    parser = argparse.ArgumentParser(description="评分一致性测试集：逐例提问，核对回答")
    parser.add_argument("--only", action="append", choices=KINDS, default=[], help="只做一类，可写多次")
    parser.add_argument("--deviations", type=Path, help="已说明的偏差，一行一个案例名；只许转人工，不许算错")
    parser.add_argument("--list", action="store_true", help="只列出案例")
    parser.add_argument("command", nargs=argparse.REMAINDER, help="被测的程序，写在 -- 之后")
    given = parser.parse_args()
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    cases = suite(given.only)
    if given.list:
        print("\n".join(f"{case.kind}｜{case.name}" for case in cases))
        return 0
    command = given.command[1:] if given.command[:1] == ["--"] else given.command
    if not command:
        parser.error("请在 -- 之后写被测的程序")
    known = frozenset(given.deviations.read_text("utf-8").splitlines()) if given.deviations else frozenset()
    return report(cases, ask(command, cases), known)


if __name__ == "__main__":
    sys.exit(main())
