"""reload-lsp: save a file, the running Python program follows.

    import reload_lsp
    reload_lsp.start()              # let editors reload this program
    report = reload_lsp.reload()    # or reload all changed files now, with no editor at all

The work is done by the agent, which is always loaded under the name `_reload_lsp_agent`: from this
installation, or from that of the `reload-lsp run` that started the process.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType

    from .findings.values import Finding, Report
    from .live.requests import ReloadError

__all__ = ["Finding", "ReloadError", "Report", "checkpoint", "reload", "start", "undo"]

_AGENT = "_reload_lsp_agent"
_VALUES = {
    "Finding": "findings.values",
    "Report": "findings.values",
    "ReloadError": "live.requests",
}


def start() -> None:
    """Start the agent in this process, so that editors find it; does nothing the second time.

    Where it cannot start, a RuntimeWarning says why and the program goes on.
    """
    try:
        _room("agent.start").start(warm=True)
    except Exception as error:
        import warnings

        warnings.warn(f"reload_lsp cannot be reached in this process: {error}", RuntimeWarning, stacklevel=2)


def reload() -> Report:
    """Reload all changed loaded files now, in the calling thread.

    A batch that runs meanwhile is waited for. Raises ReloadError from inside a batch, and with RELOAD_LSP=0.
    """
    return _room("agent.api").reload()


def checkpoint() -> Report | None:
    """Reload only if something waits for this safe point.

    From the first call on, what editors save waits for the next call and happens there.
    """
    return _room("agent.api").checkpoint()


def undo() -> Report:
    """Take the last batch back, as far as effects allow."""
    return _room("agent.api").undo()


def load_ipython_extension(shell: object) -> None:
    """`%load_ext reload_lsp`: editors reload what this notebook's cells imported, and each cell shows what came of it."""
    _room("agent.notebook").load(shell)


def unload_ipython_extension(shell: object) -> None:
    """`%unload_ext reload_lsp`: cells show nothing any more, and reload nothing by themselves."""
    _room("agent.notebook").unload(shell)


def __getattr__(name: str) -> object:
    if name in _VALUES:
        return getattr(_room(_VALUES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def _room(name: str) -> ModuleType:
    """A module of the agent that this process runs, which may be of another installation."""
    import importlib

    _load_agent()
    return importlib.import_module(f"{_AGENT}.{name}")


def _load_agent() -> None:
    import importlib.util
    import os
    import sys

    root = os.path.dirname(os.path.abspath(__file__))
    if _AGENT in sys.modules:
        _compare(sys.modules[_AGENT], root)
        return
    spec = importlib.util.spec_from_file_location(
        _AGENT, os.path.join(root, "agent", "package.py"), submodule_search_locations=[root]
    )
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[_AGENT] = module
    spec.loader.exec_module(module)


_compared = False


def _compare(running: ModuleType, root: str) -> None:
    """Warn, once, where the agent in this process is of another version than this package."""
    global _compared
    if _compared or list(running.__path__) == [root]:
        return
    _compared = True
    import importlib
    import warnings

    from .wire.version import VERSION

    theirs = importlib.import_module(f"{_AGENT}.wire.version").VERSION
    if theirs != VERSION:
        warnings.warn(
            f"this process runs the agent of reload-lsp {theirs}, which started it; the imported "
            f"reload_lsp is {VERSION} and hands over to it. Install {theirs} here to have one on both sides.",
            RuntimeWarning,
            stacklevel=4,
        )
