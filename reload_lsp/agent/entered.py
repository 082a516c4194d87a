# pyright: basic, reportOptionalMemberAccess=false, reportArgumentType=false
"""What a program runs that is attached to by its number, in a thread of its own: the agent starts, and says so.

It is executed by path with these names: ROOT, the package; FOLDER, the runtime folder in which the agent is to be found; ANSWER,
the file that says how it went.
"""

import os
import sys

_NAME = "_reload_lsp_agent"


def _package(root):
    """Load the agent's package under its own name, once."""
    import importlib.util

    if _NAME in sys.modules:
        return
    spec = importlib.util.spec_from_file_location(
        _NAME, os.path.join(root, "agent", "package.py"), submodule_search_locations=[root]
    )
    module = importlib.util.module_from_spec(spec)
    sys.modules[_NAME] = module
    spec.loader.exec_module(module)


def _enter(root, folder):
    """Start the agent; what became of it."""
    import importlib

    _package(root)
    if importlib.import_module(_NAME + ".agent.switch").is_off():
        return "reloading is switched off in it (RELOAD_LSP=0)"
    importlib.import_module(_NAME + ".wire.folder").choose(folder)
    for part in (
        "peer",
        "serving",
    ):  # whoever attaches connects at once, and a busy program lets the agent import but slowly
        importlib.import_module(_NAME + ".agent." + part)
    importlib.import_module(_NAME + ".agent.start").start(late=True)
    return "started"


def _say(answer, text):
    draft = answer + ".new"
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
    os.rename(draft, answer)


def _main(root, folder, answer):
    try:
        said = _enter(root, folder)
    except BaseException as error:
        said = f"{type(error).__name__}: {error}"
    try:
        _say(answer, said)
    except OSError:
        pass


if "ANSWER" in globals():
    _main(globals()["ROOT"], globals()["FOLDER"], globals()["ANSWER"])
