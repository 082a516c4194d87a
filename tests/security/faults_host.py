"""Runs a small program again and again, each time with another function of the agent failing; see test_faults.py.

`python faults_host.py PART PARTS` prints, for each function of one part, its name and what became of the program, as a line
of JSON. Every run is a fork of this process, in which the agent's modules are imported and nothing of it has begun.
"""

from __future__ import annotations

import importlib
import json
import os
import pkgutil
import select
import sys
import time
from pathlib import Path
from types import FunctionType

ROOT = Path(__file__).parents[2]
PATIENCE = 20.0
# Each hook that a program's own doings come by has its turn: a fork, a child process, a new import, an exit function.
PROGRAM = """
import atexit, os, subprocess, sys, threading
atexit.register(print, "exit function", flush=True)
child = os.fork()
if not child:
    os._exit(3)
print("fork", os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
print("child", subprocess.run(["true"]).returncode, flush=True)
worker = threading.Thread(target=print, args=("thread",))
worker.start()
worker.join()
print("ready", flush=True)
sys.stdin.readline()
sys.path.append(os.environ["OWN_MODULES"])
import own
print("import", own.value(), flush=True)
print("to stderr", file=sys.stderr, flush=True)
sys.exit(7)
"""
WANTED = ["fork 3", "child 0", "thread", "ready", "import 1", "to stderr", "exit function", "code 7"]


# Beside the agent's own modules: what takes notes while the program imports, in the program's thread.
NOTING = ("recorder", "rewriting", "since_start", "reading", "kinds")


def modules() -> list[str]:
    """The agent's own, all but those that no program meets, and those that take notes."""
    import _reload_lsp_agent.agent as room

    names = [found.name for found in pkgutil.iter_modules(room.__path__)]
    own = [f"{room.__name__}.{name}" for name in names if name not in ("bootstrap", "package", "entered", "notebook")]
    return [*own, *(f"_reload_lsp_agent.live.{name}" for name in NOTING)]


def functions() -> list[tuple[str, FunctionType]]:
    """All functions and methods that are written in these modules."""
    found: dict[str, FunctionType] = {}
    for name in modules():
        module = importlib.import_module(name)
        for value in vars(module).values():
            members = vars(value).values() if isinstance(value, type) and value.__module__ == name else [value]
            for member in members:
                function = getattr(member, "fget", None) or getattr(member, "__func__", member)
                if isinstance(function, FunctionType) and function.__module__ == name:
                    found[f"{name.rpartition('.')[2]}.{function.__qualname__}"] = function
    return sorted(found.items())


def broken(function: FunctionType) -> None:
    """From now on it fails, whoever holds it."""

    def fails(*args: object, **options: object) -> object:
        raise RuntimeError("injected")

    function.__code__ = Bound.fails.__code__ if function.__code__.co_freevars else fails.__code__
    function.__defaults__ = function.__kwdefaults__ = None


class Bound:
    def fails(self, *arguments: object, **options: object) -> object:
        """For those that know their class, as by `super()`."""
        raise RuntimeError("injected", __class__)


def run(function: FunctionType | None) -> list[str]:
    """What a program prints and how it ends, with `function` broken from its start on."""
    given, taken = os.pipe(), os.pipe()
    pid = os.fork()
    if not pid:
        os.dup2(given[0], 0), os.dup2(taken[1], 1), os.dup2(taken[1], 2)
        os.closerange(3, 64)
        child(function)
    os.close(given[0]), os.close(taken[1])
    lines = talk(pid, given[1], taken[0])
    os.close(taken[0])
    return [*lines, f"code {os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])}"]


def child(function: FunctionType | None) -> None:
    sys.stdin, sys.stdout, sys.stderr = os.fdopen(0), os.fdopen(1, "w"), os.fdopen(2, "w")
    if function is not None:
        broken(function)
    try:
        sys.modules["_reload_lsp_agent.agent.children"].follow(os.environ["RELOAD_LSP_BOOTSTRAP"])
    except RuntimeError:
        pass  # the bootstrap takes what fails while the agent comes in
    sys.modules["_reload_lsp_agent.agent.start"].__dict__["start_quietly"] = quietly
    quietly()
    raise Begin


class Begin(BaseException):
    """In the child: back to the top, and from there into the program."""


def quietly() -> None:
    try:
        sys.modules["_reload_lsp_agent.agent.start"].start()
    except Exception:
        pass


def talk(pid: int, into: int, out: int) -> list[str]:
    """Let a client have its say once the program is ready, then let the program end; its lines."""
    text, told, end = b"", False, time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if not select.select([out], [], [], 0.5)[0]:
            continue
        data = os.read(out, 65536)
        if not data:
            return text.decode().splitlines()
        text += data
        if not told and b"ready\n" in text:
            told = True
            ask(pid)
            os.write(into, b"\n")
            os.close(into)
    os.kill(pid, 9)
    return [*text.decode().splitlines(), "hung"]


def ask(pid: int) -> None:
    """What an editor asks, as far as the broken agent answers."""
    from reload_lsp.wire import client as wire
    from reload_lsp.wire.client import Client
    from reload_lsp.wire.folder import ready_folder
    from reload_lsp.wire.records import living

    wire.HANDSHAKE_SECONDS = 0.3  # an agent that is broken there does not answer at all
    for record in [record for record in living(ready_folder()) if record.pid == pid]:
        try:
            with Client(record, 0.5) as client:
                for method in ("hello", "loaded", "status", "others", "unrun", "undo", "cancel"):
                    try_(client, method, {})
                try_(client, "apply", {"batch": 1, "cause": "save", "files": []})
                try_(client, "facts", {})
        except Exception:
            continue


def try_(client: object, method: str, params: dict[str, object]) -> None:
    from reload_lsp.wire.errors import RemoteError

    try:
        client.request(method, params)  # type: ignore[attr-defined]
    except RemoteError:
        pass


def main() -> None:
    sys.path.insert(0, str(ROOT))
    import reload_lsp

    reload_lsp._room("agent.start")
    for name in modules():
        importlib.import_module(name)
    reload_lsp._room("live.engine").Engine().warm()  # what every run would import once more
    print(json.dumps(["nothing", run(None)]), flush=True)
    part, parts = map(int, sys.argv[1:3])
    for name, function in functions()[part::parts]:
        print(json.dumps([name, run(function)]), flush=True)


if __name__ == "__main__":
    try:
        main()
    except Begin:
        pass
    else:
        sys.exit(0)
    exec(compile(PROGRAM, "program.py", "exec"), {"__name__": "__main__"})
