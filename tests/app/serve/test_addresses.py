"""The files that tell WPS and Excel where the page is."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree as ET

from addin.making import FOLDER as ADDIN
from jixiao.app import service as serving


def test_the_files_for_wps_lead_to_the_service() -> None:
    published = ET.parse(ADDIN / "wps" / "publish.xml").getroot()  # noqa: S314 - a file of ours
    assert [each.get("url") for each in published] == [f"http://127.0.0.1:{serving.PORT}/wps/"]
    ribbon = ET.parse(ADDIN / "wps" / "ribbon.xml").getroot()  # noqa: S314 - a file of ours
    called = {
        value
        for each in ribbon.iter()
        for key, value in each.attrib.items()
        if re.match(r"on[A-Z]|get[A-Z]", key)
    }
    script = (ADDIN / "wps" / "main.js").read_text("utf-8")
    assert called and called <= set(re.findall(r"^function (\w+)\(", script, re.MULTILINE))
    idents = [each.get("id") for each in ribbon.iter() if each.get("id")]
    assert len(idents) == len(set(idents))
    served = serving.pages(ADDIN)
    assert {
        "/wps/",
        "/wps/index.html",
        "/wps/main.js",
        "/wps/ribbon.xml",
        "/wps/manifest.xml",
    } <= served.keys()


def test_the_manifest_for_excel_leads_to_the_service(tmp_path: Path) -> None:
    text = (ADDIN / "office" / "manifest.xml").read_text("utf-8")
    ET.fromstring(text)  # noqa: S314 - a file of ours
    assert set(re.findall(r'"(http[^"]*127[^"]*)"', text)) == {f"http://127.0.0.1:{serving.PORT}/office/pane"}
    assert "/office/pane" not in serving.pages(ADDIN, tmp_path), "without the library there is no such page"
    (tmp_path / "office.js").write_text("// library", "utf-8")
    (tmp_path / "zh-cn").mkdir()
    (tmp_path / "zh-cn" / "strings.js").write_text("// texts", "utf-8")
    (tmp_path / "geheim.txt").write_text("nein", "utf-8")
    served = serving.pages(ADDIN, tmp_path)
    assert {"/office/lib/office.js", "/office/lib/zh-cn/strings.js"} <= served.keys()
    assert not [path for path in served if "geheim" in path]
    assert b'src="/office/lib/office.js"' in served["/office/pane"][1]
    assert b"office.js" not in re.sub(rb"hosts/office.js", b"", served["/pane"][1])
