"""The same through the real server: programs started by `reload-lsp run`, one for each library, all on one editor."""

from __future__ import annotations

import ast
import contextlib
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from adapters_program import LIBRARIES, python_with
from driver import Said
from served_programs import HERE, SERVE, SERVED

from reload_lsp.demo.editor import Editor
from reload_lsp.demo.processes import COMMAND, DemoError, environment

pytestmark = pytest.mark.slow
WARNING = 2


class Running:
    """One of the programs."""

    def __init__(self, name: str, command: list[str], workspace: Path, env: dict[str, str]) -> None:
        self.name, self.path = name, workspace / f"{name}_app.py"
        self.path.write_text(dedent(SERVED[name].app), encoding="utf-8")
        (workspace / f"{name}_client.py").write_text(SERVED[name].client, encoding="utf-8")
        self.process = subprocess.Popen(
            [*command, "serve.py", name], cwd=workspace, env=env,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        self.said = Said(self.process)

    def ask(self) -> Any:
        """What it answers now."""
        known = len(self.said.lines)
        assert self.process.stdin is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return ast.literal_eval(self.said.wait_for("= ", known).partition("= ")[2])

    def end(self) -> None:
        self.process.kill()
        self.process.wait()


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[Editor, dict[str, Running]]]:
    """All programs, running, and an editor that has found every one of them."""
    python = str(python_with("adapters", LIBRARIES))
    with tempfile.TemporaryDirectory(prefix="rl-") as made, contextlib.ExitStack() as ending:
        folder = Path(made).resolve()
        env = {**environment(folder), "PYTHONUNBUFFERED": "1"}
        env.pop("PYTHONPATH", None)
        workspace = folder / "ws"
        workspace.mkdir()
        (workspace / "serve.py").write_text(SERVE, encoding="utf-8")
        programs: dict[str, Running] = {}
        for name in SERVED:
            programs[name] = Running(name, [*COMMAND, "run", "--", python], workspace, env)
            ending.callback(programs[name].end)
        editor = Editor(workspace, env)
        ending.callback(editor.end)
        editor.initialize()
        for program in programs.values():
            program.said.wait_for("ready")
        _wait_for_all(editor, len(programs))
        yield editor, programs
        assert not [p.name for p in programs.values() if p.process.poll() is not None]
        editor.stop()


def _wait_for_all(editor: Editor, count: int) -> None:
    """So many programs that start at once take a machine some time."""
    seen = 0

    def all_are_there(status: dict[str, Any]) -> bool:
        nonlocal seen
        seen = len(status["processes"])
        return seen == count

    for patience in range(6):
        try:
            editor._wait("reloadLsp/status", all_are_there, "not all programs are attached")
            return
        except DemoError:
            assert patience < 5, f"only {seen} of {count} programs are attached"


@pytest.mark.parametrize("name", SERVED)
def test_a_save(served: tuple[Editor, dict[str, Running]], name: str) -> None:
    editor, programs = served
    program, wanted = programs[name], SERVED[name]
    assert program.ask() == wanted.before
    text = wanted.edited()
    editor.open(program.path)
    editor.forget()
    editor.save(program.path, text)
    [done] = editor._wait("reloadLsp/didReload", lambda _: True, "no reload was reported")["processes"]
    assert done["pid"] == program.process.pid and done["outcome"] in ("applied", "partial"), done
    said = [f for f in done["findings"] if f["severity"] in ("error", "warning")]
    assert [f["code"] for f in said] == list(wanted.codes), said
    if wanted.codes:
        line = next(number for number, line in enumerate(text.splitlines()) if HERE in line)
        assert _shown(editor, program.path, wanted.codes) == [line] * len(wanted.codes)
    assert program.ask() == wanted.after


def _shown(editor: Editor, path: Path, codes: Sequence[str]) -> list[int]:
    """The lines on which the editor underlines `codes`, as soon as it does; what is only noted apart."""

    def alerts(params: dict[str, Any]) -> list[dict[str, Any]]:
        return [d for d in params["diagnostics"] if params["uri"] == path.as_uri() and d["severity"] <= WARNING]

    told = editor._wait(
        "textDocument/publishDiagnostics",
        lambda p: [d["code"] for d in alerts(p)] == list(codes),
        f"never showed {codes}",
    )
    return [d["range"]["start"]["line"] for d in alerts(told)]


@pytest.mark.longrun
@pytest.mark.parametrize("name", [name for name, wanted in SERVED.items() if not wanted.codes])
def test_a_fresh_process_answers_the_same(tmp_path: Path, name: str) -> None:
    (tmp_path / f"{name}_app.py").write_text(SERVED[name].edited(), encoding="utf-8")
    (tmp_path / f"{name}_client.py").write_text(SERVED[name].client, encoding="utf-8")
    (tmp_path / "serve.py").write_text(SERVE, encoding="utf-8")
    command = [python_with("adapters", LIBRARIES), "serve.py", name]
    done = subprocess.run(command, cwd=tmp_path, input="\n", capture_output=True, text=True, timeout=60, check=False)
    assert ast.literal_eval(done.stdout.partition("= ")[2]) == SERVED[name].after, done.stderr
