"""Installing for a user: the right places by system, only files of ours, nothing half written, told in Chinese."""

from __future__ import annotations

import configparser
import plistlib
import re
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import jixiao
from addin import making
from jixiao.app import addin
from jixiao.app import inbox as mailbox

MAC_OFFICE = "Library/Group Containers/UBF8T346G9.Office"
State = Callable[[Path], dict[str, tuple[int, bytes]]]


@pytest.fixture
def windows(tmp_path: Path) -> addin.Machine:
    """A user with a Chinese name, who has opened Excel before."""
    home = tmp_path / "Users" / "张 三"
    (home / "AppData" / "Roaming" / "Microsoft" / "Excel").mkdir(parents=True)
    environ = {
        "APPDATA": str(home / "AppData" / "Roaming"),
        "LOCALAPPDATA": str(home / "AppData" / "Local"),
    }
    return addin.Machine("win32", environ, home, "C:\\Program Files\\Python312\\python.exe")


@pytest.fixture
def mac(tmp_path: Path) -> addin.Machine:
    home = tmp_path / "zhang"
    (home / MAC_OFFICE).mkdir(parents=True)
    return addin.Machine("darwin", {}, home, "/opt/python/bin/python3")


@pytest.fixture
def linux(tmp_path: Path) -> addin.Machine:
    home = tmp_path / "zhang"
    home.mkdir()
    return addin.Machine("linux", {}, home, "/opt/py $1/bin/python3")


def names(machine: addin.Machine) -> set[str]:
    return {p.relative_to(machine.home).as_posix() for p in machine.home.rglob("*") if p.is_file()}


def line(lines: list[addin.Line], what: str) -> addin.Line:
    return next(item for item in lines if item.what == what)


def test_windows(windows: addin.Machine) -> None:
    done = addin.install(windows)
    assert not done.findings
    menu = "AppData/Roaming/Microsoft/Windows/Start Menu/Programs"
    assert names(windows) >= {
        "AppData/Roaming/Microsoft/Excel/XLSTART/jixiao.xlam",
        f"{menu}/Startup/jixiao-serve.cmd",
        f"{menu}/{addin.TITLE}.cmd",
    }
    assert (windows.home / "AppData/Local/Jixiao/inbox").is_dir()
    startup = windows.roaming() / "Microsoft" / "Excel" / "XLSTART" / "jixiao.xlam"
    assert startup.read_bytes() == (making.FOLDER / addin.XLAM).read_bytes()


def test_mac(mac: addin.Machine) -> None:
    assert not addin.install(mac).findings
    startup = f"{MAC_OFFICE}/User Content.localized/Startup.localized/Excel"
    assert f"{startup}/jixiao.xlam" in names(mac)
    agent = plistlib.loads((mac.home / "Library/LaunchAgents" / f"{addin.LABEL}.plist").read_bytes())
    assert agent["ProgramArguments"] == ["/opt/python/bin/python3", *addin.AT_LOGIN]
    assert agent["RunAtLoad"] is True


def test_linux_has_no_excel_and_says_so(linux: addin.Machine) -> None:
    done = addin.install(linux)
    assert [finding.code for finding in done.findings] == ["J863"]
    assert not done.findings.errors
    entry = configparser.RawConfigParser()
    entry.optionxform = str  # type: ignore[method-assign,assignment]
    entry.read(linux.home / ".config/autostart/jixiao-serve.desktop", "utf-8")
    assert entry["Desktop Entry"]["Name"] == addin.TITLE
    assert entry["Desktop Entry"]["Exec"] == '"/opt/py \\\\$1/bin/python3" ' + " ".join(addin.AT_LOGIN)


def test_excel_never_opened(windows: addin.Machine) -> None:
    (windows.roaming() / "Microsoft" / "Excel").rmdir()
    done = addin.install(windows)
    assert [finding.code for finding in done.findings] == ["J862"]
    assert not [name for name in names(windows) if name.endswith(".xlam")]
    assert "先打开一次 Excel" in line(addin.status(windows, patience=0), "Excel").advice


@pytest.mark.parametrize("kind", ["windows", "mac", "linux"])
def test_twice_is_as_once_and_uninstalling_leaves_no_file(
    kind: str, request: pytest.FixtureRequest, folder_state: State
) -> None:
    machine: addin.Machine = request.getfixturevalue(kind)
    before = names(machine)
    assert addin.install(machine).changed
    after = folder_state(machine.home)
    again = addin.install(machine)
    assert again.changed == []
    assert again.kept
    assert folder_state(machine.home) == after, "not even touched"
    assert addin.uninstall(machine).changed
    assert names(machine) == before
    assert addin.uninstall(machine).changed == []


def test_files_of_others_are_left_alone(windows: addin.Machine) -> None:
    place = windows.roaming() / "Microsoft" / "Excel" / "XLSTART" / "jixiao.xlam"
    entry = next(iter(addin.entries(windows)))
    for path in (place, entry):
        path.parent.mkdir(parents=True)
        path.write_bytes(b"mine")
    done = addin.install(windows)
    assert [finding.code for finding in done.findings] == ["J864", "J864"]
    assert done.changed, "what can be put in place is put in place"
    assert [finding.code for finding in addin.uninstall(windows).findings] == ["J864", "J864"]
    assert place.read_bytes() == entry.read_bytes() == b"mine"
    assert "不是本项目" in line(addin.status(windows, patience=0), "Excel 加载项").found


def test_an_older_add_in_is_replaced(windows: addin.Machine) -> None:
    place = windows.roaming() / "Microsoft" / "Excel" / "XLSTART" / "jixiao.xlam"
    place.parent.mkdir()
    place.write_bytes(making.xlam(making.FOLDER, "0.0.1"))
    told = line(addin.status(windows, patience=0), "Excel 加载项")
    assert told.good is False
    assert "0.0.1" in told.found and "addin install" in told.advice
    addin.install(windows)
    assert line(addin.status(windows, patience=0), "Excel 加载项").good is True
    assert [path.name for path in place.parent.iterdir()] == ["jixiao.xlam"]


@pytest.mark.parametrize(
    ("python", "environ", "wanted"),
    [
        ("C:\\Python312\\python.exe", {}, '"C:\\Python312\\pythonw.exe"'),
        (
            "C:\\Users\\张三\\AppData\\Local\\Programs\\Python\\python.exe",
            {"LOCALAPPDATA": "C:\\Users\\张三\\AppData\\Local"},
            '"%LOCALAPPDATA%\\Programs\\Python\\pythonw.exe"',
        ),
        ("D:\\100% 绩效\\python.exe", {}, '"D:\\100%% 绩效\\pythonw.exe"'),
    ],
)
def test_the_command_file_finds_python(
    python: str, environ: dict[str, str], wanted: str, tmp_path: Path
) -> None:
    machine = addin.Machine("win32", {"APPDATA": str(tmp_path), **environ}, tmp_path, python)
    first, second = addin.entries(machine).values()
    text = first.decode("utf-8")
    assert f'start "" {wanted} {" ".join(addin.AT_LOGIN)}\r\n' in text
    assert f'start "" {wanted} {" ".join(addin.WORDS)}\r\n' in second.decode("utf-8")
    assert text.isascii() or "chcp 65001" in text
    assert "\n" not in text.replace("\r\n", "")


def test_the_words_start_the_service_by_module() -> None:
    assert addin.WORDS[-3:] == ("-m", "jixiao", "serve")
    assert (*addin.WORDS, "--no-browser") == addin.AT_LOGIN, "nobody asked for the page at login"
    assert {"-E", "-P"} <= set(addin.WORDS), "the folder of a workbook must not be on the import path"


def test_status_of_a_machine_with_nothing(windows: addin.Machine, folder_state: State) -> None:
    before = folder_state(windows.home)
    lines = addin.status(windows, patience=0)
    assert [item.good for item in lines] == [True, True, False, False, False]
    assert all(item.advice for item in lines if not item.good)
    assert folder_state(windows.home) == before, "looking changes nothing"


def test_status_knows_what_libreoffice_has_taken_in(linux: addin.Machine) -> None:
    assert "LibreOffice 扩展" not in {item.what for item in addin.status(linux, patience=0)}
    listed = addin.office_profile(linux) / "uno_packages" / "cache" / "uno_packages.pmap"
    listed.parent.mkdir(parents=True)
    listed.write_bytes(b"Pmp1\n\n")
    told = line(addin.status(linux, patience=0), "LibreOffice 扩展")
    assert told.good is None
    assert f'unopkg add -f "{linux.service_home() / addin.OXT}"' in told.advice
    for version, good in ((jixiao.__version__, True), ("0.0.9", False)):
        fields = [
            "cn.jixiao.calc\nlu1.tmp",
            addin.OXT,
            "application/vnd.sun.star.package-bundle",
            version,
            "0",
        ]
        listed.write_bytes(b"Pmp1" + b"".join(b"\xff" + field.encode() for field in fields) + b"\n\n")
        assert line(addin.status(linux, patience=0), "LibreOffice 扩展").good is good


def test_status_hears_the_service(windows: addin.Machine) -> None:
    addin.install(windows)
    assert line(addin.status(windows, patience=0), "服务").found == "没有启动"
    stop = threading.Event()
    thread = threading.Thread(
        target=mailbox.watch,
        args=(windows.inboxes(), lambda request: mailbox.taken(), stop),
        kwargs={"pause": 0.005},
    )
    thread.start()
    try:
        with mailbox.Instance(jixiao.__version__, windows.service_home()):
            assert [item.good for item in addin.status(windows)] == [True] * 5
        with mailbox.Instance("0.0.9", windows.service_home()):
            told = line(addin.status(windows), "服务")
            assert told.good is False
            assert "0.0.9" in told.found
    finally:
        stop.set()
        thread.join(10)
    with mailbox.Instance(jixiao.__version__, windows.service_home()):
        assert line(addin.status(windows, patience=0.05), "服务").found == "正在运行，但没有应答"


def test_the_command_line(run: Any, windows: addin.Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    for room in ("placing", "health"):
        monkeypatch.setattr(f"jixiao.app.addin.{room}.Machine", lambda: windows)
    ran = run("addin", "install", columns=200)
    assert (ran.code, ran.err) == (0, "")
    assert "已写入 Excel 加载项" in re.sub(r"\n +", "", ran.out)
    assert "jixiao serve" in ran.out
    ran = run("addin", "status", "--json")
    assert ran.code == 1, "the service is not started"
    assert [item["good"] for item in ran.data] == [True, True, True, True, False]
    ran = run("addin", "status")
    assert "缺少 服务：没有启动｜请运行 jixiao serve" in ran.out
    assert run("addin", "uninstall").out.count("已删除") == 4
    assert "没有安装过" in run("addin", "uninstall").out


def test_status_names_what_the_service_needs(windows: addin.Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    import dataclasses
    import importlib.util

    there = importlib.util.find_spec
    gone = ("uvicorn", "xlwings")
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name, *more: None if name in gone else there(name, *more)
    )
    store = "C:\\Users\\z\\AppData\\Local\\Microsoft\\WindowsApps\\python.exe"
    lines = addin.status(dataclasses.replace(windows, python=store), patience=0.1)
    wanted = line(lines, "服务需要的组件")
    assert (wanted.good, wanted.found) == (False, "没有 uvicorn、xlwings")
    assert wanted.advice == '请运行 pip install "jixiao[serve,excel]"'
    assert line(lines, "Python").good is False
    assert not [each for each in addin.status(windows, patience=0.1) if each.what == "Python"]


def test_without_cryptography_the_certificate_is_told_as_missing(
    windows: addin.Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing() -> Any:
        raise ImportError("cryptography")

    office = windows.service_home() / "office"
    office.mkdir(parents=True)
    (office / "office.js").touch()
    pytest.importorskip("cryptography")
    monkeypatch.setattr("jixiao.app.addin.certificate.made", missing)
    assert line(addin.status(windows, patience=0.1), "本机证书").good is False
    done = addin.install(windows)
    assert [found.code for found in done.findings] == ["J804"]
    assert "Excel 加载项" in [what for what, _ in done.changed], "all else is put in place"
