"""Sealing: a short digest of a workbook, by which an office knows it again; filed, signed and compared.

It covers what the workbook says, not how it is stored: the same workbook saved by another program has the same digest.
A digest that the receiving office keeps catches whoever changes the workbook afterwards, with or without its own seals.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from jixiao.master import COVER_TOLD, ScoringBook, open_scoring_book, scored
from jixiao.model import (
    DefinitionError,
    Findings,
    Refused,
    Source,
    UsageStop,
    Value,
    plain,
    read_json,
    read_regular,
    reason,
)
from jixiao.office import as_typed, canonical
from jixiao.rubric import digest as of_text
from jixiao.scoring import Scorecard, json_number, shown

SHORT, BLOCK = 20, 4  # letters that are printed, 80 bits, and how many stand together
LETTERS = "GHJKMNPQRSTUVWXY"
"""What is printed for a hexadecimal digit: no figure for who audits a report, none that looks like another."""
MAX_FILE = 100_000
FORMAT = "jixiao seal 1"
GROUPS = ("定义", "数据", "判定", "结果", "印出")
"""What a digest is made of: the rubric, what documents gave and what stands there now, what people decided, the scores, and
the words and formulas of the sheets that a person signs."""
_DIGEST = re.compile(rf"[0-9a-f]{{{SHORT},64}}")


@dataclass(frozen=True, slots=True)
class Seal:
    """The digest of a workbook, with those of its groups; amounts of points are texts, exact as printed.

    ``signature`` is that of a bureau over all the rest (Ed25519, base64), empty without one.
    """

    file: str
    unit: str
    year: str
    rubric: str
    total: str
    grade: str
    changes: int
    groups: Mapping[str, str] = field(default_factory=dict)
    signature: str = ""

    @property
    def digest(self) -> str:
        """The whole digest: SHA-256, hexadecimal."""
        return _hash([[name, self.groups[name]] for name in GROUPS])

    @property
    def short(self) -> str:
        """What is printed: ``HTGM-PXKV-QQYS-GNHT-MMUU``."""
        text = "".join(LETTERS[int(digit, 16)] for digit in self.digest[:SHORT])
        return "-".join(text[at : at + BLOCK] for at in range(0, SHORT, BLOCK))

    def data(self) -> dict[str, Any]:
        """As plain data, the content of a seal file."""
        made: dict[str, Any] = {
            "format": FORMAT, "file": self.file, "unit": self.unit, "year": self.year, "rubric": self.rubric,
            "total": self.total, "grade": self.grade, "changes": self.changes, "digest": self.digest,
            "groups": dict(self.groups),
        }  # fmt: skip
        return made | ({"signature": self.signature} if self.signature else {})

    def signed_text(self) -> bytes:
        """What a signature is over."""
        return _plain({name: value for name, value in self.data().items() if name != "signature"})


def seal_of(book: ScoringBook, card: Scorecard) -> Seal:
    """The seal of an open workbook and its scorecard."""
    groups = {
        "定义": of_text(book.text("definition")),
        "数据": _hash(_facts(book)),
        "判定": _hash(_judgements(book, card)),
        "结果": _hash(_results(card)),
        "印出": _hash(_printed(book)),
    }
    points = plain(card.total)
    changed = len(card.changes)
    return Seal(book.path.name, card.unit, card.year, card.rubric, points, card.grade, changed, groups)


def seal(path: Path) -> Seal:
    """The seal of a workbook's file. Refused where it is not a scoring workbook."""
    book = open_scoring_book(path)
    return seal_of(book, scored(book))


def _plain(data: Any) -> bytes:
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8")


def _hash(data: Any) -> str:
    return hashlib.sha256(_plain(data)).hexdigest()


def _said(value: Value) -> str | None:
    """A content as every program gives it back: numbers to 15 digits, texts without the form of their blanks."""
    if isinstance(value, Decimal):
        return f"={plain(as_typed(value))}"
    return "".join(str(value).split()) or None if value is not None else None


def _entries(book: ScoringBook, *, facts: bool) -> list[list[Any]]:
    """The entries that documents fill, or those that people do; how a cell gets its figure counts too."""
    made = []
    for key, entry in book.net.entries.items():
        link, formula = book.links.get(key), canonical(book.formulas.get(key, ""))
        value = _said(book.entries.get(key))
        if entry.fact is facts and (value, link, formula) != (None, None, ""):
            made.append([key, value, link.data() if link else None, formula])
    return made


def _facts(book: ScoringBook) -> list[Any]:
    kept = [[file, sha, sheet, name] for file, sha, sheet, name, *_ in book.kept("sources")]
    tables = [[name, _contents(book, name)] for *_, name in kept if name in book.book.sheet_names]
    seals = [[key, _said(one.value), one.source.place()] for key, one in sorted(book.sealed().items())]
    return [sorted(kept), sorted(tables), seals, _entries(book, facts=True)]


def _contents(book: ScoringBook, name: str) -> list[tuple[str, str]]:
    """The cells of a sheet that hold something, as texts."""
    sheet, made = book.sheet(name), []
    for cell in sheet.cells():
        said = _said(cell.value) if cell.formula is None else f"={canonical(sheet.formula(cell))}"
        if said:
            made.append((cell.ref, said))
    return sorted(made)


def _judgements(book: ScoringBook, card: Scorecard) -> list[Any]:
    return [_entries(book, facts=False), [[one.place, one.reason] for one in card.changes if one.reason]]


def figures_of(book: ScoringBook, card: Scorecard) -> dict[str, dict[str, str]]:
    """What people would call changed, by group and name: the entries, and the points of the indicators."""
    made: dict[str, dict[str, str]] = {"数据": {}, "判定": {}, "结果": {}}
    for key, entry in book.net.entries.items():
        if (value := book.entries.get(key)) is not None:
            made["数据" if entry.fact else "判定"][key] = (
                plain(as_typed(value)) if isinstance(value, Decimal) else str(value)
            )
    made["结果"] = {one.title: shown(one.points) or "待核定" for one in card.indicators}
    made["结果"]["总分"] = plain(card.total)
    return made


def _results(card: Scorecard) -> list[Any]:
    rows = [
        [one.title, *map(_said, (one.full, one.rule_points, one.points)), one.status, _said(one.explanation)]
        for one in card.indicators
    ]
    tables = [[json_number(table.points), table.grade, table.name] for table in card.tables]
    return [_said(card.total), _said(card.rule_total), card.grade, rows, tables]


def _printed(book: ScoringBook) -> list[Any]:
    """The cells of the sheets that are signed, but for what people fill in and what tells of changes and of the review."""
    plan = book.plan
    apart = {plan.places[key] for key in book.net.entries if key in plan.places} | COVER_TOLD
    refs = {(place.sheet, place.ref) for place in apart}
    signed = [name for name in plan.signed if name in book.book.sheet_names]
    return [
        [name, [cell for cell in _contents(book, name) if (name, cell[0]) not in refs]] for name in signed
    ]


# ------------------------------------------------------------------------------------------- filed and compared


def as_file(made: Seal) -> bytes:
    """The content of a seal file."""
    return (json.dumps(made.data(), ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def read_seal(text: str) -> Seal | str:
    """A seal file by its path, or a digest as it was printed or filed. UsageStop (2) for neither, Refused (3) for a bad file."""
    path, bare = Path(text), re.sub(r"[\s-]", "", text).upper()
    bare = "".join(f"{LETTERS.index(letter):x}" if letter in LETTERS else letter.lower() for letter in bare)
    if not text or not path.exists():
        if not _DIGEST.fullmatch(bare):
            raise UsageStop("J652", name=text)
        return bare
    try:
        body = read_json(_bytes(path).decode("utf-8"), path.name)
        body.only(
            ("format", "file", "unit", "year", "rubric", "total", "grade", "changes", "digest", "groups"),
            ("signature",),
        )
        groups = body.part("groups").only(GROUPS)
        made = Seal(
            file=body.text("file"),
            unit=body.text("unit"),
            year=body.text("year"),
            rubric=body.text("rubric"),
            total=body.text("total"),
            grade=body.text("grade"),
            changes=body.whole("changes"),
            groups={name: groups.text(name) for name in GROUPS},
            signature=body.text("signature", ""),
        )
        wrong = body.text("format") != FORMAT or body.text("digest") != made.digest
    except (DefinitionError, UnicodeDecodeError) as error:
        raise Refused("J651", Source(path.name), file=path.name) from error
    if wrong:
        raise Refused("J651", Source(path.name), file=path.name)
    return made


def _bytes(path: Path) -> bytes:
    try:
        data, _ = read_regular(path, MAX_FILE)
    except FileNotFoundError as error:
        raise UsageStop("J652", name=str(path)) from error
    except OSError as error:
        raise Refused("J533", file=path.name, why=reason(error)) from error
    return data[:MAX_FILE]


def compare(kept: Seal | str, book: ScoringBook, card: Scorecard) -> Findings:
    """What differs between the seal that an office kept and a workbook now: by groups, where the file tells them."""
    found, now = Findings(), seal_of(book, card)
    if isinstance(kept, str):
        if not now.digest.startswith(kept):
            found.add("J650", Source(book.path.name), groups="封存的内容", now=now.short)
        return found
    differing = [name for name in GROUPS if kept.groups[name] != now.groups[name]]
    if differing:
        found.add("J650", Source(book.path.name), groups="、".join(differing), now=now.short)
    return found


# ------------------------------------------------------------------------------------------------------- signing


def sign(made: Seal, key: Path, ask: Callable[[], str] | None = None) -> Seal:
    """The seal signed with a bureau's private key (Ed25519, PEM); ``ask`` gives its password where it has one.

    UsageStop (2) where the file is no such key, the password is wrong, or the library is not installed.
    """
    keys = _signing()
    data = _bytes(key)
    try:
        try:
            private = keys.load_pem_private_key(data, None)
        except TypeError:  # it has a password
            private = keys.load_pem_private_key(data, (ask() if ask else "").encode("utf-8"))
    except (ValueError, TypeError, keys.UnsupportedAlgorithm) as error:
        raise UsageStop("J653", name=key.name) from error
    if not isinstance(private, keys.Ed25519PrivateKey):
        raise UsageStop("J653", name=key.name)
    return replace(made, signature=base64.b64encode(private.sign(made.signed_text())).decode("ascii"))


def check_signature(kept: Seal | str, public: Path | None) -> Findings:
    """Whether a kept seal is signed by the holder of a key; a signature that nobody checks is said."""
    found = Findings()
    signature = "" if isinstance(kept, str) else kept.signature
    if public is None:
        if signature:
            found.add("J655")
        return found
    if isinstance(kept, str) or not signature:
        found.add("J656")
        return found
    keys = _signing()
    try:
        key = keys.load_pem_public_key(_bytes(public))
    except (ValueError, keys.UnsupportedAlgorithm) as error:
        raise UsageStop("J653", name=public.name) from error
    if not isinstance(key, keys.Ed25519PublicKey):
        raise UsageStop("J653", name=public.name)
    try:
        key.verify(base64.b64decode(signature, validate=True), kept.signed_text())
    except (keys.InvalidSignature, binascii.Error):
        found.add("J654", name=public.name)
    return found


def _signing() -> ModuleType:
    """The library's names, loaded where somebody signs; UsageStop where it is not installed."""
    try:
        return import_module("jixiao.verify.signing")
    except ImportError as error:
        raise UsageStop("J657") from error
