"""Ribbon, VBA, messages, service and desk speak of the same requests: held against the one list."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest

from addin import making
from jixiao.app import exchange
from jixiao.app import inbox as mailbox

EXCEL = making.FOLDER / "excel"
UI = "{http://schemas.microsoft.com/office/2009/07/customui}"
RIBBON = ET.fromstring((EXCEL / "customUI.xml").read_text("utf-8"))  # noqa: S314 - our own file
VBA = {path.stem: path.read_text("ascii") for path in EXCEL.glob("vba/*.bas")}
CALLBACK = re.compile(r"^Public Sub (\w+)\(control As Object\)\n    Press \"(\w+)\"\nEnd Sub$", re.MULTILINE)


def test_the_buttons_are_those_of_the_list_in_its_order() -> None:
    shown = [
        (
            b.get("id"),
            b.get("label"),
            b.get("screentip"),
            b.get("supertip"),
            b.get("onAction"),
            b.get("image"),
        )
        for b in RIBBON.iter(f"{UI}button")
    ]
    assert shown == [
        (verb.button, verb.label, verb.tip, verb.about, f"JxRibbon.{verb.callback}", name)
        for name, verb in mailbox.buttons().items()
    ]


def test_ids_are_unique_and_our_own() -> None:
    ids = [str(node.get("id")) for node in RIBBON.iter() if node.get("id")]
    assert len(set(ids)) == len(ids) > len(mailbox.buttons())
    assert all(name.startswith("jx") for name in ids)
    assert not [node.tag for node in RIBBON.iter() if node.get("idMso") or node.get("imageMso")]


def test_the_ribbon_has_the_tab_and_names_nothing_unknown() -> None:
    tab = RIBBON.find(f".//{UI}tab")
    assert tab is not None
    assert tab.get("label") == "绩效评分"
    assert RIBBON.get("onLoad") is None
    known = {"id", "label", "size", "image", "onAction", "screentip", "supertip", "keytip"}
    assert {key for node in RIBBON.iter() for key in node.keys()} <= known  # noqa: SIM118 - an element, not a dict


def test_every_callback_is_a_public_sub_that_sends_its_own_request() -> None:
    assert dict(CALLBACK.findall(VBA["JxRibbon"])) == {
        verb.callback: name for name, verb in mailbox.buttons().items()
    }
    public = re.findall(r"^Public Sub (\w+)", VBA["JxRibbon"], re.MULTILINE)
    assert len(public) == len(set(public)) == len(mailbox.buttons())


def test_every_outcome_has_a_message() -> None:
    texts = making.messages(EXCEL / "messages.yaml")
    told = set(re.findall(r'(?:Ring|Answer|Outcome) = "(\w+)"', VBA["JxBell"])) - {"taken", "ringing"}
    asked = set(re.findall(r'JxText\.Message\("(\w+)"\)', "".join(VBA.values()))) - {"release"}
    assert {"absent", "nobody", "unwritten", "version"} <= told
    assert texts.keys() == told | asked | {"version", "workbook", "late"} | {"busy", "refused"}


def test_the_message_for_nobody_says_how_to_start() -> None:
    texts = making.messages(EXCEL / "messages.yaml")
    for name in ("nobody", "absent"):
        assert "jixiao serve" in texts[name]
        assert "jixiao addin install" in texts[name]
        assert "Python" in texts[name]
    assert all(len(text) < 1000 for text in texts.values()), "a message box shows 1,024 characters"


def test_vba_and_service_speak_the_same_protocol() -> None:
    assert f'PROTOCOL As String = "{mailbox.PROTOCOL}"' in VBA["JxBell"]
    patience = re.search(r"PATIENCE As Long = (\d+)", VBA["JxBell"])
    assert patience is not None
    assert int(patience[1]) >= mailbox.LAPSE_SECONDS + 2, (
        "what is taken in time must be answered in time; VBA counts whole seconds"
    )


@pytest.mark.parametrize("verb", mailbox.buttons().values(), ids=lambda verb: verb.name)
def test_the_list_is_complete(verb: mailbox.Button) -> None:
    assert verb.needs in ("book", "nothing")
    assert verb.button == "jx" + verb.name.capitalize()
    assert verb.callback == "Jx" + verb.name.capitalize()
    assert verb.label and len(verb.tip) <= 1024 and verb.about.endswith("。")
    assert (making.FOLDER / "icons" / f"{verb.name}-64.png").is_file()


def test_the_desk_does_what_the_buttons_ask() -> None:
    assert {name: verb.label for name, verb in mailbox.buttons().items()} == exchange.VERBS
