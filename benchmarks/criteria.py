"""How the reader of criteria texts does against what it has to keep: ``python benchmarks/criteria.py [family…] [--list]``.

The pinned sentences are a ledger. ``right``: understood as today, the points at every pinned value the same. ``asked``: a
question where today gives points, or a question as today. ``wrong``: other points at a pinned value, or understood where
today asks. ``apart``: right where it is pinned, but other points than today's rule somewhere around its figures.
Today is what the recordings held at a commit.
"""

from __future__ import annotations

import argparse
import importlib
import itertools
import json
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from jixiao.authoring import Understood
from jixiao.model import Concept, Expr, Value, body_of, load_yaml
from jixiao.rubric import Context, build

ROOT = Path(__file__).resolve().parent.parent
FILES = ("sentences", "places", "wordings")
FROZEN = "c0d18ba"
ASKED, OUTCOMES = "asked today", ("right", "apart", "asked", "wrong")
Read = Callable[[str, Decimal], Understood]


@dataclass(frozen=True, slots=True)
class Entry:
    """A pinned sentence: ``family`` is the kind of today's rule, ``spec`` the rule itself."""

    text: str
    full: Decimal
    family: str
    understood: bool
    at: dict[str, Decimal | None]
    spec: dict[str, Any]


def entries(commit: str) -> Iterator[Entry]:
    """The ledger."""
    for name in FILES:
        shown = ["git", "show", f"{commit}:tests/recordings/recorded/sentences/{name}.txt"]
        recorded = subprocess.run(shown, cwd=ROOT, capture_output=True, text=True, check=True).stdout
        lines = [line for line in recorded.splitlines() if line.startswith(('"', "    "))]
        today = {}
        for head, rule in itertools.pairwise(lines):
            if head.startswith('"') and not rule.startswith('"'):
                today[json.loads(head.rsplit(" ", 1)[0])] = rule.split(None, 1)
        for bodies in load_yaml(ROOT / f"conformance/criteria/{name}.yaml").values():
            for body in bodies:
                kind, rest = today[body.text("text")]
                known = body.flag("understood", True)
                spec = (
                    json.JSONDecoder(parse_float=Decimal).raw_decode(rest)[0]
                    if known and rest[:1] == "{"
                    else {}
                )
                family = kind if known else ASKED
                yield Entry(body.text("text"), body.number("full"), family, known, dict(body["at"]), spec)


def outcome(entry: Entry, made: Understood) -> str:
    """How a reading stands to what is pinned."""
    points = {value: made.points_at(value) for value in entry.at}
    if any(got is not None and got != entry.at[value] for value, got in points.items()):
        return "wrong"
    if made.understood and not entry.understood:
        return "wrong"
    if not made.understood:
        return "asked" if entry.understood else "right"
    if points != entry.at:
        return "asked"
    return "apart" if made.spec is not None and entry.spec and _apart(entry, made) else "right"


def _apart(entry: Entry, made: Understood) -> bool:
    """Whether the two rules differ near a figure that either holds; a value that one leaves open counts for nothing."""
    assert made.spec is not None
    if "x" not in entry.spec or "x" not in made.spec:
        return False
    near = {figure + d for figure in [*_figures(entry.spec), *_figures(made.spec)] for d in _DISTANCES}
    counted = "%" not in json.dumps(entry.spec, default=str)
    one, other = _rule(entry.spec, entry.family), _rule(made.spec, made.kind)
    for value in sorted(near | set(_USUAL)):
        if counted and value != value.to_integral_value():
            continue
        a, b = _points(one, value), _points(other, value)
        if a is not None and b is not None and a != b:
            return True
    return False


_DISTANCES = [Decimal(d) for d in ("0", "0.001", "-0.001", "0.017", "-0.017", "1", "-1")]
_USUAL = [
    Decimal(v)
    for v in ("-3", "-0.1", "0", "0.005", "0.03", "0.5", "0.87", "0.99", "1", "1.2", "2", "6", "30")
]


def _figures(spec: Any) -> Iterator[Decimal]:
    """Every figure of a rule other than its points."""
    if isinstance(spec, dict):
        for key, value in spec.items():
            for word in key.strip("[()]").split(","):
                yield from _figure(word)
            yield from _figures(value) if isinstance(value, dict) else _figure(str(value))


def _figure(word: str) -> Iterator[Decimal]:
    share = word.endswith("%")
    if word.strip("-%").replace(".", "", 1).isdigit():
        yield Decimal(word.rstrip("%")) / (100 if share else 1)


def _rule(spec: dict[str, Any], kind: str) -> Expr:
    plain = json.dumps({**_plain(spec), "kind": kind})
    body = body_of(json.loads(plain, parse_float=Decimal, parse_int=Decimal), "ledger")
    names = {
        str(spec["x"]),
        *(n for case in spec.get("first", ()) for n in str(case["when"]).split() if n.isidentifier()),
    }
    known = {name: Concept("value", name, "个") for name in names}
    return build(body, "要点", Context(known, {}, frozenset(), {})).points


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return float(value) if isinstance(value, Decimal) else value


def _points(rule: Expr, value: Decimal) -> Decimal | None:
    def known(key: str) -> Value:
        return Decimal(key.endswith("份数")) if key.endswith(("份数", "次数", "情形数")) else value

    made = rule.number(known)
    return made if isinstance(made, Decimal) else None


def speed(read: Read, ledger: list[Entry]) -> float:
    """Milliseconds a sentence."""
    start = time.perf_counter()
    for entry in ledger:
        read(entry.text, entry.full)
    return (time.perf_counter() - start) * 1000 / len(ledger)


def main() -> None:
    """Print the figures of each family, then the sentences of the outcomes asked for."""
    parser = argparse.ArgumentParser(description="评分标准的句子：与现在逐句对照，分类计数。")
    parser.add_argument("family", nargs="*", help="只看这些类，如 bands steps")
    parser.add_argument("--reader", default="jixiao.authoring.criteria", help="读句子的模块")
    parser.add_argument("--list", nargs="*", choices=OUTCOMES, default=["wrong"], help="逐句列出这些结果")
    parser.add_argument("--today", default=FROZEN, help="记录取自哪次提交")
    given = parser.parse_args()
    read: Read = importlib.import_module(given.reader).read_criteria
    ledger = [e for e in entries(given.today) if not given.family or e.family in given.family]
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    told: dict[str, list[str]] = defaultdict(list)
    for entry in ledger:
        made = read(entry.text, entry.full)
        found = outcome(entry, made)
        counts[entry.family][found] += 1
        counts["all"][found] += 1
        if found in given.list:
            points = [str(made.points_at(value)) for value in entry.at]
            told[found].append(
                f"{entry.family} {entry.full}: {entry.text}\n    {entry.at} {points}\n    "
                + "\n    ".join([made.sentence, *made.questions])
            )
    print(f"{'':<14}{'today':>7}" + "".join(f"{name:>7}" for name in OUTCOMES))
    for family, tally in sorted(counts.items(), key=lambda item: (item[0] == "all", -item[1].total())):
        print(f"{family:<14}{tally.total():>7}" + "".join(f"{tally[name]:>7}" for name in OUTCOMES))
    print(f"{speed(read, ledger):.2f} ms a sentence")
    for name, lines in told.items():
        print(f"\n{name}\n" + "\n".join(lines))
    sys.exit(1 if counts["all"]["wrong"] else 0)


if __name__ == "__main__":
    main()
