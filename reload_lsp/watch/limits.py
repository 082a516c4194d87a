"""Does the inotify limit cover every folder of a workspace? Above it the watcher is blind, silently."""

from __future__ import annotations

import os
from pathlib import Path

MAX_USER_WATCHES = Path("/proc/sys/fs/inotify/max_user_watches")


def count_folders(root: str, stop_at: int) -> int:
    """How many folders `root` holds, itself included; counting ends at `stop_at`."""
    count, pending = 0, [root]
    while pending and count < stop_at:
        count += 1
        pending.extend(_folders_in(pending.pop()))
    return count


def _folders_in(folder: str) -> list[str]:
    try:
        with os.scandir(folder) as entries:
            return [entry.path for entry in entries if entry.is_dir(follow_symlinks=False)]
    except OSError:
        return []


def watch_limit(source: Path = MAX_USER_WATCHES) -> int | None:
    """The user's inotify watches, or None where the system has no such limit."""
    try:
        return int(source.read_text())
    except (OSError, ValueError):
        return None


def shortage(root: str, limit: int | None) -> str | None:
    """What to tell the user when `root` holds more folders than can be watched; None when all is well."""
    if limit is None or count_folders(root, limit + 1) <= limit:
        return None
    return (
        f"{root} holds more folders than the system lets one user watch ({limit}): changes made outside the "
        f"editor may go unnoticed there. Saves in the editor still reload. Raise the limit with: "
        f"sudo sysctl fs.inotify.max_user_watches={limit * 4}"
    )
