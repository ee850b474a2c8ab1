"""inbox: how a button in a spreadsheet program reaches the service, by a small file in the user's inbox folder.

A button writes a request (``protocol``) into the inbox (``folder``); the service watches (``watching``), answers at once
that the request is taken or why not, and works afterwards. No network, no program started, nothing executed: what lies
in the inbox is data from outside, checked before anybody sees it.

For the service::

    with Instance(version):                      # AlreadyRunning where this user's service runs already
        watch(inboxes(), accept, stop)           # blocks until ``stop`` is set; run it in a thread

``accept(request) -> Answer`` returns at once: ``taken()`` after queueing the work, ``refused("busy")`` otherwise.
The spreadsheet program is free to be talked to only after that answer. LibreOffice waits for the end of the work: it has
left a copy of its workbook, and the service gives cells back before the last answer.
"""

from jixiao.app.inbox.folder import (
    CERTIFICATE,
    EXCEL_HOME,
    LAPSE_SECONDS,
    Inbox,
    cells_of,
    copy_of,
    give,
    home_folder,
    inboxes,
)
from jixiao.app.inbox.protocol import (
    MOST_BYTES,
    PROTOCOL,
    STOP,
    Button,
    ButtonAnswer,
    ButtonRequest,
    buttons,
    done,
    failed,
    letters,
    parse,
    parse_answer,
    refusal,
    refused,
    render,
    render_answer,
    taken,
)
from jixiao.app.inbox.watching import (
    AlreadyRunning,
    Instance,
    new_ident,
    ring,
    running,
    watch,
)

__all__ = [
    "CERTIFICATE", "EXCEL_HOME", "LAPSE_SECONDS", "MOST_BYTES", "PROTOCOL", "STOP", "AlreadyRunning", "Button", "ButtonAnswer",
    "ButtonRequest", "Inbox", "Instance", "buttons", "cells_of", "copy_of", "done", "failed", "give", "home_folder",
    "inboxes", "letters", "new_ident", "parse", "parse_answer", "refusal", "refused", "render", "render_answer",
    "ring", "running", "taken", "watch",
]  # fmt: skip
