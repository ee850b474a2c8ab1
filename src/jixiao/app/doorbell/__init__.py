"""The doorbell: how a button in a spreadsheet program reaches the service, by a small file in the user's inbox.

A button writes a request (``requests``) into the inbox (``inbox``); the service watches (``watch``), answers at once
that the request is taken or why not, and works afterwards. No network, no program started, nothing executed:
what lies in the inbox is data from outside, checked before anybody sees it. Standard library only.

For the service::

    with Instance(version):                      # Busy where this user's service runs already
        watch(inboxes(), accept, stop)           # blocks until ``stop`` is set; run it in a thread

``accept(request) -> Answer`` returns at once: ``taken()`` after queueing the work, ``refused("busy")`` otherwise.
The spreadsheet program is free to be talked to only after that answer.

LibreOffice (``request.host == "libreoffice"``) waits for the end of the work. It has put a copy of its workbook beside
the request (``exchange``)::

    path = copy_of(request)                      # work on it with the pipeline, then
    give(request, changes(before, after))        # the cells to write
    Inbox(request.folder).answer(request.ident, done("得分 82.27"))     # or failed(text)
"""

from jixiao.app.doorbell.exchange import changes, copy_of, give
from jixiao.app.doorbell.inbox import Inbox
from jixiao.app.doorbell.places import home_folder, inboxes
from jixiao.app.doorbell.requests import (
    PROTOCOL,
    Answer,
    Request,
    Verb,
    done,
    failed,
    parse,
    refused,
    render,
    taken,
    verbs,
)
from jixiao.app.doorbell.watch import Instance, ring, running, watch

__all__ = [
    "PROTOCOL",
    "Answer",
    "Inbox",
    "Instance",
    "Request",
    "Verb",
    "changes",
    "copy_of",
    "done",
    "failed",
    "give",
    "home_folder",
    "inboxes",
    "parse",
    "refused",
    "render",
    "ring",
    "running",
    "taken",
    "verbs",
    "watch",
]
