"""An editor's terminal: a copy of the bootstrap on PYTHONPATH, on or off, for some folders or for all."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from programs import CLI, ROOT, environment

from reload_lsp.agent.scope import belongs

PYTHON = sys.executable
PACKAGE = ROOT / "reload_lsp"
LOOK = """
import os, sys
def main():
    agent = sys.modules.get("_reload_lsp_agent.agent.start")
    attached = agent is not None and agent._agent is not None
    print(attached, sys.path[1:], sorted(k for k in os.environ if k.startswith(("PYTHON", "RELOAD"))))
main()
"""


class Terminal:
    """What an editor sets for its terminals, and what programs started there say."""

    def __init__(self, folder: Path, project: Path) -> None:
        self.folder = folder
        self.project = project
        self.copy = folder / "sitecustomize.py"
        self.path = f"{folder}{os.pathsep}"
        folder.mkdir(parents=True)
        shutil.copyfile(PACKAGE / "agent" / "bootstrap" / "sitecustomize.py", self.copy)

    def on(self, *folders: Path) -> None:
        (self.folder / "installation").write_text(f"{PACKAGE}\n", encoding="utf-8")
        (self.folder / "folders").write_text("".join(f"{f}\n" for f in folders), encoding="utf-8")

    def off(self) -> None:
        (self.folder / "installation").unlink()

    def run(self, *command: str, cwd: Path | None = None, **changes: str | None) -> str:
        changes = {"PYTHONPATH": self.path, "RELOAD_LSP_BOOTSTRAP": str(self.folder), **changes}
        return said(command, cwd or self.project, **changes)

    def plain(self, *command: str, **changes: str | None) -> str:
        changes = {"PYTHONPATH": None, **changes}
        return said(command, self.project, **changes)


def said(command: tuple[str, ...], cwd: Path, **changes: str | None) -> str:
    env = environment(**changes)
    done = subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


@pytest.fixture
def terminal(runtime: Path, tmp_path: Path) -> Terminal:
    project = tmp_path / "pröject"
    project.mkdir()
    (project / "app.py").write_text(LOOK)
    made = Terminal(tmp_path / "stored by the editor", project)
    made.on(project)
    return made


def test_a_program_of_the_folder_is_attached_and_sees_nothing_of_it(terminal: Terminal) -> None:
    plain = terminal.plain(PYTHON, "app.py").replace("False", "True", 1)
    assert terminal.run(PYTHON, "app.py") == plain.replace("[]\n", "['RELOAD_LSP_BOOTSTRAP']\n")


@pytest.mark.parametrize("path", ["/mine", ":/mine", "/mine:", "/a::/b", ":"])
def test_a_python_path_of_the_users_stays_as_it_was(terminal: Terminal, path: str) -> None:
    look = "import os, sys; print(sys.path, os.environ['PYTHONPATH'])"
    assert terminal.run(PYTHON, "-c", look, PYTHONPATH=terminal.path + path) == terminal.plain(
        PYTHON, "-c", look, PYTHONPATH=path
    )


def test_nothing_stays_in_a_terminal_that_is_open_when_it_is_switched_off(terminal: Terminal) -> None:
    terminal.off()
    assert terminal.run(PYTHON, "app.py") == terminal.plain(PYTHON, "app.py")


def test_nothing_stays_when_the_extension_is_gone(terminal: Terminal, tmp_path: Path) -> None:
    (terminal.folder / "installation").write_text(f"{tmp_path / 'no longer here'}\n")
    assert terminal.run(PYTHON, "app.py") == terminal.plain(PYTHON, "app.py")


def test_a_removed_copy_disturbs_no_program(terminal: Terminal) -> None:
    shutil.rmtree(terminal.folder)
    assert terminal.run(PYTHON, "app.py").startswith("False")


def test_the_sitecustomize_that_it_shadows_runs(terminal: Terminal, tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text("import sys; sys.chained = True\n")
    look = tmp_path / "pröject" / "look.py"
    look.write_text("import sys; print(sys.chained, '_reload_lsp_agent' in sys.modules)")
    assert terminal.run(PYTHON, "look.py", PYTHONPATH=f"{terminal.path}{tmp_path}") == "True True\n"


def test_a_program_elsewhere_is_left_alone(terminal: Terminal, tmp_path: Path) -> None:
    other = tmp_path / "other.py"
    other.write_text(LOOK)
    assert terminal.run(PYTHON, str(other)).startswith("False")
    (terminal.folder / "folders").unlink()
    assert terminal.run(PYTHON, str(other)).startswith("True")


def test_run_in_such_a_terminal_attaches_once(terminal: Terminal) -> None:
    look = "import sys, threading; print('_reload_lsp_agent' in sys.modules, len(threading.enumerate()))"
    (terminal.project / "count.py").write_text(look)
    path = f"{terminal.path}{ROOT}"
    assert terminal.run(*CLI, "run", "--", PYTHON, "count.py", PYTHONPATH=path) == "True 2\n"


@pytest.mark.parametrize(
    "argv, cwd, expected",
    [
        (["python", "app.py"], "/w/app", True),
        (["python", "sub/app.py"], "/w/app", True),
        (["python", "/w/app/x.py"], "/elsewhere", True),
        (["python", "../other/x.py"], "/w/app", False),
        (["python", "-X", "utf8", "x.py", "app.py"], "/w/app", True),
        (["python", "-m", "pkg"], "/w/app/sub", True),
        (["python", "-m", "pkg"], "/w", False),
        (["python", "/env/bin/uvicorn", "app:app"], "/w/app", True),
        (["python"], "/w/app", True),
        (["python", "x.py"], "/w/application", False),
        (["python", "-c", "pass"], "/w/app", False),
        (["python", "-X", "utf8", "-m", "debugpy", "--listen", "0", "--wait-for-client", "x.py"], "/w/app", True),
        (["python", "-m", "debugpy", "--listen", "0", "../other/x.py"], "/w/app", False),
        (["python", "/env/debugpy", "--connect", "h:1", "--configure-qt", "none", "/w/app/x.py"], "/elsewhere", True),
        (["python", "/env/debugpy", "--connect", "h:1", "-m", "pkg"], "/w/app", True),
    ],
)
def test_what_belongs_to_a_folder(argv: list[str], cwd: str, expected: bool) -> None:
    assert belongs(argv, ["/w/app"], cwd) is expected
