"""`reloadLsp.connect`: programs on another machine, or in a container, that `reload-lsp run --listen` started."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

from ..sessions.mapping import PathMap
from ..sessions.process import ProcessGone, ProcessRefused
from ..sessions.wire_process import WireProcess, open_process
from ..wire.errors import WireError
from ..wire.keyfile import read_key
from ..wire.place import parse_place
from ..wire.records import Endpoint, Record
from ..wire.version import PROTOCOL, VERSION
from . import attaching

if TYPE_CHECKING:
    from .app import ReloadServer

CONNECT = "reloadLsp.connect"

Json = dict[str, Any]


async def connect(server: ReloadServer, arguments: Sequence[Any]) -> Json:
    """Connect to all that listens at a place; `{listen, keyFile, pathMappings}`, the two first as `run` was given them."""
    data = cast("Json", arguments[0]) if arguments and isinstance(arguments[0], dict) else {}
    try:
        host, ports = parse_place(str(data.get("listen", "")))
        key = read_key(os.path.expanduser(str(data.get("keyFile", ""))))
        mapping = PathMap.from_json(data.get("pathMappings", []))
    except (ValueError, WireError) as error:
        return {**attaching.processes(server), "connected": [], "message": str(error)}
    opened = await asyncio.gather(*[_opened(record_of(host, port, key), mapping) for port in ports])
    problems = [found for found in opened if isinstance(found, str)]
    processes = [found for found in opened if isinstance(found, WireProcess)]
    for process in processes:
        server.roster.take_in(process)
    server.roster.choose([process.facts.id for process in processes], attach=True)
    message = "" if processes else problems[0]
    for process in processes:
        if not any(map(server.is_project_file, process.loaded)):
            message = unmapped(process)
            server.view.warn(message)
    connected = [process.facts.id for process in processes]
    return {**attaching.processes(server), "connected": connected, "message": message}


def record_of(host: str, port: int, key: bytes) -> Record:
    """What is known of a program before it has said who it is."""
    return Record(
        f"{host}:{port}", 0, "?", (), "", "0.0.0", "", VERSION, PROTOCOL, Endpoint(tcp=(host, port)), key, 0.0, None
    )


def unmapped(process: WireProcess) -> str:
    """None of its files is one of the workspace's: a save would reach nothing."""
    some = next(iter(process.loaded), "nothing yet")
    return (
        f"{process.facts.name} (pid {process.facts.pid}) runs no file of this workspace ({some}); "
        "say in pathMappings which folder here is which there: {localRoot, remoteRoot}"
    )


async def _opened(record: Record, mapping: PathMap) -> WireProcess | str:
    try:
        return await open_process(record, mapping)
    except (OSError, asyncio.TimeoutError, WireError, ProcessGone, ProcessRefused) as error:
        said = str(error) or "it does not answer"
        return (
            f"nothing at {record.id} can be connected to: {said}. Is the program running, and is the key file the same?"
        )
