"""The files of the page, read once at the start: a name is looked up in a table, never in a folder."""

from __future__ import annotations

import re
from pathlib import Path

KINDS = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".xml": "application/xml; charset=utf-8",
    ".png": "image/png",
}
PANE = Path(__file__).with_name("pane")
OFFICE_MARK = "<!-- office -->"
OFFICE_SCRIPT = '<script src="/office/lib/office.js"></script>'
MOST_FILES, MOST_BYTES = 400, 40_000_000  # of the library that an IT department may put beside the service

Pages = dict[str, tuple[str, bytes]]
"""Path -> content type and bytes."""


def pages(addin: Path | None = None, office: Path | None = None) -> Pages:
    """Every page by its path: the pane, WPS' add-in out of ``addin``, and Office.js where IT has put it in ``office``."""
    made = {f"/pane/{name}": page for name, page in _folder(PANE).items()}
    kind, index = made.pop("/pane/index.html")
    made["/pane"] = (kind, index.replace(OFFICE_MARK.encode(), b""))
    if addin is not None:
        made |= {f"/wps/{name}": page for name, page in _folder(addin / "wps").items()}
        if "/wps/index.html" in made:
            made["/wps/"] = made["/wps/index.html"]
    if office is not None and (office / "office.js").is_file():
        made |= {f"/office/lib/{name}": page for name, page in _folder(office).items()}
        made["/office/pane"] = (kind, index.replace(OFFICE_MARK.encode(), OFFICE_SCRIPT.encode()))
    return made


def _folder(folder: Path) -> Pages:
    """The web files below a folder, by their names with forward slashes; links and odd names are passed over."""
    made: Pages = {}
    size = 0
    for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
        name = path.relative_to(folder).as_posix()
        plain = re.fullmatch(r"[A-Za-z0-9_./-]+", name) and path.suffix in KINDS
        if not plain or path.is_symlink() or not path.is_file():
            continue
        data = path.read_bytes()
        size += len(data)
        if len(made) >= MOST_FILES or size > MOST_BYTES:
            break
        made[name] = (KINDS[path.suffix], data)
    return made
