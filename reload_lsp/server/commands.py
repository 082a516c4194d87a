"""`workspace/executeCommand`: what the user can ask for by name. Each answers with plain data for scripts."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Any, cast

from lsprotocol import types

from ..sessions.batch import Command as ProcessCommand
from ..sessions.paths import canonical
from . import attaching, connecting, drift, graphs, holders, migrate, notices, pages, restarts, verify, ways
from .changed import changed_files
from .diagnostics import docs_page
from .reloader import Outcome
from .roots import path_of

if TYPE_CHECKING:
    from .app import ReloadServer

RELOAD = "reloadLsp.reload"
RELOAD_MODULE = "reloadLsp.reloadModule"
UNLOAD = "reloadLsp.unload"
UNDO = "reloadLsp.undo"
RETRY = "reloadLsp.retry"
PAUSE = "reloadLsp.pause"
RESUME = "reloadLsp.resume"
ATTACH = "reloadLsp.attach"
DETACH = "reloadLsp.detach"
HISTORY = "reloadLsp.history"
OPEN_DOCS = "reloadLsp.openDocs"
PING = "reloadLsp.ping"

Json = dict[str, Any]
Command = Callable[["ReloadServer", Sequence[Any]], Awaitable[Any]]


async def reload(server: ReloadServer, uris: Sequence[Any]) -> Json:
    """Reload the files named, or with none named every loaded file that changed."""
    named = cast("Sequence[Any]", uris[0]) if uris and isinstance(uris[0], list) else uris
    paths = [canonical(path) for path in (path_of(str(uri)) for uri in named) if path]
    server.explicit.update(paths)
    if not named:
        paths = await asyncio.to_thread(changed_files, server.roster.attached, server.concerns)
    return await _reloaded(server, paths)


async def reload_module(server: ReloadServer, uris: Sequence[Any]) -> Json:
    """The classic way: `importlib.reload` of the modules named and their dependents, its dangers as findings."""
    return await _whole(server, "reloadModule", uris)


async def unload(server: ReloadServer, uris: Sequence[Any]) -> Json:
    """Take the modules named out of the programs that run them, and say who still holds them."""
    return await _whole(server, "unload", uris)


async def _whole(server: ReloadServer, method: str, uris: Sequence[Any]) -> Json:
    paths = [canonical(path) for path in map(path_of, map(str, uris)) if path]
    await server.reloader.opened(paths)
    wanted: dict[str, ProcessCommand] = {}
    for member in server.roster.attached:
        loaded = tuple(path for path in paths if path in member.process.loaded)
        if loaded:
            wanted[member.process.facts.id] = ProcessCommand(method, paths=loaded)
    outcome = await server.reloader.perform(wanted) if wanted else None
    return _answer(server, outcome, "no attached process runs a module of these files; name them by their URIs")


async def retry(server: ReloadServer, _: Sequence[Any]) -> Json:
    """Try again what failed, and what was saved while reloading was paused."""
    return await _reloaded(server, sorted(server.store.failed_files() | server.reloader.behind()))


async def undo(server: ReloadServer, _: Sequence[Any]) -> Json:
    """Take the last batch back in every attached process."""
    return _answer(server, await server.reloader.undo(), "no process is attached; there is nothing to undo")


async def pause(server: ReloadServer, ids: Sequence[Any]) -> Json:
    """Stop reloading, in all processes or those named; saves are remembered."""
    server.roster.pause(map(str, ids), True)
    return attaching.processes(server)


async def resume(server: ReloadServer, ids: Sequence[Any]) -> Json:
    """Reload again, beginning with what was saved meanwhile."""
    server.roster.pause(map(str, ids), False)
    waiting = sorted(server.reloader.behind())
    if waiting:
        await server.reloader.reload(waiting, "command")
    return attaching.processes(server)


async def detach(server: ReloadServer, ids: Sequence[Any]) -> Json:
    """Leave the processes named, or all, alone; what was said about them goes."""
    chosen = [str(name) for name in ids] or [m.process.facts.id for m in server.roster.attached]
    for name in chosen:
        server.view.publish(server.store.drop_producer(name))
    server.roster.choose(chosen, attach=False)
    return attaching.processes(server)


async def history(server: ReloadServer, _: Sequence[Any]) -> Json:
    """The last batches, newest first, as `reloadLsp/didReload` told them."""
    outcomes = reversed(server.reloader.history)
    return {"batches": [notices.did_reload(outcome, server.view.uri_of) for outcome in outcomes]}


async def ping(server: ReloadServer, _: Sequence[Any]) -> Json:
    """A request that does nothing, here and in every attached process: what others are measured by."""
    pings = [member.process.ping() for member in server.roster.attached]
    answers = await asyncio.gather(*pings, return_exceptions=True)
    return {"answered": sum(answer is None for answer in answers), "attached": len(pings)}


async def open_docs(server: ReloadServer, codes: Sequence[Any]) -> Json:
    """Show the page on a code."""
    url = docs_page(str(codes[0]) if codes else "")
    await server.window_show_document_async(types.ShowDocumentParams(url, external=True))
    return {"url": url}


async def _reloaded(server: ReloadServer, paths: Sequence[str]) -> Json:
    outcome = await server.reloader.reload(paths, "command") if paths else None
    if server.roster.paused:
        return _answer(server, outcome, "reloading is paused; reloadLsp.resume reloads what was saved meanwhile")
    return _answer(server, outcome, "nothing to reload: every attached process runs what is on disk")


def _answer(server: ReloadServer, outcome: Outcome | None, otherwise: str) -> Json:
    if outcome is None:
        return {"batch": None, "message": otherwise}
    return notices.did_reload(outcome, server.view.uri_of)


COMMANDS: dict[str, Command] = {
    RELOAD: reload,
    RELOAD_MODULE: reload_module,
    UNLOAD: unload,
    UNDO: undo,
    RETRY: retry,
    PAUSE: pause,
    RESUME: resume,
    ATTACH: attaching.attach,
    connecting.CONNECT: connecting.connect,
    DETACH: detach,
    HISTORY: history,
    pages.SHOW_PLAN: pages.show_plan,
    graphs.SHOW_GRAPH: graphs.show_graph,
    verify.VERIFY: verify.verify,
    OPEN_DOCS: open_docs,
    ways.RERUN: ways.rerun,
    ways.KEEP: ways.keep_value,
    ways.APPLY_HELD: ways.apply_held,
    ways.REBIND: ways.rebind,
    ways.CLEAR_CACHES: ways.clear_caches,
    drift.LEAVE: drift.leave,
    holders.SHOW_HOLDERS: holders.show_holders,
    migrate.MIGRATE: migrate.migrate,
    restarts.RESTART: restarts.restart,
    PING: ping,
}


def register(server: ReloadServer) -> None:
    for name, command in COMMANDS.items():
        server.command(name)(_handler(server, command))


def _handler(server: ReloadServer, command: Command) -> Callable[..., Awaitable[Any]]:
    async def handle(*arguments: Any) -> Any:
        return await command(server, arguments)

    handle.__annotations__.clear()  # before Python 3.11 `Any` is no class, and pygls asks whose subclass it is
    return handle
