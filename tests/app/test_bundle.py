"""The folder to install from without the internet: what of the lock goes in, and how its script installs."""

from __future__ import annotations

import base64
import hashlib
import re
import subprocess
import sys
import zipfile
from importlib.metadata import Distribution, requires
from pathlib import Path
from typing import Any

import pytest

from jixiao.app.bundle import EXTRAS, PLATFORMS, pins, repacked

pytest.importorskip("packaging")
SCRIPTS = Path(__file__).parents[2] / "src" / "jixiao" / "app" / "bundled"
TOOLS = {"pytest", "mypy", "ruff", "mkdocs", "hypothesis", "playwright", "hatchling"}


def names(platform: str, python: str, extras: tuple[str, ...] = EXTRAS) -> dict[str, str]:
    lines = [re.sub(r"\s*\\\s*", " ", line) for line in pins(PLATFORMS[platform], python, extras)]
    assert all(re.fullmatch(r"[\w.-]+==\S+( --hash=sha256:[0-9a-f]{64})+", line) for line in lines)
    return {line.partition("==")[0]: line for line in lines}


@pytest.mark.parametrize("python", ["3.11", "3.12", "3.13", "3.14"])
@pytest.mark.parametrize("platform", PLATFORMS)
def test_what_the_machine_needs_goes_in_once_and_no_tool_of_ours(platform: str, python: str) -> None:
    made = names(platform, python)
    declared = [
        re.split(r"[\[<>=!~; ]", line, maxsplit=1)[0].lower()
        for line in requires("jixiao") or ()
        if "extra ==" not in line
    ]
    assert set(declared) - {"xlwings"} <= set(made) and not TOOLS & set(made)
    assert {"formualizer", "cellrune", "numpy", "pandas", "duckdb", "pypdfium2", "starlette"} <= set(made)
    assert ("pywin32" in made) is (platform == "win_amd64")
    assert ("appscript" in made) is (platform == "macosx_arm64")
    assert ("xlwings" in made) is (platform not in ("linux_x86_64", "linux_aarch64"))


def test_only_the_extras_that_are_asked_for_go_in() -> None:
    few = names("linux_x86_64", "3.12", ("serve",))
    assert {"uvicorn", "click", "lark"} <= set(few) and not {
        "numpy",
        "pandas",
        "duckdb",
        "cryptography",
    } & set(few)


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("--platform", "win32", "--python", "3.12", "-o", "新"), 2, "应为win_amd64、linux_x86_64"),
        (("--platform", "win_amd64", "--python", "3.8", "-o", "新"), 2, "应为3.11、3.12"),
        (
            ("--platform", "win_amd64", "--python", "3.12", "-o", "新", "--extra", "dev"),
            2,
            "应为verify、serve",
        ),
        (("--platform", "win_amd64", "--python", "3.12", "-o", "旧"), 6, "旧"),
    ],
)
def test_wrong_usage(
    words: tuple[str, ...], code: int, says: str, run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "旧").mkdir()
    ran = run("bundle", *words)
    assert ran.code == code and says in ran.line
    assert [file.name for file in tmp_path.iterdir()] == ["旧"]


def wheel(folder: Path) -> Path:
    """The smallest package there is, with a command."""
    path = folder / "jixiao-0.1-py3-none-any.whl"
    files = {
        "jixiao.py": "def console(): print('评分')\n",
        "jixiao-0.1.dist-info/METADATA": "Metadata-Version: 2.1\nName: jixiao\nVersion: 0.1\n",
        "jixiao-0.1.dist-info/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        "jixiao-0.1.dist-info/entry_points.txt": "[console_scripts]\njixiao = jixiao:console\n",
    }
    record = ""
    with zipfile.ZipFile(path, "w") as made:
        for name, text in files.items():
            digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).decode().rstrip("=")
            record += f"{name},sha256={digest},{len(text.encode())}\n"
            made.writestr(name, text)
        made.writestr("jixiao-0.1.dist-info/RECORD", record + "jixiao-0.1.dist-info/RECORD,,\n")
    return path


def test_what_is_installed_becomes_the_wheel_again(tmp_path: Path) -> None:
    place = tmp_path / "site-packages"
    with zipfile.ZipFile(wheel(tmp_path)) as given:
        wanted = {name: given.read(name) for name in given.namelist()}
        given.extractall(place)
    info = place / "jixiao-0.1.dist-info"
    (info / "INSTALLER").write_text("pip\n")
    added = "".join(
        f"{name},,\n" for name in ("../bin/jixiao", "__pycache__/jixiao.pyc", f"{info.name}/INSTALLER")
    )
    with (info / "RECORD").open("a") as record:
        record.write(added)
    with zipfile.ZipFile(repacked(Distribution.at(info), tmp_path)) as made:
        assert {name: made.read(name) for name in made.namelist()} == wanted


def test_a_folder_that_was_not_finished_is_not_left_behind(
    run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PIP_INDEX_URL", (tmp_path / "没有").as_uri())
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    (tmp_path / "jixiao-0.1-py3-none-any.whl").write_bytes(b"")
    words = (
        "--platform",
        "linux_x86_64",
        "--python",
        "3.12",
        "--extra",
        "serve",
        "--wheel",
        "jixiao-0.1-py3-none-any.whl",
    )
    ran = run("bundle", *words, "-o", "新")
    assert ran.code == 3 and "J893" in ran.line and not (tmp_path / "新").exists()


def test_the_script_installs_what_has_the_right_hash_and_nothing_else(tmp_path: Path) -> None:
    folder = tmp_path / "离线 安装"
    (folder / "wheels").mkdir(parents=True)
    digest = hashlib.sha256(wheel(folder / "wheels").read_bytes()).hexdigest()
    here = f"{sys.version_info.major}.{sys.version_info.minor}"
    (folder / "install.sh").write_text(
        (SCRIPTS / "install.sh").read_text("utf-8").replace("@PYTHON@", here), "utf-8"
    )
    outcomes = []
    for number, right in enumerate((digest, "0" * 64)):
        (folder / "requirements.txt").write_text(f"jixiao==0.1 --hash=sha256:{right}\n", "utf-8")
        target = tmp_path / f"装{number}"
        done = subprocess.run(
            ["sh", str(folder / "install.sh"), str(target)],
            env={"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "PYTHON": sys.executable},
            capture_output=True,
            text=True,
            check=False,
        )
        outcomes.append((done.returncode == 0, "装好了" in done.stdout, (target / "bin" / "jixiao").exists()))
    assert outcomes == [(True, True, True), (False, False, False)]


def test_a_wrong_python_is_said(tmp_path: Path) -> None:
    script = tmp_path / "install.sh"
    script.write_text((SCRIPTS / "install.sh").read_text("utf-8").replace("@PYTHON@", "3.9"), "utf-8")
    done = subprocess.run(
        ["sh", str(script)],
        env={"PATH": "/bin", "HOME": "/", "PYTHON": sys.executable},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1 and "需要 Python 3.9" in done.stderr


def test_every_way_through_the_windows_script_ends_with_a_word() -> None:
    lines = (SCRIPTS / "install.cmd").read_text("utf-8").splitlines()
    labels = {line[1:] for line in lines if line.startswith(":")}
    assert {line.split()[-1] for line in lines if "goto" in line} == labels
    assert all(
        "--require-hashes" in line and "--no-index" in line
        for line in lines
        if "pip" in line and " install " in line
    )
    ends = [number for number, line in enumerate(lines) if line.startswith("exit /b")]
    assert all(lines[number - 1].startswith("echo ") for number in ends)
