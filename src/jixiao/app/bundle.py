"""A folder to install from without the internet: the pinned wheels of one platform with their hashes, and who installs them.

Versions and hashes are those of requirements.lock; pip of this interpreter fetches the files of the other platform.
"""

from __future__ import annotations

import base64
import hashlib
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from importlib.metadata import Distribution, distribution, requires
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple
from zipfile import ZIP_DEFLATED, ZipFile

from jixiao.app.terminal import say
from jixiao.model import CannotWrite, Refused, Source, UsageStop, reason


class Platform(NamedTuple):
    """A kind of machine: what markers say of it, and the tags of wheels that run there."""

    system: str
    name: str
    os: str
    tags: tuple[str, ...]


PLATFORMS = {
    "win_amd64": Platform("win32", "Windows", "nt", ("win_amd64",)),
    "linux_x86_64": Platform(
        "linux", "Linux", "posix", tuple(f"manylinux_2_{n}_x86_64" for n in range(5, 36))
    ),
    "linux_aarch64": Platform(
        "linux", "Linux", "posix", tuple(f"manylinux_2_{n}_aarch64" for n in range(17, 36))
    ),
    "macosx_arm64": Platform(
        "darwin",
        "Darwin",
        "posix",
        tuple(f"macosx_{n}_0_{arch}" for n in range(11, 16) for arch in ("arm64", "universal2")),
    ),
}
EXTRAS = ("verify", "serve", "pdf", "batch", "sign", "frame", "template", "excel")
_PIN = re.compile(
    r"^(?P<pin>(?P<name>[\w.-]+)==[^\s;]+)(?: ; (?P<marker>[^\\\n]+?))?(?P<hashes>(?: \\\n +--hash=\S+)+)(?P<via>(?:\n +#.*)*)",
    re.MULTILINE,
)


def bundle(platform: str, python: str, target: Path, extras: Sequence[str], wheel: Path | None) -> int:
    """Write the folder: wheels, requirements.txt, install.cmd, install.sh."""
    if unknown := [name for name in extras if name not in EXTRAS]:
        raise UsageStop("J814", name="--extra", value=unknown[0], wanted="、".join(EXTRAS))
    if missing := [name for name in ("packaging", "pip") if find_spec(name) is None]:
        raise UsageStop("J894", name=missing[0])
    if target.exists():
        raise CannotWrite("J556", Source(target.name), file=target.name)
    try:
        _fill(PLATFORMS[platform], python, target, extras or EXTRAS, wheel)
    except BaseException as error:  # half a folder would only be in the way of the next try
        shutil.rmtree(target, ignore_errors=True)
        if isinstance(error, OSError):
            raise CannotWrite("J823", Source(target.name), name=target.name, why=reason(error)) from error
        raise
    count = len(list((target / "wheels").iterdir()))
    say(
        f"已写入 {target}：{count} 个文件；拷到 {platform} 的机器上，运行 install.cmd（Windows）或 sh install.sh"
    )
    return 0


def _fill(there: Platform, python: str, target: Path, extras: Sequence[str], wheel: Path | None) -> None:
    wheels = target / "wheels"
    wheels.mkdir(parents=True)
    own = _own(wheel, wheels)
    lines = list(pins(there, python, extras))
    wanted = target / "requirements.txt"
    wanted.write_text("\n".join(lines) + "\n", "utf-8")
    kind = [f"--platform={tag}" for tag in there.tags]
    only = ["--only-binary=:all:", "--no-deps", f"--python-version={python}", "--implementation=cp", *kind]
    _pip("download", "--require-hashes", *only, "-d", str(wheels), "-r", str(wanted))
    _pip("download", "--no-deps", "-d", str(wheels), "pip")
    name, version = own.name.split("-")[:2]
    wanted.write_text("\n".join([*lines, f"{name}=={version} --hash=sha256:{_digest(own)}"]) + "\n", "utf-8")
    for script in ("install.cmd", "install.sh"):
        text = Path(__file__).with_name("bundled").joinpath(script).read_text("utf-8")
        ends = "\r\n" if script.endswith(".cmd") else "\n"
        (target / script).write_text(text.replace("@PYTHON@", python), "utf-8", newline=ends)


def pins(platform: Platform, python: str, extras: Sequence[str]) -> Iterator[str]:
    """The pins of the lock that this package and these extras need there, each with its hashes."""
    from packaging.markers import Marker  # only here, and not in every installation
    from packaging.requirements import Requirement
    from packaging.utils import canonicalize_name

    there = {"sys_platform": platform.system, "platform_system": platform.name, "os_name": platform.os}
    there |= {
        "python_version": python,
        "python_full_version": f"{python}.9",
        "platform_python_implementation": "CPython",
    }
    asked = [Requirement(text) for text in requires("jixiao") or ()]
    needed: set[str] = {
        canonicalize_name(one.name)
        for one in asked
        if one.marker is None or any(one.marker.evaluate(there | {"extra": extra}) for extra in ("", *extras))
    }
    pins = [
        found
        for found in _PIN.finditer(_lock())
        if not found["marker"] or Marker(found["marker"]).evaluate(there)
    ]
    while True:  # what a needed one brings along is needed
        more = {
            found["name"] for found in pins if needed & set(re.findall(r"[\w.-]+", found["via"]))
        } - needed
        if not more:
            break
        needed |= more
    yield from (found["pin"] + found["hashes"] for found in pins if found["name"] in needed)


def _lock() -> str:
    package = Path(__file__).parents[1]
    for place in (package / "requirements.lock", package.parents[1] / "requirements.lock"):
        if place.is_file():
            return place.read_text("utf-8")
    raise Refused("J822")


def _own(wheel: Path | None, wheels: Path) -> Path:
    """Our own wheel among the others: the one given, made from the checkout that this runs from, or of what is installed."""
    if wheel is not None:
        return Path(shutil.copy(wheel, wheels))
    root = Path(__file__).parents[3]
    if not (root / "pyproject.toml").is_file():
        return repacked(distribution("jixiao"), wheels)
    _pip("wheel", "--no-deps", "-w", str(wheels), str(root))
    return next(wheels.glob("jixiao-*.whl"))


def repacked(installed: Distribution, wheels: Path) -> Path:
    """The wheel that this was installed from: its files without what the installing has added."""
    added = ("INSTALLER", "REQUESTED", "direct_url.json", "RECORD")
    files = [
        file
        for file in installed.files or ()
        if ".." not in file.parts and file.suffix != ".pyc" and file.name not in added
    ]
    info = f"jixiao-{installed.version}.dist-info/RECORD"
    made = wheels / f"jixiao-{installed.version}-py3-none-any.whl"
    record = ""
    with ZipFile(made, "w", ZIP_DEFLATED) as package:
        for file in files:
            content = file.read_binary()
            digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).decode().rstrip("=")
            record += f"{file.as_posix()},sha256={digest},{len(content)}\n"
            package.writestr(file.as_posix(), content)
        package.writestr(info, f"{record}{info},,\n")
    return made


def _pip(*words: str) -> None:
    command = [
        sys.executable,
        "-m",
        "pip",
        words[0],
        "--quiet",
        "--disable-pip-version-check",
        "--no-input",
        *words[1:],
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - pip of this interpreter
    if done.returncode:
        said = [
            line for line in done.stderr.splitlines() if line.startswith("ERROR")
        ] or done.stderr.splitlines()
        raise Refused("J893", why=(said or ["pip"])[-1][:200])


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()
