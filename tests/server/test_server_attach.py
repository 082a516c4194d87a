"""A program that runs already, attached to from the editor by its number; real agents, real programs."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

PROGRAM = "import lib\nprint('ready', flush=True)\nwhile input() != 'end':\n    print(lib.rate(), flush=True)\n"
LIB = "def rate():\n    return 2\n"


@contextmanager
def started(folder: Path) -> Iterator[subprocess.Popen[str]]:
    (folder / "lib.py").write_text(LIB)
    (folder / "app.py").write_text(PROGRAM)
    env = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    with subprocess.Popen(
        [sys.executable, folder / "app.py"],
        cwd=folder,
        env=env,
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as program:
        assert program.stdout and program.stdout.readline() == "ready\n"
        yield program
        program.kill()


def asked(program: subprocess.Popen[str]) -> str:
    """What the program says now."""
    assert program.stdin and program.stdout
    program.stdin.write("\n")
    program.stdin.flush()
    return program.stdout.readline().strip()


pytestmark = pytest.mark.skipif(sys.version_info >= (3, 14), reason="hypno is for older Pythons; see tests/attaching")


async def test_a_number_attaches_and_saves_follow(start, folder):
    editor = await start()
    with started(folder) as program:
        answer = await editor.run("reloadLsp.attach", program.pid)
        assert [entered["pid"] for entered in answer["entered"]] == [program.pid]
        assert [process["pid"] for process in answer["processes"] if process["attached"]] == [program.pid]
        await editor.attached()
        lib = folder / "lib.py"
        editor.open(lib)
        editor.save(lib, LIB.replace("2", "3"))
        assert (await editor.reloaded()).processes[0].outcome == "applied"
        assert asked(program) == "3"


async def test_a_number_that_is_none(start, folder):
    editor = await start()
    ended = subprocess.Popen(["true"])
    ended.wait()
    answer = await editor.run("reloadLsp.attach", ended.pid)
    assert f"there is no process {ended.pid}" in answer["entered"][0]["message"]
    shown = await editor.until(lambda: editor.client.messages)
    assert "pgrep" in shown[0].message


@pytest.mark.parametrize("way", ["Reload this file", "Leave it as it runs until the next save"])
async def test_a_file_edited_before_it_was_attached(start, folder, way):
    editor = await start()
    lib = folder / "lib.py"
    with started(folder) as program:
        lib.write_text(LIB.replace("2", "3"))
        await editor.run("reloadLsp.attach", program.pid)
        editor.open(lib)
        (shown,) = await editor.diagnosed(lib, "RLD801")
        assert "runs other code than this file has now" in shown.message
        assert asked(program) == "2"
        actions = {action.title: action for action in await editor.actions(lib, 0)}
        assert {"Reload this file", "Leave it as it runs until the next save"} <= actions.keys()
        await editor.run(actions[way].command.command, *actions[way].command.arguments)
        await editor.diagnosed(lib)
        assert asked(program) == ("3" if way.startswith("Reload") else "2")
        editor.save(lib, LIB.replace("2", "4"))
        await editor.until(lambda: len(editor.reloads_of(lib)) == (2 if way.startswith("Reload") else 1))
        assert asked(program) == "4"
