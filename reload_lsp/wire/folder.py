"""The runtime folder: where agents announce themselves. Both processes must find, and trust, the same one.

Light on purpose: it is loaded while the user's program starts.
"""

from __future__ import annotations

import os
import stat

from .errors import FolderError

NAME = "reload-lsp"
SOCKET_PATH_LIMIT = 100  # bytes; the systems' own limits are 104 and 108


_chosen: str | None = None


def choose(path: str) -> None:
    """From now on `path` is the runtime folder: that of whoever asked this process in, whose environment is another."""
    global _chosen
    _chosen = path


def folder_path() -> str:
    """Where the runtime folder is or would be; nothing is checked or made."""
    if _chosen is not None:
        return _chosen
    if os.name == "nt":
        return os.path.join(os.environ.get("LOCALAPPDATA") or os.path.expanduser("~"), NAME)
    parent = os.environ.get("XDG_RUNTIME_DIR", "")
    if os.path.isabs(parent) and _is_own_folder(parent):
        return os.path.join(parent, NAME)
    return f"/tmp/{NAME}-{os.getuid()}"


def ready_folder() -> str:
    """The runtime folder, made if missing, and verified: 0700, the user's own, no symlink."""
    path = folder_path()
    try:
        os.mkdir(path, 0o700)
    except FileExistsError:
        pass
    except OSError as error:
        raise FolderError(
            f"the runtime folder {path} cannot be made ({error.strerror}); "
            "set XDG_RUNTIME_DIR to a folder of your own that can be written"
        ) from error
    verify(path)
    return path


def existing_folder() -> str | None:
    """The verified runtime folder, or None where no agent has ever made it."""
    path = folder_path()
    if not os.path.lexists(path):
        return None
    verify(path)
    return path


def verify(path: str) -> None:
    """Raise FolderError unless `path` is a folder that only this user can have written to."""
    if os.name == "nt":
        return
    about = os.lstat(path)
    if stat.S_ISLNK(about.st_mode):
        raise FolderError(f"the runtime folder {path} is a symlink, which could lead anywhere; remove it")
    if not stat.S_ISDIR(about.st_mode):
        raise FolderError(f"{path} should be the runtime folder but is a file; remove it")
    if about.st_uid != os.getuid():
        raise FolderError(
            f"the runtime folder {path} belongs to user {about.st_uid}, not to you; "
            "set XDG_RUNTIME_DIR to a folder of your own"
        )
    if stat.S_IMODE(about.st_mode) & 0o077:
        raise FolderError(
            f"the runtime folder {path} is open to other users (mode {stat.S_IMODE(about.st_mode):04o}); "
            f"run: chmod 700 {path}"
        )
    _verify_parent(path)


def socket_path(folder: str, agent_id: str) -> str:
    """The path of one agent's socket, checked against the length that every system takes."""
    path = os.path.join(folder, f"{agent_id}.sock")
    length = len(os.fsencode(path))
    if length > SOCKET_PATH_LIMIT:
        raise FolderError(
            f"the socket path {path} has {length} bytes, more than the {SOCKET_PATH_LIMIT} allowed; "
            "set XDG_RUNTIME_DIR to a folder with a shorter path"
        )
    return path


def _is_own_folder(path: str) -> bool:
    try:
        about = os.stat(path)
    except OSError:
        return False
    return stat.S_ISDIR(about.st_mode) and about.st_uid == os.getuid()


def _verify_parent(path: str) -> None:
    # In a parent that others write to, without the sticky bit, the folder could be swapped after the check.
    parent = os.path.dirname(path)
    mode = os.stat(parent).st_mode
    if mode & 0o022 and not mode & stat.S_ISVTX:
        raise FolderError(
            f"{parent}, which holds the runtime folder, is open to other users "
            f"(mode {stat.S_IMODE(mode):04o}); run: chmod go-w {parent}"
        )
