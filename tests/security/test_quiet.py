"""Nothing happens unasked: no thread, no socket, no port; off is off; a reload is an audit event."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from programs import CLI, ROOT, STARTED, WAIT, Program, environment

from reload_lsp.demo.editor import Editor

LISTENING = "0A"  # proc(5), net/tcp


def listening(pid: int) -> list[str]:
    """The TCP sockets on which a process listens, of any address family."""
    ours = {os.readlink(f"/proc/{pid}/fd/{name}") for name in os.listdir(f"/proc/{pid}/fd")}
    rows = [
        row.split() for kind in ("tcp", "tcp6") for row in Path(f"/proc/{pid}/net/{kind}").read_text().splitlines()[1:]
    ]
    return [row[1] for row in rows if row[3] == LISTENING and f"socket:[{row[9]}]" in ours]


def test_nothing_listens_on_the_network(program: Callable[..., Program], runtime: Path, tmp_path: Path) -> None:
    one = program(STARTED + WAIT)
    one.line()
    editor = Editor(tmp_path, {**environment(), "XDG_RUNTIME_DIR": str(runtime.parent)})
    editor.initialize()
    editor.attached()
    assert (listening(one.pid), listening(editor.process.pid)) == ([], [])
    editor.stop()


@pytest.mark.parametrize("option", ["--tcp", "--ws", "--port=5000", "--host=0.0.0.0"])
def test_the_server_speaks_on_standard_input_and_output_only(option: str) -> None:
    """pygls could listen for a browser to find; this server does not offer it at all."""
    done = subprocess.run([*CLI, option], env=environment(), stdin=subprocess.DEVNULL, capture_output=True, check=False)
    assert done.returncode == 2
    assert b"unrecognized arguments" in done.stderr


def test_importing_is_not_starting() -> None:
    text = """
import os, sys, threading, time
before = set(os.listdir("/proc/self/fd")), len(sys.modules)
began = time.perf_counter()
import reload_lsp
took = (time.perf_counter() - began) * 1e3
print(set(os.listdir("/proc/self/fd")) == before[0], threading.active_count(), len(sys.modules) - before[1], took)
"""
    env = environment(PYTHONPATH=str(ROOT))
    said = [
        subprocess.run([sys.executable, "-c", text], env=env, capture_output=True, text=True, check=True)
        for _ in range(5)
    ]
    rows = [done.stdout.split() for done in said]
    assert {tuple(row[:3]) for row in rows} == {("True", "1", "2")}  # itself, and `__future__`
    assert min(float(row[3]) for row in rows) < 3.0


def test_off_is_off(program: Callable[..., Program], runtime: Path) -> None:
    text = """
import reload_lsp, threading
reload_lsp.start()
print(threading.active_count(), reload_lsp.checkpoint(), flush=True)
for refused in (reload_lsp.reload, reload_lsp.undo):
    try:
        refused()
    except reload_lsp.ReloadError as error:
        print(error, flush=True)
"""
    one = program(text, RELOAD_LSP="0")
    assert one.line() == "1 None"
    assert "RELOAD_LSP=0" in one.line()
    assert "RELOAD_LSP=0" in one.line()
    assert not runtime.exists()


def test_a_reload_is_an_audit_event_that_can_refuse(program: Callable[..., Program], tmp_path: Path) -> None:
    (tmp_path / "lib.py").write_text("a = 1\n")
    text = """
import sys, lib
REFUSE = False
def hook(event, args):
    if event == "reload_lsp.reload":
        print(event, args, flush=True)
        if REFUSE:
            raise PermissionError("not here")
import reload_lsp
reload_lsp.start()
sys.addaudithook(hook)
print("ready", flush=True)
input()
REFUSE = True
print("refusing", flush=True)
input()
"""
    one = program(text)
    assert one.line() == "ready"
    lib = tmp_path / "lib.py"
    apply = {"batch": 1, "cause": "save", "files": [{"path": str(lib), "kind": "modified", "sha256": None}]}
    with one.client() as client:
        lib.write_text("a = 2\n")
        assert client.request("apply", apply)["outcome"] == "applied"
        assert one.line() == "reload_lsp.reload ()"
        one.say()
        assert one.line() == "refusing"
        lib.write_text("a = 3\n")
        with pytest.raises(Exception, match="not here"):
            client.request("apply", apply)


# In each process: that it is watched, and each name or address of the network that it asks for.
WITNESS = """
import os, sys
witness = os.open({!r}, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
os.write(witness, f"{{os.getpid()}}\\n".encode())
ASKS = ("socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg")
NAMES = ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr")
def hook(event, arguments):
    if event in ASKS and not isinstance(arguments[-1], (str, bytes)) or event in NAMES:
        os.write(witness, f"{{os.getpid()}} {{event}} {{arguments}}\\n".encode())
sys.addaudithook(hook)
"""


@pytest.mark.slow
def test_no_network_is_needed(tmp_path: Path) -> None:
    """The whole of the demo, server, agent, editor, where there is not even a loopback interface; and none is asked for."""
    if subprocess.run(["unshare", "-n", "true"], capture_output=True, check=False).returncode:
        pytest.skip("this machine makes no network namespaces")
    asked = tmp_path / "asked"
    (tmp_path / "sitecustomize.py").write_text(WITNESS.format(str(asked)))
    env = environment(PYTHONPATH=str(tmp_path))
    done = subprocess.run(
        ["unshare", "-n", *CLI, "demo"], env=env, cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    said = asked.read_text().splitlines()
    assert len({line.split()[0] for line in said}) > 2  # the demo, its program, its server
    assert [line for line in said if len(line.split()) > 1] == []
