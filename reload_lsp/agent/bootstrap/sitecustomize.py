# pyright: basic, reportOptionalMemberAccess=false, reportArgumentType=false
"""Lets the agent into a Python that `reload-lsp run`, or an editor's terminal, started: first on PYTHONPATH, so
`site` imports this.

An editor works with a copy, so that updating or removing the editor's extension breaks no terminal that stays
open: beside the copy, the file `installation` names the folder of the package, and where that file is missing,
auto attach is off. Either way it takes itself out of sys.path, sys.modules and the environment at once, starts
the agent, and imports the sitecustomize that it shadows, if any: after it the process looks as if this file had
never been there. Any Python may find it on its path, so its syntax is that of Python 2.7, and whatever fails,
fails in silence.
"""

import os
import sys

_FOLDER = os.path.dirname(os.path.abspath(__file__))
_NAME = "_reload_lsp_agent"


def _leave():
    """Undo what brought us here."""
    entries = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    ours = [entry for entry in entries if entry and os.path.abspath(entry) == _FOLDER]
    if ours and entries == [ours[0], ""]:
        # A terminal can only prepend "folder:", and before nothing this adds the current folder as well.
        _forget_current_folder()
        entries.remove("")
    for entry in ours:
        entries.remove(entry)
    if ours and entries:
        os.environ["PYTHONPATH"] = os.pathsep.join(entries)
    elif ours:
        del os.environ["PYTHONPATH"]
    sys.path[:] = [entry for entry in sys.path if os.path.abspath(entry) != _FOLDER]
    sys.path_importer_cache.pop(_FOLDER, None)
    if sys.version_info[0] == 2:  # noqa: UP036 - any Python may have found it
        _remove_compiled()


def _remove_compiled():
    """Python 2 has just put what it compiled beside the source, where no installer would look for it."""
    for suffix in "co":
        compiled = os.path.join(_FOLDER, "sitecustomize.py" + suffix)
        if os.path.exists(compiled):
            os.remove(compiled)


def _forget_current_folder():
    """Take out the entry that an empty one behind ours has put on sys.path."""
    paths = [os.path.abspath(entry) for entry in sys.path]
    after = paths.index(_FOLDER) + 1 if _FOLDER in paths else len(paths)
    if after < len(paths) and paths[after] == os.getcwd():
        del sys.path[after]


def _installation():
    """The folder of the package that holds the agent; None where there is none, or auto attach is off."""
    note = os.path.join(_FOLDER, "installation")
    root = os.path.dirname(os.path.dirname(_FOLDER))
    if os.path.exists(note):
        import io

        with io.open(note, encoding="utf-8") as file:  # noqa: UP020
            root = file.readline().rstrip("\n")
    return root if os.path.exists(os.path.join(root, "agent", "package.py")) else None


def _start():
    """Load the agent by path, under a name of its own, and let it begin."""
    if sys.version_info < (3, 10) or sys.implementation.name != "cpython" or _NAME in sys.modules:
        return
    if os.environ.get("RELOAD_LSP") == "0":
        return
    root = _installation()
    if root is None:
        os.environ.pop("RELOAD_LSP_BOOTSTRAP", None)
        return
    import importlib
    import importlib.util

    spec = importlib.util.spec_from_file_location(
        _NAME, os.path.join(root, "agent", "package.py"), submodule_search_locations=[root]
    )
    module = importlib.util.module_from_spec(spec)
    sys.modules[_NAME] = module
    spec.loader.exec_module(module)
    importlib.import_module(_NAME + ".agent.injected").begin(_FOLDER)


def _chain(_self):
    """Import the sitecustomize that this one shadows; where there is none, `site` expects ImportError."""
    import sitecustomize  # noqa: F401


if __name__ == "sitecustomize":
    try:
        _leave()
        _start()
    except Exception:
        pass
    # The name is free for the shadowed one; the argument keeps this module alive while Python 2 is in it.
    _chain(sys.modules.pop("sitecustomize"))
