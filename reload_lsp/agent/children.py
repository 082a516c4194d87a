"""The agent in child processes: what this process starts gets the bootstrap on its PYTHONPATH again.

The variable that says so, RELOAD_LSP_BOOTSTRAP, is an ordinary one: a child whose environment lacks it,
because the program gave it another or took it out, is left alone. Covered are `subprocess`, `multiprocessing`
and the `exec`, `spawn` and `posix_spawn` functions of `os`, on POSIX; `os.system` and C code are not.
"""

from __future__ import annotations

import os

from . import faults

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

VARIABLE = "RELOAD_LSP_BOOTSTRAP"
PATH_VARIABLE = "PYTHONPATH"
FORK_EXEC_ENVIRONMENT = 5  # its place among the arguments of _posixsubprocess.fork_exec, from 3.10 to 3.14
EXEC_ENVIRONMENT = 2  # and in those of the functions of os


def follow(bootstrap: str) -> None:
    """From now on children get the agent too, where their environment names the same `bootstrap`."""
    if os.name != "posix" or os.environ.get(VARIABLE) != bootstrap:
        return
    # Replaced before subprocess is imported, which takes the function by name.
    import _posixsubprocess

    _posixsubprocess.fork_exec = _fork_exec(_posixsubprocess.fork_exec, bootstrap)
    os.execv = _execv(os.execv, os.execve, bootstrap)
    for name in ("execve", "posix_spawn", "posix_spawnp"):
        if hasattr(os, name):
            _replace(name, bootstrap)


def with_entry(entry: str, path: str) -> str:
    """PYTHONPATH with `entry` first; without a trailing separator, which would mean the current folder."""
    return entry + os.pathsep + path if path else entry


def changed(environment: Any, bootstrap: str) -> dict[bytes, bytes] | None:
    """The environment with the way in for the agent; None where it is to stay as it is."""
    env = {os.fsencode(name): os.fsencode(value) for name, value in environment.items()}
    if env.get(VARIABLE.encode()) != os.fsencode(bootstrap):
        return None
    path = os.fsdecode(env.get(PATH_VARIABLE.encode(), b""))
    env[PATH_VARIABLE.encode()] = os.fsencode(with_entry(bootstrap, path))
    return env


def _changed_quietly(given: Callable[[], Any], bootstrap: str) -> dict[bytes, bytes] | None:
    try:
        return changed(given(), bootstrap)
    except Exception:  # a fault of ours, or the program gave something that only the system can refuse
        faults.note("before a child process")
        return None


def _fork_exec(original: Callable[..., int], bootstrap: str) -> Callable[..., int]:
    def fork_exec(*args: Any) -> int:
        env = _changed_quietly(lambda: _given(args), bootstrap)
        if env is None:
            return original(*args)
        entries = [name + b"=" + value for name, value in env.items()]
        return original(*args[:FORK_EXEC_ENVIRONMENT], entries, *args[FORK_EXEC_ENVIRONMENT + 1 :])

    return fork_exec


def _execv(original: Callable[..., Any], execve: Callable[..., Any], bootstrap: str) -> Callable[..., Any]:
    def execv(path: Any, argv: Any, /) -> Any:
        env = _changed_quietly(lambda: os.environ, bootstrap)
        return original(path, argv) if env is None else execve(path, argv, env)

    return execv


def _replace(name: str, bootstrap: str) -> None:
    original = getattr(os, name)

    def with_bootstrap(*args: Any, **options: Any) -> Any:
        if len(args) > EXEC_ENVIRONMENT:
            given = os.environ if args[EXEC_ENVIRONMENT] is None and name != "execve" else args[EXEC_ENVIRONMENT]
            env = _changed_quietly(lambda: given, bootstrap)
            if env is not None:
                args = (*args[:EXEC_ENVIRONMENT], env, *args[EXEC_ENVIRONMENT + 1 :])
        return original(*args, **options)

    with_bootstrap.__name__ = with_bootstrap.__qualname__ = name
    setattr(os, name, with_bootstrap)
    if original in os.supports_fd:
        os.supports_fd.add(with_bootstrap)


def _given(args: tuple[Any, ...]) -> Mapping[Any, Any]:
    """The environment in the arguments of fork_exec; an empty one where they changed after 3.14."""
    entries = args[FORK_EXEC_ENVIRONMENT] if len(args) > FORK_EXEC_ENVIRONMENT else ()
    if entries is None:
        return os.environ
    pairs = (entry.partition(b"=") for entry in entries if isinstance(entry, bytes))
    return {name: value for name, _, value in pairs}
