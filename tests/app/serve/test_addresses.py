"""The files that tell WPS and Excel where the page is."""

from __future__ import annotations

import contextlib
import http.client
import re
import ssl
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from addin.making import FOLDER as ADDIN
from jixiao.app import addin
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
    ours = f"https://localhost:{serving.SECURE}"
    addresses = set(re.findall(r'"(https?://[^"]*localhost[^"]*)"', text)) | set(
        re.findall(r">(https?://[^<]*)<", text)
    )
    assert all(address.startswith(ours) for address in addresses) and len(addresses) == 5
    icons = {address.removeprefix(ours) for address in addresses if address.endswith(".png")}
    assert icons <= serving.pages(ADDIN).keys(), "every icon is served"
    assert set(re.findall(r'resid="(\w+)"', text)) == set(re.findall(r'<bt:\w+ id="(\w+)"', text))
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


def test_a_certificate_good_for_this_machine_alone_serves_the_page_over_https(tmp_path: Path) -> None:
    pytest.importorskip("uvicorn")
    x509 = pytest.importorskip("cryptography.x509")
    machine = addin.Machine("win32", {"LOCALAPPDATA": str(tmp_path)}, tmp_path)
    office = machine.service_home() / "office"
    office.mkdir(parents=True)
    assert not addin.install(machine).changed[-1][0].endswith("证书"), "nobody gets one who needs none"
    (office / "office.js").write_text("// library", "utf-8")
    assert [what for what, _ in addin.install(machine).changed] == ["证书颁发者", "本机证书"]
    assert machine.certificate().stat().st_mode & 0o777 == 0o600
    assert addin.install(machine).changed == [], "one that is good for long stays"
    authority = x509.load_der_x509_certificate(machine.authority().read_bytes())
    limits = authority.extensions.get_extension_for_class(x509.NameConstraints)
    assert limits.critical and [str(name.value) for name in limits.value.permitted_subtrees] == [
        "localhost",
        "127.0.0.1/32",
    ]
    assert b"PRIVATE" not in machine.authority().read_bytes()

    service = serving.Service(0, secure=0, home=machine.service_home(), browse=print)
    trusting = ssl.create_default_context(cadata=ssl.DER_cert_to_PEM_cert(machine.authority().read_bytes()))
    with service.running():
        port = service.secure

        def asked(
            host: str, path: str, context: ssl.SSLContext = trusting, **headers: str
        ) -> tuple[int, bytes]:
            with contextlib.closing(
                http.client.HTTPSConnection(host, port, context=context, timeout=60)
            ) as line:
                line.request("GET", path, headers={"X-Jixiao-Token": service.keys.token, **headers})
                answer = line.getresponse()
                return answer.status, answer.read()

        for host in ("localhost", "127.0.0.1"):
            assert b"/office/lib/office.js" in asked(host, "/office/pane")[1]
            assert asked(host, "/api/about", Origin=f"https://{host}:{port}")[0] == 200
            assert asked(host, "/api/about", Origin=f"http://{host}:{port}")[0] == 403
        with pytest.raises(ssl.SSLCertVerificationError):
            asked("localhost", "/pane", ssl.create_default_context())
    assert {path.name for _, path in addin.uninstall(machine).changed} >= {
        "jixiao-localhost.cer",
        "localhost.pem",
    }
    assert not machine.certificate().exists()
