"""What a client may ask of an agent: one function a method, plain data in and out."""

from __future__ import annotations

import sys
from collections.abc import Callable

from ..live.requests import LoadedFile
from ..wire.version import PROTOCOL, VERSION
from . import process, requests
from .abilities import abilities
from .identity import Identity
from .peer import Peer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

Json = dict[str, "Any"]
Method = Callable[[Identity, Peer, Json], Json]


def hello(identity: Identity, peer: Peer, params: Json) -> Json:
    """Who this is and what it can do."""
    return {
        "id": identity.id,
        "pid": identity.pid,
        "name": identity.name,
        "python": identity.python,
        "version": VERSION,
        "protocol": PROTOCOL,
        "abilities": abilities(),
        "generation": process.engine().generation,
        "state": state(),
    }


def loaded(identity: Identity, peer: Peer, params: Json) -> Json:
    """The user's files that this process runs; from now on the client is told of further ones."""
    files = process.engine().loaded()
    peer.told_files = {file.path for file in files}
    return {"files": [file_json(file) for file in files]}


def knows(identity: Identity, peer: Peer, params: Json) -> Json:
    """Of some files, those that this process runs."""
    return {"files": [file_json(file) for file in process.engine().knows(requests.paths_of(params))]}


def status(identity: Identity, peer: Peer, params: Json) -> Json:
    """How this process is, at a glance."""
    size, held = process.engine().modules.texts()
    return {
        "state": state(),
        "generation": process.engine().generation,
        "modules": sum(len(file.modules) for file in process.engine().loaded()),
        "lastReload": process.batches.last_reload,
        "waiting": process.safe_points.state(),
        "texts": {"bytes": size, "held": held},
        "pid": identity.pid,
        "name": identity.name,
        "python": identity.python,
    }


def cancel(identity: Identity, peer: Peer, params: Json) -> Json:
    """Take back the client's own batches that still wait for a safe point."""
    return {"cancelled": process.safe_points.cancel(peer)}


def facts(identity: Identity, peer: Peer, params: Json) -> Json:
    """Small facts about named things, for a verdict on a text that is not saved yet."""
    from ..live import facts as live  # the first editor that asks pays for it
    from ..live import held

    modules = process.engine().modules
    modules.refresh()
    budget = requests.budget_of(params)
    return {
        "classes": list(map(list, live.instances(modules, requests.names_of(params, "classes"), budget))),
        "values": list(map(list, live.plainness(modules, requests.names_of(params, "values")))),
        "functions": list(map(list, live.frames(modules, requests.names_of(params, "functions")))),
        "held": list(map(list, held.holders(modules, requests.names_of(params, "held"), budget))),
        "caches": list(map(list, held.cached(modules, requests.names_of(params, "caches"), budget))),
        "digests": list(map(list, live.digests(modules, requests.names_of(params, "digests")))),
    }


def holders(identity: Identity, peer: Peer, params: Json) -> Json:
    """Who holds the live objects of the class, or the function, that a statement makes."""
    from ..live.whose import Whose

    engine = process.engine()
    [place] = requests.places_of({"statements": [params]})
    total, found = Whose(engine.modules, engine.splits, place).look()
    return {"total": total, "holders": found[: requests.NAMES_LIMIT]}


def migration(identity: Identity, peer: Peer, params: Json) -> Json:
    """What writing a migration for the live objects of a class would come to, tried on copies of them."""
    from ..live.migration import try_out

    path, cls, fields = requests.migration_of(params)
    trial = try_out(process.engine().modules, path, cls, fields)
    failures = [{"error": error, "count": count} for error, count in trial.failures]
    return {"total": trial.total, "good": trial.good, "exact": trial.exact, "failures": failures}


def restart(identity: Identity, peer: Peer, params: Json) -> Json:
    """Whether the program can be started again; `serving` does it once this answer is on its way."""
    from . import restart as restarting

    if restarting.mode() is None:
        raise requests.Refused(
            "not-restartable", "it was not started by `reload-lsp run`, so how to start it again is not known"
        )
    return {"pid": identity.pid}


def describe(identity: Identity, peer: Peer, params: Json) -> Json:
    """What some loaded modules consist of, for comparison with a fresh process (`fresh`)."""
    from ..live import describe as live

    modules = process.engine().modules
    modules.refresh()
    named = [m for name in requests.texts_of(params, "modules") if (m := modules.named(name)) is not None]
    main = modules.named("__main__")
    return {
        "modules": live.describe([(m.name, m.module) for m in named]),
        "path": [entry for entry in sys.path if isinstance(entry, str)],  # pyright: ignore[reportUnnecessaryIsInstance]
        "main": main.path if main is not None else None,
    }


def shown(identity: Identity, peer: Peer, params: Json) -> Json:
    """When the server has shown what it was told of a batch: the last step of a profile."""
    if process.profile is not None:
        process.profile.shown(params)
    return {}


def others(identity: Identity, peer: Peer, params: Json) -> Json:
    """Other reloaders at work on this process: name, and what turns it off."""
    from .rivals import rivals

    return {"reloaders": list(map(list, rivals()))}


METHODS: dict[str, Method] = {
    "hello": hello,
    "loaded": loaded,
    "knows": knows,
    "status": status,
    "cancel": cancel,
    "facts": facts,
    "describe": describe,
    "holders": holders,
    "migration": migration,
    "restart": restart,
    "others": others,
    "shown": shown,
}


def state() -> str:
    """`reloading`, `waiting` (for a safe point of the program) or `idle`."""
    if process.batches.running:
        return "reloading"
    return "waiting" if process.safe_points.waiting else "idle"


def news_for(peer: Peer) -> list[Json]:
    """The files loaded since this client was last told, where it ever asked."""
    if peer.told_files is None:
        return []
    new = [file for file in process.engine().loaded() if file.path not in peer.told_files]
    peer.told_files.update(file.path for file in new)
    return [file_json(file) for file in new]


def file_json(file: LoadedFile) -> Json:
    """One loaded file as the wire has it."""
    return {"path": file.path, "sha256": file.sha256, "modules": list(file.modules)}
