"""A program on another machine, as far as one machine can have several: network namespaces, with the files mounted elsewhere."""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from driver import Said

from reload_lsp.demo.editor import Editor
from reload_lsp.demo.processes import COMMAND, environment
from reload_lsp.wire.client import Client
from reload_lsp.wire.records import Endpoint, living

pytestmark = pytest.mark.slow

LIB = "def rate():\n    return 2\n"
APP = "import lib\nprint('ready', flush=True)\nwhile input() != 'end':\n    print('rate', lib.rate(), flush=True)\n"
FORKS = "import lib, os, time\nos.fork()\nos.write(1, b'ready\\n')\nwhile True:\n    time.sleep(0.1)\n"
HERE, THERE = "10.213.7.1", "10.213.7.2"


def write(workspace: Path, app: str = APP) -> None:
    (workspace / "lib.py").write_text(LIB)
    (workspace / "app.py").write_text(app)


def run_command(place: str, key: Path, app: Path) -> list[str]:
    return [*COMMAND, "run", "--listen", place, "--key-file", str(key), "--", sys.executable, str(app)]


@contextlib.contextmanager
def started(command: list[str], env: dict[str, str], cwd: Path) -> Iterator[tuple[subprocess.Popen[str], Said]]:
    process = subprocess.Popen(
        command, env=env, cwd=cwd, text=True, start_new_session=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    try:
        yield process, Said(process)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, 9)
        process.wait()


@pytest.fixture
def remote(folder: Path) -> dict[str, str]:
    """The environment there, where the runtime folder is another."""
    other = folder / "there-run"
    other.mkdir(mode=0o700)
    return {**environment(folder), "XDG_RUNTIME_DIR": str(other), "PYTHONUNBUFFERED": "1"}


@contextlib.contextmanager
def editor_on(workspace: Path, folder: Path) -> Iterator[Editor]:
    env = {k: v for k, v in os.environ.items() if not k.startswith("RELOAD_LSP")}
    editor = Editor(workspace, {**env, "XDG_RUNTIME_DIR": str(folder / "run")})
    try:
        editor.initialize()
        yield editor
    finally:
        editor.end()


def connect(editor: Editor, **what: Any) -> dict[str, Any]:
    done: dict[str, Any] = editor.request(
        "workspace/executeCommand", {"command": "reloadLsp.connect", "arguments": [what]}
    )
    return done


def follows(editor: Editor, workspace: Path, process: subprocess.Popen[str], said: Said) -> None:
    """A save here is live there, and a fault there is shown here."""
    lib = workspace / "lib.py"
    editor.open(lib)
    editor.save(lib, LIB.replace("2", "3"))
    assert editor.reloaded()["outcome"] == "applied"
    assert process.stdin
    process.stdin.write("\n")
    process.stdin.flush()
    assert said.wait_for("rate") == "rate 3"
    editor.forget()
    editor.save(lib, LIB + "x = 1 / 0\n")
    assert editor.diagnosed(lib, ["RLD901"])[0]["range"]["start"]["line"] == 2


def test_between_network_namespaces(folder: Path, workspace: Path, remote: dict[str, str]) -> None:
    if os.geteuid() != 0 or shutil.which("ip") is None:
        pytest.skip("needs root and iproute2, to make a network: see test_on_loopback")
    write(workspace)
    there, key = folder / "there", folder / "key"
    there.mkdir()
    inside = run_command(f"{THERE}:5690", key, there / "app.py")
    waits = f'mount --bind "{workspace}" "{there}" && read _ && exec "$@"'
    command = ["unshare", "-m", "-n", "sh", "-c", waits, "sh", *inside]
    with started(command, remote, folder) as (process, said):
        if not network_to(process.pid):
            pytest.skip("this machine makes no network namespaces: see test_on_loopback")
        assert process.stdin
        process.stdin.write("\n")
        process.stdin.flush()
        said.wait_for("ready")
        with editor_on(workspace, folder) as editor:
            mapping = [{"localRoot": str(workspace), "remoteRoot": str(there)}]
            done = connect(editor, listen=f"{THERE}:5690", keyFile=str(key), pathMappings=mapping)
            assert [found["pid"] for found in done["processes"]] == [process.pid], done
            follows(editor, workspace, process, said)


def network_to(pid: int) -> bool:
    """A cable from here to the network namespace of a process."""
    name = f"rl{pid}"
    inside = ["nsenter", "-t", str(pid), "-n", "ip"]
    deadline = time.monotonic() + 5
    while os.readlink(f"/proc/{pid}/ns/net") == os.readlink("/proc/self/ns/net") and time.monotonic() < deadline:
        time.sleep(0.01)
    steps = [
        ["ip", "link", "add", name, "type", "veth", "peer", "name", "rl0", "netns", str(pid)],
        ["ip", "addr", "add", f"{HERE}/30", "dev", name],
        ["ip", "link", "set", name, "up"],
        [*inside, "addr", "add", f"{THERE}/30", "dev", "rl0"],
        [*inside, "link", "set", "rl0", "up"],
    ]
    return all(subprocess.run(step, capture_output=True, check=False).returncode == 0 for step in steps)


def test_on_loopback(folder: Path, workspace: Path, remote: dict[str, str], free_port: int) -> None:
    write(workspace)
    there, key = folder / "there", folder / "key"
    there.symlink_to(workspace)
    with started(run_command(f"127.0.0.1:{free_port}", key, there / "app.py"), remote, folder) as (process, said):
        said.wait_for("ready")
        assert stat.S_IMODE(key.stat().st_mode) == 0o600
        with editor_on(workspace, folder) as editor:
            mapping = [{"localRoot": str(workspace), "remoteRoot": str(there)}]
            connect(editor, listen=f"127.0.0.1:{free_port}", keyFile=str(key), pathMappings=mapping)
            follows(editor, workspace, process, said)


def test_each_process_of_a_program_has_a_port_of_the_range(
    folder: Path, workspace: Path, remote: dict[str, str], free_port: int
) -> None:
    write(workspace, FORKS)
    key, place = folder / "key", f"127.0.0.1:{free_port}-{free_port + 5}"
    with started(run_command(place, key, workspace / "app.py"), remote, folder) as (_, said):
        said.wait_for("ready")
        said.wait_for("ready", after=said.lines.index("ready") + 1)
        with editor_on(workspace, folder) as editor:
            done = connect(editor, listen=place, keyFile=str(key))
            assert len(done["connected"]) == 2
            editor.open(workspace / "lib.py")
            editor.save(workspace / "lib.py", LIB.replace("2", "3"))
            told = editor._wait("reloadLsp/didReload", lambda _: True, "no reload")
            assert [found["outcome"] for found in told["processes"]] == ["applied"] * 2


def test_what_is_wrong_is_said(folder: Path, workspace: Path, remote: dict[str, str], free_port: int) -> None:
    write(workspace)
    key, wrong, open_to_all = folder / "key", folder / "wrong", folder / "open"
    wrong.write_text("0" * 64)
    wrong.chmod(0o600)
    open_to_all.write_text("0" * 64)
    place = f"127.0.0.1:{free_port}"
    with started(run_command(place, key, workspace / "app.py"), remote, folder) as (_, said):
        said.wait_for("ready")
        with editor_on(folder / "there-run", folder) as editor:
            assert "is no HOST:PORT" in connect(editor, listen="5690", keyFile=str(key))["message"]
            assert "chmod 600" in connect(editor, listen=place, keyFile=str(open_to_all))["message"]
            assert "is the key file the same?" in connect(editor, listen=place, keyFile=str(wrong))["message"]
            assert "nothing at 127.0.0.1:1 can" in connect(editor, listen="127.0.0.1:1", keyFile=str(key))["message"]
            assert "say in pathMappings" in connect(editor, listen=place, keyFile=str(key))["message"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--listen", "127.0.0.1:5690"], "--listen and --key-file belong together"),
        (["--key-file", "key"], "--listen and --key-file belong together"),
        (["--listen", "5690", "--key-file", "key"], "is no HOST:PORT"),
        (["--listen", "127.0.0.1:70000", "--key-file", "key"], "are no ports"),
        (["--listen", "127.0.0.1:5690", "--key-file", "missing/key"], "cannot be made"),
    ],
)
def test_what_run_refuses(folder: Path, options: list[str], said: str) -> None:
    done = subprocess.run(
        [*COMMAND, "run", *options, "--", "true"], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert said in done.stderr


WORKER = """
import os, sys
from reload_lsp.clusters import listen_with, start_worker
listen_with(sys.argv[1], sys.argv[2])
start_worker()
print("key", os.environ["RELOAD_LSP_KEY_FILE"], flush=True)
if not os.fork():
    sys.exit()  # a child's end is not the worker's
os.wait()
print("ready", flush=True)
input()
"""


def test_a_key_that_a_scheduler_hands_over(folder: Path, free_port: int) -> None:
    """What the Dask plugin does in a worker: it is reached with that key, which is nowhere once it has ended."""
    place, key = f"127.0.0.1:{free_port}", "5a" * 32
    env = {**environment(folder), "PYTHONPATH": str(Path(__file__).parents[2])}
    with started([sys.executable, "-c", WORKER, place, key], env, folder) as (process, said):
        path = Path(said.wait_for("key").removeprefix("key "))
        said.wait_for("ready")
        assert (stat.S_IMODE(path.stat().st_mode), path.read_text()) == (0o600, key)
        (record,) = [r for r in living(str(folder / "run" / "reload-lsp")) if r.pid == process.pid]
        there = replace(record, endpoint=Endpoint(tcp=("127.0.0.1", free_port)), key=bytes.fromhex(key))
        with Client(there) as client:
            assert client.hello("test")["pid"] == process.pid
        assert process.stdin
        process.stdin.close()
        process.wait(30)
        assert not path.exists()
