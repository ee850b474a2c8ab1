"""service: the resident service behind every button, on this machine and for this user alone.

It answers the requests that spreadsheet programs leave in the inbox (``answering``), and serves one page on loopback
(``web``, ``pane/``) where a workbook and its sources are dropped. No rule of scoring is here: every verb calls the pipeline.
The page's libraries are imported in this folder only, when the service starts.
"""

from jixiao.app.service.answering import (
    WAITING,
    Answering,
    find_app,
)
from jixiao.app.service.fence import (
    LINK_SECONDS,
    MOST_WRONG,
    Keys,
)
from jixiao.app.service.sessions import (
    clean_name,
)
from jixiao.app.service.start import PORT, SECURE, Service, pages, serve

__all__ = [
    "LINK_SECONDS",
    "MOST_WRONG",
    "PORT",
    "SECURE",
    "WAITING",
    "Answering",
    "Keys",
    "Service",
    "clean_name",
    "find_app",
    "pages",
    "serve",
]
