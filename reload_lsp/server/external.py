"""Changes from outside the editor: which of them reload, which are held, which are none."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from ..findings.values import Finding, Range
from ..sessions.paths import canonical
from ..watch.batches import Change
from ..watch.contents import sha256
from ..watch.gitignore import ignored
from ..watch.limits import shortage, watch_limit
from ..watch.workspace import WorkspaceWatch
from .settings import watches_open_files
from .store import SERVER
from .texts import decoded, read_bytes
from .turns import in_turns

if TYPE_CHECKING:
    from .app import ReloadServer


DID_SAVE = 5.0  # seconds that the editor has to tell of a save of which the watcher knows already
ASK_AGAIN = 1.0  # seconds between questions about files that may be data of a program, as a log that grows
TOLD = 0.1  # seconds in which an editor that has written a file says so, on a busy machine
WRITTEN = 0.2  # seconds; a file that is being written is empty for a moment


class External:
    """Takes the watcher's batches and decides about each file."""

    def __init__(self, server: ReloadServer) -> None:
        self._server = server
        self._watch: WorkspaceWatch | None = None
        self._left: dict[str, tuple[str, float]] = {}  # the hash that the editor saves, and until when it may say so
        self._unknown: set[str] = set()
        self._asking = False

    async def watch(self, folders: Iterable[str]) -> None:
        """Watch further folders; setting up a big tree takes long and is done in a thread."""
        watch = self._watching()
        for folder in folders:
            try:
                await asyncio.to_thread(watch.add, folder)
            except OSError as error:
                self._server.view.warn(
                    f"{folder} cannot be watched ({error}): changes made outside the editor go unnoticed "
                    "there. Saves in the editor still reload."
                )
                continue
            short = await asyncio.to_thread(shortage, folder, watch_limit())
            if short:
                self._server.view.warn(short)

    def notice(self, changes: Iterable[Change]) -> None:
        """Take what a client's own watcher saw; what ours saw too is one change."""
        watch = self._watching()
        for change in changes:
            watch.notice(change)

    def unwatch(self, folders: Iterable[str]) -> None:
        for folder in folders:
            if self._watch is not None:
                self._watch.remove(folder)

    def close(self) -> None:
        if self._watch is not None:
            self._watch.stop()

    def _watching(self) -> WorkspaceWatch:
        if self._watch is None:
            self._watch = WorkspaceWatch(asyncio.get_running_loop(), self._on_batch, self._wanted)
        return self._watch

    def _wanted(self, path: str) -> bool:
        """Is a file a module, or data that a process is known to have read? If that is not known, it is asked."""
        if self._server.may_reload(path):
            return True
        if self._server.is_project_file(canonical(path)) and self._server.roster.members:
            self._unknown.add(path)
            if not self._asking:
                self._asking = True
                self._server.spawn(self._ask())
        return False

    async def _ask(self) -> None:
        """Learn of data files that processes have read since they last told what they run."""
        while self._unknown:
            paths, self._unknown = sorted(self._unknown), set()
            await self._server.reloader.opened(map(canonical, paths))
            self.notice(Change(path, "modified") for path in paths if self._server.may_reload(path))
            await asyncio.sleep(ASK_AGAIN)
        self._asking = False

    def _on_batch(self, changes: list[Change], seconds: float) -> None:
        self._server.spawn(self._take(changes, time.perf_counter_ns() - int(seconds * 1e9)))

    async def _take(self, changes: Sequence[Change], noticed: int) -> None:
        server = self._server
        if not server.settings.watch:
            return
        changed = [canonical(change.path) async for change in in_turns(changes)]
        await server.reloader.opened([path async for path in in_turns(changed) if server.is_project_file(path)])
        paths = await self._at_rest([path async for path in in_turns(changed) if self._concerns(path)])
        if any([read_bytes(path) == b"" async for path in in_turns(paths)]):
            await asyncio.sleep(WRITTEN)
        news = [p async for p in in_turns(paths) if not self._is_being_saved(p) and self._is_news(p)]
        if not news:
            return
        held = await self._held(news)
        for path, why in held.items():
            server.view.publish(server.store.replace(SERVER, path, [held_finding(path, why)]))
        ready = [path for path in news if path not in held]
        if ready:
            await server.reloader.reload(ready, "external", noticed)

    async def _at_rest(self, paths: Sequence[str]) -> list[str]:
        """Some files without those that are open and written again just now; the others' saves have been told by then."""
        opened = {path: read_bytes(path) for path in paths if self._server.documents.of(path)}
        if opened:
            await asyncio.sleep(TOLD)
        return [path for path in paths if path not in opened or read_bytes(path) == opened[path]]

    def _concerns(self, path: str) -> bool:
        """Does an attached process run this file, and may the watcher reload it?"""
        server = self._server
        if server.documents.of(path) and not watches_open_files(server.settings.reload_on_save):
            return False
        return any(path in member.process.loaded for member in server.roster.attached)

    def _is_being_saved(self, path: str) -> bool:
        """Did the editor write what it shows? Then its save is on the way; it is waited for, once and not for long."""
        document, data = self._server.documents.of(path), read_bytes(path)
        if document is None or data is None or not document.dirty or not _same_text(document.text, data):
            return False
        digest, loop = sha256(data), asyncio.get_running_loop()
        left, until = self._left.get(path, ("", 0.0))
        if left == digest:
            return loop.time() < until  # one save may be several events
        self._left[path] = digest, loop.time() + DID_SAVE
        change = Change(path, "modified")
        loop.call_later(DID_SAVE, lambda: self.notice([change]))
        return True

    def _is_news(self, path: str) -> bool:
        data = read_bytes(path)
        if data is None:
            self._server.known.forget(path)
            return True
        digest = sha256(data)
        if not self._server.known.note(path, digest):
            return False
        if self._server.roster.runs_everywhere(path, digest):
            self._server.view.publish(self._server.store.replace(SERVER, path, []))
            return False
        return True

    async def _held(self, paths: Sequence[str]) -> dict[str, str]:
        """Which files only a save in the editor may reload, and why."""
        server = self._server
        mine = [path for path in paths if path not in server.explicit]
        held = {p: "in an environment" for p in mine if server.roots.root_of(p) and not server.is_project_file(p)}
        held |= {p: "outside the workspace" for p in mine if not server.roots.root_of(p)}
        for root in server.roots.folders:
            below = [p for p in mine if p not in held and server.roots.root_of(p) == root]
            held |= dict.fromkeys(await ignored(root, below), "ignored by git")
        return held


def _same_text(text: str, data: bytes) -> bool:
    try:
        return "".join(text.split("\r")) == "".join(decoded(data).split("\r"))
    except (SyntaxError, LookupError, UnicodeDecodeError):
        return False


def held_finding(path: str, why: str) -> Finding:
    """A loaded file that changed on disk but is not the project's own."""
    return Finding(
        f"held:{path}",
        "RLD510",
        "held",
        "information",
        f"held: this file changed on disk and is {why}; it was not reloaded. Open and save it to reload it.",
        path,
        Range.of(0, 0, 1, 0),
        data={"fixes": [{"kind": "reload", "path": path}]},
    )
