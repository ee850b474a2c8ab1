"""A file that somebody names, read whole: regular files only, looked at through the very handle that is read."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

NOT_REGULAR = "不是普通文件"
FOLDER = "这是文件夹"


class NotRegular(OSError):  # noqa: N818 - a kind of file, and the callers catch every OSError alike
    """A folder, pipe, device or socket stands where a file is wanted; ``strerror`` says so in Chinese."""


def read_regular(path: str | Path, most: int) -> tuple[bytes, os.stat_result]:
    """The bytes of a file and what the system says of it; OSError, NotRegular where it is no regular file.

    At most ``most`` bytes and one are read, so that the caller sees that there are more. Opening never waits for the
    other end of a pipe, and what is asked is the open handle, so that nothing can be put in its place meanwhile.
    """
    flags = os.O_RDONLY
    for name in ("O_NONBLOCK", "O_NOCTTY", "O_CLOEXEC", "O_BINARY"):  # each system has some of them
        flags |= getattr(os, name, 0)
    try:
        handle = os.open(path, flags)
    except OSError as error:
        if error.errno in (errno.ENXIO, errno.EOPNOTSUPP):  # a socket
            raise NotRegular(error.errno, NOT_REGULAR) from error
        if error.errno in (errno.EACCES, errno.EPERM) and os.path.isdir(path):  # noqa: PTH112 - how Windows refuses one
            raise NotRegular(errno.EISDIR, FOLDER) from error
        raise
    state = os.fstat(handle)
    if not stat.S_ISREG(state.st_mode):
        os.close(handle)
        raise NotRegular(errno.EINVAL, FOLDER if stat.S_ISDIR(state.st_mode) else NOT_REGULAR)
    with os.fdopen(handle, "rb") as file:
        return file.read(most + 1), state
