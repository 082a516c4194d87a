"""watchdog at work: threads that turn the system's notifications into calls of one plain function."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from watchdog.events import (
    DirCreatedEvent,
    DirDeletedEvent,
    DirMovedEvent,
    FileClosedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers import Observer

from .batches import Kind

Notice = Callable[[str, Kind], None]

# Without this filter the open and close events of watchdog's own scan overflow the queue in trees of 5,000
# folders: it scans again, for ever, and no event ever comes.
EVENTS: list[type[FileSystemEvent]] = [
    FileModifiedEvent,
    FileClosedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileMovedEvent,
    DirCreatedEvent,
    DirDeletedEvent,
    DirMovedEvent,
]


class _Forward(FileSystemEventHandler):
    """Names each event's file and kind; `modified` is left to `closed`, when the content is complete."""

    def __init__(self, notice: Notice, has_closed: bool) -> None:
        self._notice = notice
        self._has_closed = has_closed

    def on_any_event(self, event: FileSystemEvent) -> None:
        for path, kind in facts(event, self._has_closed):
            self._notice(path, kind)


def facts(event: FileSystemEvent, has_closed: bool) -> list[tuple[str, Kind]]:
    """What one event says about files; a folder that appears or moves says it of every file in it."""
    source, target = os.fsdecode(event.src_path), os.fsdecode(event.dest_path)
    if event.is_directory:
        return _folder_facts(event, target or source)
    if isinstance(event, FileMovedEvent):
        return [(source, "deleted"), (target, "created")]
    if isinstance(event, FileDeletedEvent):
        return [(source, "deleted")]
    if isinstance(event, FileCreatedEvent):
        return [(source, "created")]
    if isinstance(event, FileModifiedEvent) and has_closed:
        return []
    return [(source, "modified")]


def _folder_facts(event: FileSystemEvent, folder: str) -> list[tuple[str, Kind]]:
    """A folder moved into the tree brings no event for its files: they are listed."""
    if not isinstance(event, (DirCreatedEvent, DirMovedEvent)):
        return []
    found = [os.path.join(at, name) for at, _, names in os.walk(folder) for name in names]
    return [(path, "created") for path in found if path.endswith(".py")]


class FolderWatch:
    """Watches folders until stopped; `notice` is called in watchdog's threads."""

    def __init__(self, notice: Notice) -> None:
        self._notice = notice
        self._observer: Any = Observer()
        self._watches: dict[str, Any] = {}
        self._started = False

    def add(self, folder: str, *, recursive: bool = True) -> None:
        """Watch `folder`; raises OSError when the system refuses."""
        if folder in self._watches:
            return
        handler = _Forward(self._notice, has_closed=os.path.isdir("/proc/sys/fs/inotify"))
        if not self._started:
            self._observer.daemon = True
            self._observer.start()
            self._started = True
        self._watches[folder] = self._observer.schedule(handler, folder, recursive=recursive, event_filter=EVENTS)

    def remove(self, folder: str) -> None:
        """Watch `folder` no longer."""
        watch = self._watches.pop(folder, None)
        if watch is not None:
            self._observer.unschedule(watch)

    def stop(self) -> None:
        """End all watching; the threads end by themselves."""
        if self._started:
            self._observer.stop()
