"""Other reloaders at work on this process: both would act on the same save, and one would undo what the other did."""

from __future__ import annotations

import os
import sys
import threading

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

ANCESTORS = 3
WATCHERS = {"watchmedo", "watchfiles", "nodemon", "entr", "hupper"}
# A variable that the restarting parent sets for its child: who sets it, and what turns it off.
VARIABLES = {
    "RUN_MAIN": ("Django's autoreload", "start with runserver --noreload"),
    "WERKZEUG_RUN_MAIN": ("Flask's reloader", "start with --no-reload, or run(use_reloader=False)"),
}
FLAGS = {
    "uvicorn": ("uvicorn --reload", "start without --reload"),
    "hypercorn": ("hypercorn --reload", "start without --reload"),
    "fastapi": ("fastapi dev", "start with: fastapi run, or dev --no-reload"),
}
MODULES = {
    "jurigged": ("jurigged", "start without it"),
    "reactivity.hmr": ("hmr", "start without it"),
}
THREADS = {"gunicorn.reloader": ("gunicorn --reload", "start without --reload")}


def rivals() -> list[tuple[str, str]]:
    """Each by its name, and what turns it off."""
    return list(dict.fromkeys([*_by_variable(), *_by_module(), *_by_thread(), *_by_ancestor()]))


def _by_variable() -> Iterator[tuple[str, str]]:
    return (found for name, found in VARIABLES.items() if os.environ.get(name) == "true")


def _by_module() -> Iterator[tuple[str, str]]:
    yield from (found for name, found in MODULES.items() if name in sys.modules)
    shells = getattr(sys.modules.get("IPython.core.interactiveshell"), "InteractiveShell", None)
    if shells is not None and autoreload_is_on(shells._instance):
        yield "%autoreload", "in the notebook: %autoreload 0"


def autoreload_is_on(shell: object) -> bool:
    """Whether IPython's own `%autoreload` works in a shell."""
    registry = getattr(getattr(shell, "magics_manager", None), "registry", {})
    return bool(getattr(getattr(registry.get("AutoreloadMagics"), "_reloader", None), "enabled", False))


def _by_thread() -> Iterator[tuple[str, str]]:
    kinds = {type(thread).__module__ for thread in threading.enumerate()}
    return (found for module, found in THREADS.items() if module in kinds)


def _by_ancestor() -> Iterator[tuple[str, str]]:
    """Programs that restart what they have started, as far as `/proc` shows them."""
    pid = os.getppid()
    for _ in range(ANCESTORS):
        words = _command(pid)
        names = {os.path.basename(word).removesuffix(".py") for word in words[:4]}
        for name, found in FLAGS.items():
            if name in names and (
                "--reload" in words or (name == "fastapi" and "dev" in words and "--no-reload" not in words)
            ):
                yield found
        yield from ((name, f"start without {name}") for name in sorted(names & WATCHERS))
        pid = _parent(pid)


def _command(pid: int) -> list[str]:
    try:
        with open(f"/proc/{pid}/cmdline", "rb") as file:
            return [os.fsdecode(word) for word in file.read().split(b"\0")]
    except OSError:
        return []


def _parent(pid: int) -> int:
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:
            return int(file.read().rpartition(b")")[2].split()[1])
    except (OSError, IndexError, ValueError):
        return 0
