"""What we keep of our own bugs: a log file that the officer can send to the maintainers."""

from __future__ import annotations

import os
import platform
import sys
import tempfile
import time
import traceback
from collections.abc import Sequence


def write_log(words: Sequence[str], error: BaseException) -> str:
    """Write the traceback, the command and the versions to a new file of the temporary folder; its path.

    Where even that cannot be written, the text that stands for the path says so.
    """
    import jixiao

    lines = [
        f"jixiao {jixiao.__version__}  Python {sys.version.split()[0]}  {platform.platform()}",
        f"{time.strftime('%Y-%m-%d %H:%M:%S')}  {list(words)!r}",
        "",
        "".join(traceback.format_exception(error)),
    ]
    try:
        handle, path = tempfile.mkstemp(prefix="jixiao-", suffix=".log")
        with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as file:
            file.write("\n".join(lines))
    except OSError:
        return "屏幕截图（日志无法写入）"
    return path
