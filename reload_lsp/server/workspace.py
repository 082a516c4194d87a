"""Beginning and end of a session, folders and settings (LSP "Lifecycle", "Workspace Features")."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from . import settings
from .parent import watch_parent
from .roots import path_of

if TYPE_CHECKING:
    from .app import ReloadServer


def initialize(server: ReloadServer, params: types.InitializeParams) -> None:
    server.roots.add(_folders(params))
    server.options = settings.section(params.initialization_options)
    parent = server.client_process or params.process_id
    if parent:
        watch_parent(parent, server.parent_ended)


def initialized(server: ReloadServer, _: types.InitializedParams) -> None:
    apply_settings(server)
    server.spawn(begin(server))


async def begin(server: ReloadServer) -> None:
    """Find the processes at once; settings and folders take their time."""
    server.runtime.begin()
    _register_for_configuration(server)
    await pull_configuration(server)
    await server.external.watch(server.roots.folders)


def shutdown(server: ReloadServer, _: Any) -> None:
    server.close()


async def pull_configuration(server: ReloadServer) -> None:
    """Ask the client for the settings, where it can be asked (LSP `workspace/configuration`)."""
    workspace = server.client_capabilities.workspace
    if workspace and workspace.configuration:
        item = types.ConfigurationItem(section=settings.SECTION)
        answer = await server.workspace_configuration_async(types.ConfigurationParams([item]))
        server.configuration = settings.section(answer[0] if answer else None)
    apply_settings(server)


async def did_change_configuration(server: ReloadServer, params: types.DidChangeConfigurationParams) -> None:
    """New settings: pushed in the notification, or to be asked for."""
    pushed = settings.section(params.settings)
    if pushed:
        server.configuration = pushed
    await pull_configuration(server)


PLACES = {"agentThread": "agent", "mainThread": "main", "eventLoop": "loop"}


def apply_settings(server: ReloadServer) -> None:
    """Put the settings in force; what is wrong with them is said once."""
    before, sources = server.settings, [settings.from_pyproject(Path(root)) for root in server.roots.folders]
    found, problems = settings.merged(*(s for s, _ in sources), server.options, server.configuration)
    server.settings = found
    server.roster.run_in(PLACES[found.run_in])
    for problem in [*(wrong for _, wrong in sources if wrong), *problems]:
        if problem not in server.told:
            server.told.add(problem)
            server.view.warn(problem)
    if before.code_lens != found.code_lens:
        server.view.refresh_lenses()
    if before.rules != found.rules:
        server.view.publish(server.store.paths() | server.verdicts.store.paths())
    if before.verdict != found.verdict:
        server.verdicts.switched()


async def did_change_folders(server: ReloadServer, params: types.DidChangeWorkspaceFoldersParams) -> None:
    """Folders came or went: other files are the project's, other processes may be wanted."""
    known = set(server.roots.folders)
    removed = _paths(folder.uri for folder in params.event.removed)
    server.roots.remove(removed)
    server.roots.add(_paths(folder.uri for folder in params.event.added))
    now = set(server.roots.folders)
    server.external.unwatch(known - now)
    server.roster.reconsider()
    apply_settings(server)
    await server.external.watch(sorted(now - known))


def _folders(params: types.InitializeParams) -> list[str]:
    """The folders, by whichever of LSP's three ways the client gives them."""
    if params.workspace_folders:
        return _paths(folder.uri for folder in params.workspace_folders)
    if params.root_uri:
        return _paths([params.root_uri])
    return [params.root_path] if params.root_path else []


def _paths(uris: Iterable[str]) -> list[str]:
    return [path for path in map(path_of, uris) if path is not None]


def _register_for_configuration(server: ReloadServer) -> None:
    """Some clients tell of changed settings only when asked to; others must not be asked."""
    workspace = server.client_capabilities.workspace
    changes = workspace.did_change_configuration if workspace else None
    if changes and changes.dynamic_registration:
        method = types.WORKSPACE_DID_CHANGE_CONFIGURATION
        wish = types.Registration(method, method, {"section": settings.SECTION})
        server.client_register_capability(types.RegistrationParams([wish]))


def register(server: ReloadServer) -> None:
    server.on(types.INITIALIZE, initialize)
    server.on(types.INITIALIZED, initialized)
    server.on(types.SHUTDOWN, shutdown)
    server.on(types.WORKSPACE_DID_CHANGE_CONFIGURATION, did_change_configuration)
    server.on(types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS, did_change_folders)
