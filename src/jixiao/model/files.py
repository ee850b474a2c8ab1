"""A file that somebody names, read whole through one handle: regular files only; and what the system objects to."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

NOT_REGULAR = "不是普通文件"
FOLDER = "这是文件夹"
_REASONS = {
    errno.ENOSPC: "磁盘已满",
    errno.EFBIG: "文件过大",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EROFS: "磁盘是只读的",
    errno.ENOENT: "文件夹不存在",
    errno.ENOTDIR: "文件夹不存在",
    errno.EISDIR: "同名的是文件夹",
    errno.ENAMETOOLONG: "文件名过长",
    errno.EIO: "磁盘读写出错",
}


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


def reason(error: OSError) -> str:
    """What the operating system objects to, in Chinese."""
    if isinstance(error, NotRegular):
        return str(error.strerror)
    number = error.errno or 0
    return _REASONS.get(number) or f"系统错误 {errno.errorcode.get(number, number)}"
