"""The LibreOffice extension as text: its menu, its script, and the copy that it hands over."""

from __future__ import annotations

import ast
import io
import os
import re
import zipfile
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from addin import making
from jixiao.app import inbox as mailbox
from jixiao.model import Refused

TEXTS = making.FOLDER / "libreoffice"
SCRIPT = (TEXTS / "jixiao_calc.py").read_text("utf-8")
OOR = "{http://openoffice.org/2001/registry}"


def test_menu_toolbar_and_pictures_are_those_of_the_list() -> None:
    tree = ET.fromstring((TEXTS / "Addons.xcu").read_text("utf-8"))  # noqa: S314 - our own file
    wanted = [(f"cn.jixiao.calc:{name}", verb.label) for name, verb in mailbox.buttons().items()]
    for place in ("OfficeMenuBar", "OfficeToolBar"):
        (node,) = [n for n in tree.iter("node") if n.get(f"{OOR}name") == place]
        found = []
        for entry in node.iter("node"):
            props = {p.get(f"{OOR}name"): p.findtext("value") for p in entry.findall("prop")}
            if "URL" in props:
                found.append((str(props["URL"]), props.get("Title")))
        assert [entry for entry in found if entry[0] != "private:separator"] == wanted
        assert [n for n, entry in enumerate(found) if entry[1] is None] == [2, 5, 8, 10], (
            "lines between groups"
        )
        names = [
            str(n.get(f"{OOR}name"))
            for n in node.iter("node")
            if n.find(f"prop[@{OOR}name='URL']") is not None
        ]
        assert names == sorted(names, key=lambda name: (len(name), name)), (
            "LibreOffice sorts by name, short ones first"
        )
    images = re.findall(r"%origin%/(icons/\S+?\.png)", (TEXTS / "Addons.xcu").read_text("utf-8"))
    with zipfile.ZipFile(io.BytesIO(making.files()[making.OXT])) as package:
        names = package.namelist()
        text = package.read("jixiao_calc.py").decode()
    assert (
        {f"icons/{name}-{size}.png" for name in mailbox.buttons() for size in (16, 32)}
        == set(images)
        <= set(names)
    )
    assert "@VERSION@" not in text


def test_the_toolbar_has_a_name_and_a_place() -> None:
    """Without them LibreOffice calls it “扩展 1” and lays it over its own toolbars."""
    addons, state = ((TEXTS / name).read_text("utf-8") for name in ("Addons.xcu", "CalcWindowState.xcu"))
    (name,) = re.findall(r'oor:name="(cn\.jixiao\.\w+\.toolbar)"', addons)
    assert f'oor:name="private:resource/toolbar/addon_{name}"' in state
    props = {p.get(f"{OOR}name"): p.findtext("value") for p in ET.fromstring(state).iter("prop")}  # noqa: S314
    assert (props["UIName"], props["Docked"], props["Style"]) == ("绩效评分", "true", "2")


def test_the_script_knows_the_requests_and_the_protocol() -> None:
    tree = ast.parse(SCRIPT)
    constants = {
        node.targets[0].id: ast.literal_eval(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and node.targets[0].id in ("LABELS", "NO_BOOK")
    }
    assert constants["LABELS"] == {name: verb.label for name, verb in mailbox.buttons().items()}
    assert set(constants["NO_BOOK"]) == {
        name for name, verb in mailbox.buttons().items() if verb.needs == "nothing"
    }
    assert f'"{mailbox.PROTOCOL}"' in SCRIPT


def test_the_script_starts_nothing_and_connects_to_nothing() -> None:
    names = {
        alias.name if isinstance(node, ast.Import) else str(node.module)
        for node in ast.walk(ast.parse(SCRIPT))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    allowed = {
        "__future__",
        "contextlib",
        "json",
        "os",
        "random",
        "re",
        "sys",
        "time",
        "typing",
        "uno",
        "unohelper",
    }
    assert {name for name in names if not name.startswith("com.sun.star.")} <= allowed
    assert not re.search(r"os\.(system|popen|exec|spawn|fork|startfile)|\beval\(|\bexec\(|__import__", SCRIPT)


@pytest.mark.skipif(os.name != "posix", reason="符号链接只在 POSIX 上测试")
def test_only_a_copy_in_the_inbox_is_taken(tmp_path: Path) -> None:
    request = mailbox.ButtonRequest("20260102030405-123456789", "score", folder=tmp_path)
    path = tmp_path / f"{request.ident}.xlsx"

    def refused() -> str:
        with pytest.raises(Refused) as caught:
            mailbox.copy_of(request)
        return caught.value.finding.code

    assert refused() == "J858"
    (tmp_path / "secret.xlsx").touch()
    path.symlink_to(tmp_path / "secret.xlsx")
    assert refused() == "J858"
    path.unlink()
    path.mkdir()
    assert refused() == "J858"
    path.rmdir()
    with path.open("wb") as file:
        file.truncate(200_000_001)
    assert refused() == "J858"
    path.write_bytes(b"PK")
    assert mailbox.copy_of(request) == path
