"""The digest of a workbook: the same however it is stored, another one once anything is changed; filed, signed, compared."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

import jixiao
from jixiao.app import main
from jixiao.master import ScoringBook, open_scoring_book
from jixiao.model import Refused, UsageStop
from jixiao.pipeline import seal as sealed
from jixiao.verify import read_seal

SOFFICE = shutil.which("soffice")


def pem(key: Ed25519PrivateKey | EllipticCurvePrivateKey, password: str = "") -> bytes:
    """A private key as a file."""
    protection = BestAvailableEncryption(password.encode()) if password else NoEncryption()
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, protection)


def put(path: Path, key: str, value: Decimal | str | None) -> None:
    """An entry of the workbook, as a person types it."""
    book: ScoringBook = open_scoring_book(path)
    place = book.plan.places[key]
    book.sheet(place.sheet).set(place.ref, value, formula=None)
    path.write_bytes(book.book.to_bytes())


def relink(path: Path) -> None:
    """A link turned to another cell of the same number: nothing that is shown differs."""
    book = open_scoring_book(path)
    place, link, other = (
        book.plan.places["年度支出决算数"],
        book.links["年度支出决算数"],
        book.links["财政下达预算数"],
    )
    book.sheet(place.sheet).set(place.ref, Decimal("139.4"), formula=other.formula())
    assert link != other
    path.write_bytes(book.book.to_bytes())


def reworded(path: Path) -> None:
    """Another word in the definition inside the workbook."""
    book = open_scoring_book(path)
    cell = book.sheet("_jixiao").get("B10")
    assert cell is not None
    book.sheet("_jixiao").set("B10", str(cell.value).replace("遂溪县", "某县", 1))
    path.write_bytes(book.book.to_bytes())


CHANGES: dict[str, tuple[Callable[[Path], None], set[str]]] = {
    "a figure that moves no points": (lambda p: put(p, "编制人数", Decimal(16)), {"数据"}),
    "a figure that moves points": (lambda p: put(p, "年度支出决算数", Decimal(120)), {"数据", "结果"}),
    "a link of the same number": (relink, {"数据"}),
    "a reason": (lambda p: put(p, "财务合规性.核定理由", "另有理由"), {"判定", "结果"}),
    "a remark": (lambda p: put(p, "财务合规性.佐证材料", "底稿三"), {"判定"}),
    "awarded points": (lambda p: put(p, "财务合规性.核定分", Decimal(5)), {"判定", "结果"}),
    "the definition": (reworded, {"定义"}),
}


@pytest.mark.parametrize("name", CHANGES)
def test_what_was_changed_is_named_by_its_group(name: str, workbook: Path, tmp_path: Path) -> None:
    change, groups = CHANGES[name]
    kept = tmp_path / "封存.json"
    before = jixiao.seal(workbook, kept)
    change(workbook)
    now = jixiao.seal(workbook)
    assert {group for group in before.groups if before.groups[group] != now.groups[group]} == groups
    assert before.short != now.short
    for seal in (str(kept), before.short, before.digest):
        (made,) = jixiao.verify(workbook, engines=["cellrune"], seal=seal)
        (said,) = [finding.message for finding in made.findings if finding.code == "J650"]
        assert now.short in said
        assert all(group in said for group in groups) or seal != str(kept)


def test_a_workbook_scored_again_has_the_same_digest(workbook: Path) -> None:
    before = jixiao.seal(workbook)
    assert main(["score", str(workbook)]) == 0
    assert jixiao.seal(workbook) == before


@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")
def test_a_copy_saved_by_another_program_has_the_same_digest(workbook: Path, tmp_path: Path) -> None:
    out, profile = tmp_path / "存过", f"-env:UserInstallation=file://{tmp_path}/profile"
    command = [
        str(SOFFICE),
        "--headless",
        profile,
        "--convert-to",
        "xlsx",
        "--outdir",
        str(out),
        str(workbook),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    assert jixiao.seal(out / workbook.name) == jixiao.seal(workbook)


@pytest.fixture
def keys(tmp_path: Path) -> tuple[Path, Path]:
    """A private and a public key of a bureau."""
    private, folder = Ed25519PrivateKey.generate(), tmp_path
    files = folder / "私钥.pem", folder / "公钥.pem"
    files[0].write_bytes(pem(private))
    files[1].write_bytes(private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    (folder / "带口令.pem").write_bytes(pem(private, "口令"))
    return files


def codes(path: Path, seal: Path, public: Path | None) -> set[str]:
    (made,) = jixiao.verify(path, engines=["cellrune"], seal=str(seal), public_key=public)
    return {finding.code for finding in made.findings if finding.code.startswith("J65")}


def test_a_signature_holds_for_its_key_and_its_text(
    workbook: Path, tmp_path: Path, keys: tuple[Path, Path]
) -> None:
    private, public = keys
    kept = tmp_path / "封存.json"
    jixiao.seal(workbook, kept, key=private)
    assert codes(workbook, kept, public) == set()
    assert codes(workbook, kept, None) == {"J655"}
    data = json.loads(kept.read_text("utf-8"))
    kept.write_text(json.dumps(data | {"total": "92.27"}), "utf-8")
    assert codes(workbook, kept, public) == {"J654"}
    kept.write_text(json.dumps({name: value for name, value in data.items() if name != "signature"}), "utf-8")
    assert codes(workbook, kept, public) == {"J656"}
    again = sealed(workbook, key=tmp_path / "带口令.pem", ask=lambda: "口令")
    assert again.signature == data["signature"], "Ed25519 signs one text always alike"
    with pytest.raises(UsageStop, match="J653"):
        sealed(workbook, key=tmp_path / "带口令.pem", ask=lambda: "不对")
    other = tmp_path / "椭圆.pem"
    other.write_bytes(pem(generate_private_key(SECP256R1())))
    for wrong in (other, public, workbook):
        with pytest.raises(UsageStop, match="J653"):
            sealed(workbook, key=wrong)


@pytest.mark.parametrize(
    "text",
    ["{", "[]", '{"format": "jixiao seal 1"}', "", "\x00" * 200_000, '{"groups": ' + "[" * 5000 + "}"],
    ids=["cut", "list", "lacking", "empty", "large", "deep"],
)
def test_a_file_that_is_no_seal_is_refused(text: str, tmp_path: Path) -> None:
    file = tmp_path / "封存.json"
    file.write_text(text, "utf-8")
    with pytest.raises(Refused, match="J651"):
        read_seal(str(file))


@pytest.mark.parametrize("text", ["", "没有", "abc", "HTGM-PXKV", "12345678901234567890zz"])
def test_neither_a_file_nor_a_digest_is_wrong_usage(text: str) -> None:
    with pytest.raises(UsageStop, match="J652"):
        read_seal(text)


def test_the_command_prints_and_files_it(workbook: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["seal", str(workbook)]) == 0
    kept = workbook.with_name("评分簿.封存.json")
    made = read_seal(str(kept))
    assert not isinstance(made, str)
    said = capsys.readouterr().out
    assert f"封存摘要 {made.short}" in said and "总分 82.27" in said
    assert main(["verify", "--seal", made.short.lower(), str(workbook)]) == 0
    put(workbook, "编制人数", Decimal(16))
    assert main(["verify", "--seal", str(kept), str(workbook)]) == 1
    assert main(["verify", "--seal", str(kept), str(workbook), str(workbook)]) == 2
    assert main(["verify", "--public-key", str(kept), str(workbook)]) == 2
