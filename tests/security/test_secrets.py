"""Keys are in files that only the user can read, and nowhere else."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from programs import CLI, STARTED, WAIT, Program, environment

from reload_lsp.demo.editor import Editor
from reload_lsp.wire.keyfile import make_key


def everything_said(pid: int) -> bytes:
    return b"".join(Path(f"/proc/{pid}/{name}").read_bytes() for name in ("cmdline", "environ"))


@pytest.mark.slow
def test_no_key_in_arguments_environment_logs_or_messages(
    program: Callable[..., Program], runtime: Path, tmp_path: Path
) -> None:
    key_file, agents_log, servers_log = tmp_path / "key", tmp_path / "agent.log", tmp_path / "server.log"
    make_key(str(key_file))
    names = {
        "RELOAD_LSP_LISTEN": "127.0.0.1:0-0",
        "RELOAD_LSP_KEY_FILE": str(key_file),
        "RELOAD_LSP_LOG": str(agents_log),
    }
    child = "import subprocess, sys; subprocess.Popen([sys.executable, '-c', 'input()'], stdin=subprocess.PIPE); "
    one = program(STARTED.replace("print", child + "print") + WAIT, **names)
    one.line()
    record = one.record()
    secrets = [record.key.hex().encode(), record.key, key_file.read_bytes().strip()]

    env = {**environment(), "XDG_RUNTIME_DIR": str(runtime.parent)}
    editor = Editor(tmp_path, env)
    editor.initialize()
    editor.attached()
    editor.request("workspace/executeCommand", {"command": "reloadLsp.attach", "arguments": []})
    heard = json.dumps(editor._kept).encode()
    said = [everything_said(one.pid), everything_said(editor.process.pid), heard]
    children = subprocess.run(["pgrep", "-P", str(one.pid)], capture_output=True, text=True, check=True).stdout.split()
    said += [everything_said(int(pid)) for pid in children]
    assert children
    editor.stop()

    commands = (["status", "--json"], ["status"], ["doctor", "--report", str(tmp_path / "report.json")])
    said += [
        subprocess.run([*CLI, *words], env=env, cwd=tmp_path, capture_output=True, check=False).stdout
        for words in commands
    ]
    said.append((tmp_path / "report.json").read_bytes())
    serve = [*CLI, "--stdio", "--log-level", "debug", "--log-file", str(servers_log)]
    subprocess.run(serve, env=env, input=b"", capture_output=True, check=False)
    said += [path.read_bytes() for path in (agents_log, servers_log) if path.exists()]
    assert not [(place, secret) for place, text in enumerate(said) for secret in secrets if secret in text]
