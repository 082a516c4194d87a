"""A workspace that nobody trusts is opened: nothing in it is executed. And what a client may have opened in the program."""

from __future__ import annotations

import contextlib
import os
import random
import subprocess
import sys
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from programs import ROOT, STARTED, Program, environment

from reload_lsp.demo.editor import Editor
from reload_lsp.wire.errors import RemoteError

MODULES = ("sitecustomize", "usercustomize", "typing", "pygls", "lsprotocol", "watchdog", "json", "conftest", "setup")


# As the command `reload-lsp` and the VS Code extension start it, and as `python -m` does.
STARTS = {
    "command": [
        sys.executable,
        "-I",
        "-c",
        f"import sys; sys.path.append({str(ROOT)!r}); from reload_lsp.cli import main; main()",
    ],
    "module": [sys.executable, "-m", "reload_lsp"],
}


@pytest.mark.slow
@pytest.mark.parametrize("way", STARTS)
def test_nothing_in_a_workspace_is_executed(tmp_path: Path, runtime: Path, way: str) -> None:
    if way == "module" and sys.version_info < (3, 11):
        pytest.skip("runpy itself is imported from the current folder before 3.11")
    workspace, witness = tmp_path / "ws", tmp_path / "executed"
    workspace.mkdir()
    evil = f"open({str(witness)!r}, 'a').write(__name__ + '\\n')\n"
    for name in MODULES:
        (workspace / f"{name}.py").write_text(evil)
    (workspace / "pyproject.toml").write_text("[tool.reload-lsp]\nreload-on-save = 'all'\n")
    program = workspace / "git"
    program.write_text(f"#!/bin/sh\necho git >> {witness}\n")
    program.chmod(0o755)
    subprocess.run(["git", "init", "-q", workspace], check=True)
    for setting in ("core.fsmonitor", "core.pager", "diff.external", "core.sshCommand", "core.editor"):
        subprocess.run(["git", "-C", workspace, "config", setting, f"echo {setting} >> {witness}; false"], check=True)
    hook = workspace / ".git" / "hooks" / "post-index-change"
    hook.write_text(f"#!/bin/sh\necho hook >> {witness}\n")
    hook.chmod(0o755)

    editor = Editor(
        workspace,
        {**environment(), "XDG_RUNTIME_DIR": str(runtime.parent), "PYTHONDONTWRITEBYTECODE": "1"},
        [*STARTS[way], "--stdio"],
    )
    editor.initialize()
    for name in ("setup", "conftest"):
        editor.open(workspace / f"{name}.py")
        editor.save(workspace / f"{name}.py", evil + "x = 1\n")
    for command in ("reload", "showPlan", "showGraph", "attach", "verify", "history"):
        arguments = [{"show": False}] if command.startswith("show") else []
        editor.request("workspace/executeCommand", {"command": f"reloadLsp.{command}", "arguments": arguments})
    editor.stop()
    assert not witness.exists(), witness.read_text()


WATCHED = """
import sys
seen = []
def hook(event, args):
    if event == "open" and isinstance(args[0], (str, bytes)):
        seen.append(args[0] if isinstance(args[0], str) else args[0].decode())
import lib
"""
TELLS = """
sys.addaudithook(hook)
while (line := input()) != "end":
    print([path for path in seen if line in path], flush=True)
"""


PARTS = (
    "..", ".", "", "lib.py", "LIB.py", "lib.py/..", "secret.py", "SECRET.py", "secret.py/.", "link.py", "away", "away/secret.py",
    "\uff53ecret.py", "se\u0301cret.py", "s\u00e9cret.py", "secret.py\u200b", "secret\u2024py",
    "%2e%2e", "secret.py ", "secret.py\n", "~", "$HOME",
)  # fmt: skip


def fuzzed(folder: Path, count: int = 300) -> list[str]:
    """Ways through folders that are there and not, up and down, by links, in other cases and other letters."""
    outside = folder.parent / f"{folder.name}-outside"
    outside.mkdir(exist_ok=True)
    (outside / "secret.py").write_text("stolen = 2\n")
    (folder / "away").symlink_to(outside)
    chance = random.Random(7)
    starts = [str(folder), f"{folder}/away", f"{folder}/../{folder.name}", f"//{folder}", f"/proc/self/cwd{folder}"]
    ways = [[chance.choice(PARTS) for _ in range(chance.randint(1, 5))] for _ in range(count)]
    return [
        "/".join([chance.choice(starts), *way, chance.choice(("secret.py", "link.py", "away/secret.py"))])
        for way in ways
    ]


def names_of(folder: Path) -> list[str]:
    """Files that are not loaded, as a client might try to have them opened."""
    secret = folder / "secret.py"
    secret.write_text("stolen = 1\n")
    (folder / "link.py").symlink_to(secret)
    (folder / "pipe-secret.py").parent.mkdir(exist_ok=True)
    os.mkfifo(folder / "pipe-secret.py")
    return [
        str(secret),
        str(folder / "link.py"),
        str(folder / "pipe-secret.py"),  # opening it would hang
        f"{folder}/lib.py/../secret.py",
        f"{folder}/./secret.py",
        f"{folder}//secret.py",
        f"{folder}/LIB.py/../secret.py",
        f"{folder}/secret.py/",
        str(folder / unicodedata.normalize("NFD", "sécret.py")),
        "/proc/self/environ",
        "/dev/zero",
        "/etc/shadow",
        f"/proc/self/cwd{folder}/secret.py",
    ]


@pytest.mark.parametrize(
    "method", ["apply", "knows", "reloadModule", "unload", "rerun", "rebind", "holders", "migration"]
)
def test_only_files_of_the_program_are_opened(program: Callable[..., Program], tmp_path: Path, method: str) -> None:
    (tmp_path / "lib.py").write_text("a = 1\n")
    one = program(WATCHED + STARTED.replace("print", "lib.a; print") + TELLS)
    assert one.line() == "ready"
    with one.client() as client:
        client.hello("test")
        client.request("loaded")
        for name in names_of(tmp_path):
            params = {
                "batch": 1, "cause": "save", "files": [{"path": name, "kind": kind} for kind in ("modified", "created")],
                "paths": [name], "statements": [{"path": name, "line": 0}], "path": name, "line": 0, "class": "A", "fields": [],
            }  # fmt: skip
            try:
                client.request(method, params, timeout=10)
            except Exception as error:
                assert "does not answer" not in str(error), name
        names = fuzzed(tmp_path)
        files = [{"path": name, "kind": kind, "sha256": None} for name in names for kind in ("modified", "created")]
        params = {
            "batch": 2,
            "cause": "save",
            "files": files,
            "paths": names,
            "statements": [{"path": n, "line": 0} for n in names],
        }
        with contextlib.suppress(RemoteError):
            client.request(method, params)
        # What is watched is seen: the program's own file is opened.
        mine = [{"path": str(tmp_path / "lib.py"), "kind": "modified", "sha256": None}]
        (tmp_path / "lib.py").write_text("a = 2\n")
        assert client.request("apply", {"batch": 3, "cause": "save", "files": mine})["outcome"] == "applied"
    one.say("lib.py")
    assert one.line() != "[]"
    for word in ("secret", "shadow", "environ", "zero", "link"):
        one.say(word)
        assert one.line() == "[]"


def test_what_the_saved_text_imports_is_the_users_own(program: Callable[..., Program], tmp_path: Path) -> None:
    """An import in a saved text is executed, as it would be by starting the program: that is what saving means."""
    (tmp_path / "lib.py").write_text("a = 1\n")
    (tmp_path / "fresh.py").write_text("b = 2\n")
    one = program("import lib\n" + STARTED + "input()\nprint(lib.a, flush=True)\n")
    one.line()
    with one.client() as client:
        (tmp_path / "lib.py").write_text("from fresh import b as a\n")
        files = [{"path": str(tmp_path / "lib.py"), "kind": "modified", "sha256": None}]
        assert client.request("apply", {"batch": 1, "cause": "save", "files": files})["outcome"] == "applied"
    one.say()
    assert one.line() == "2"
