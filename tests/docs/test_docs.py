"""The docs do what they say: every command and script of a page runs, the site builds without a warning, the schema fits."""

from __future__ import annotations

import inspect
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

import jixiao
from docs import pages
from jixiao.app import main
from jixiao.rubric import KINDS, shipped

ROOT = Path(__file__).parents[2]
PAGES = sorted(file for file in (ROOT / "docs").glob("*.md") if file.name != "findings.md")
NOTEBOOK = ROOT / "docs" / "notebook.ipynb"
BLOCK = re.compile(r'^```(sh|python)(?: title="退出码 (\d+)")?\n(.*?)^```$', re.MULTILINE | re.DOTALL)

FILE = re.compile(r'^```\w+ title="([^"\n]+\.\w+)"\n(.*?)^```$', re.MULTILINE | re.DOTALL)
"""A file that a page shows, for its commands to use."""

QUOTED = re.compile(r"'[^']*'|\"[^\"$`]*\"")


class Block(NamedTuple):
    """What a page tells to run, and how its last line ends."""

    kind: str
    text: str
    code: int


def blocks(file: Path) -> list[Block]:
    if file == NOTEBOOK:
        cells = json.loads(file.read_text("utf-8"))["cells"]
        code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
        return [Block("python", "\n".join(code), 0)]
    return [Block(one[1], one[3], int(one[2] or 0)) for one in BLOCK.finditer(file.read_text("utf-8"))]


RUN = [*(file for file in PAGES if blocks(file)), NOTEBOOK]


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of somebody who has looked at the demo, and a PATH with the command in it."""
    folder = tmp_path_factory.mktemp("docs")
    assert main(["demo", str(folder / "演示")]) == 0
    command = folder / "bin" / "jixiao"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m jixiao "$@"\n')
    command.chmod(0o755)
    return folder


@pytest.mark.parametrize("page", RUN, ids=lambda file: file.stem)
def test_what_a_page_tells_to_run_runs(
    page: Path,
    shown: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A plain line of our command in this process, which has it loaded; any other by a shell."""
    monkeypatch.chdir(tmp_path)
    for library in ("duckdb", "pandas", "pypdfium2"):
        pytest.importorskip(library)
    shutil.copytree(shown / "演示", tmp_path / "演示")
    if not re.search(
        r"-o 评分簿\.xlsx|jixiao\.new\(", page.read_text("utf-8")
    ):  # the other pages begin with a workbook at hand
        shutil.copy(shown / "演示" / "评分簿.xlsx", tmp_path)
    for name, text in FILE.findall(page.read_text("utf-8")):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    path = os.pathsep.join((str(shown / "bin"), os.environ["PATH"]))
    env = {**os.environ, "PATH": path, "PYTHONPATH": str(Path(jixiao.__file__).parents[1])}
    for block in blocks(page):
        lines = block.text.splitlines() if block.kind == "sh" else [block.text]
        for number, line in enumerate(lines, 1):
            wanted = block.code if number == len(lines) else 0
            if (
                block.kind == "sh"
                and line.startswith("jixiao ")
                and not re.search(r"[|&;<>$`*]", QUOTED.sub("", line))
            ):
                assert main(shlex.split(line)[1:]) == wanted, (line, capsys.readouterr().err)
                continue
            words = ["bash", "-c", line] if block.kind == "sh" else [sys.executable, "-c", line]
            done = subprocess.run(words, env=env, capture_output=True, check=False)
            assert done.returncode == wanted, (line, done.stderr.decode())


def test_the_pages_tell_to_run_most_verbs() -> None:
    told = {
        verb
        for page in RUN
        for block in blocks(page)
        for verb in re.findall(r"^jixiao (\w+)", block.text, re.MULTILINE)
    }
    assert told >= {
        "new",
        "fill",
        "score",
        "check",
        "verify",
        "report",
        "audit",
        "compare",
        "batch",
        "seal",
        "show",
        "rubric",
    }


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, built as make docs builds it; a warning is an error."""
    pytest.importorskip("mkdocs")
    folder = tmp_path_factory.mktemp("site")
    env = {**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT), str(Path(jixiao.__file__).parents[1])))}
    words = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder)]
    done = subprocess.run(
        words, cwd=ROOT, env=env | {"NO_MKDOCS_2_WARNING": "1"}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return folder


def test_the_site_is_whole_and_fetches_nothing(site: Path) -> None:
    made = {file.relative_to(site).as_posix() for file in site.rglob("*.html")}
    assert {f"kinds/{kind}.html" for kind in KINDS} | {"verbs/verify.html", "findings/J1.html"} <= made
    for name in made:
        text = (site / name).read_text("utf-8")
        assert re.findall(r"<(?:script|link|img|iframe)\b[^>]*?(?:src|href)=\"?https?:", text) == [], name


def test_the_search_works_from_a_folder(site: Path) -> None:
    sync = pytest.importorskip("playwright.sync_api")
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("Chromium is not installed")
    with sync.sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page()
        wrong: list[str] = []
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("requestfailed", lambda request: wrong.append(request.url))
        page.goto((site / "index.html").as_uri())
        page.click(".md-search__input")
        page.keyboard.type("支出完成率")
        page.keyboard.press("End")
        page.locator(".md-search-result__item").first.wait_for(timeout=20_000)
        found = page.locator(".md-search-result__list").inner_text()
        browser.close()
    assert "支出完成率" in found.replace("\u200b", "") and wrong == []


def plain(file: Path) -> Any:
    return json.loads(json.dumps(yaml.safe_load(file.read_text("utf-8")), default=str))


SCHEMA = pages.schema()


@pytest.mark.parametrize(
    "file", [*shipped(()).values(), pages.EVERY], ids=lambda file: f"{file.parent.name}-{file.stem}"
)
def test_the_schema_fits_every_definition(file: Path) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    checker = jsonschema.Draft202012Validator(SCHEMA)
    assert [error.message for error in checker.iter_errors(plain(file))] == []


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data.update(titel="x"),
        lambda data: data.pop("levels"),
        lambda data: data["levels"][0].update(wieght=1),
        lambda data: data["levels"][0]["levels"][0]["indicators"][0]["rule"].update(kind="band"),
        lambda data: data["levels"][0]["levels"][0]["indicators"][0]["rule"].update(bnads={}),
        lambda data: data["levels"][0]["levels"][0]["indicators"][0].update(weight=[]),
    ],
)
def test_the_schema_refuses_what_the_loader_refuses(change: Any) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    data = plain(pages.EVERY)
    change(data)
    assert not jsonschema.Draft202012Validator(SCHEMA).is_valid(data)


def test_every_kind_form_and_verb_has_its_page() -> None:
    made = pages.pages()
    assert {f"kinds/{kind}.md" for kind in KINDS} <= set(made)
    assert len([name for name in made if name.startswith("forms/")]) > 20
    for name, text in made.items():
        assert name.endswith(".json") or text.startswith("# ")
    functions = [name for name in jixiao.__all__ if inspect.isfunction(getattr(jixiao, name))]
    assert len(functions) >= 12 and all(f"## {name}\n" in made["functions.md"] for name in functions)
    assert "率＝100%，得4分" in made["kinds/bands.md"] and "IF(率=1,ROUND(4,2)" in made["kinds/bands.md"]
    assert "| 90%以下最小的一格得2分 | 率 89.9999% | 2 |" in made["kinds/bands.md"]
