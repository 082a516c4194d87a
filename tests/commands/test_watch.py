"""`reload-lsp watch`: the program started, its files reloaded, findings with their lines, keys."""

from __future__ import annotations

import asyncio
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from programs import CLI, Program, environment

sys.path.append(str(Path(__file__).parents[1] / "server"))

from terminal import TMUX, Terminal

ROOT = Path(__file__).parents[2]
LIB = "def say():\n    return 'old'\n"
APP = """
import lib, time
SIZE = 1
made = print(SIZE)
if __name__ == "__main__":
    print("ready", flush=True)
    while lib.say() != "end":
        print(lib.say(), flush=True)
        time.sleep(0.1)
    raise SystemExit(3)
"""


@pytest.fixture
def watched(runtime: Path, tmp_path: Path) -> Iterator[Callable[[], Program]]:
    started: list[Program] = []
    (tmp_path / "lib.py").write_text(LIB)
    (tmp_path / "app.py").write_text(APP)

    def start() -> Program:
        env = environment(PYTHONPATH=str(ROOT))
        started.append(Program([*CLI, "watch", "--", sys.executable, "app.py"], env, tmp_path))
        return started[-1]

    yield start
    for one in started:
        one.kill()


def line(program: Program, begins: str) -> str:
    """The next line that begins so."""
    while not (found := program.line()).startswith(begins):
        pass
    return found


def save_until(program: Program, path: Path, texts: Callable[[int], str], said: str) -> str:
    """Save further texts until a line says so: the first ones may be saved before the folder is watched."""
    for number in range(200):
        path.write_text(texts(number))
        for _ in range(20):
            found = program.line()
            if said in found:
                return found
    raise AssertionError(said)


def test_without_a_terminal_lines_are_plain_and_the_programs_code_is_its_own(
    watched: Callable[[], Program], tmp_path: Path
) -> None:
    one = watched()
    line(one, "ready")
    found = save_until(one, tmp_path / "lib.py", lambda n: LIB.replace("old", f"new {n}"), "live in 1 process")
    assert "external lib.py: live in 1 process: lib" in found and "\x1b" not in found
    line(one, "new ")
    (tmp_path / "app.py").write_text(APP.replace("SIZE = 1", "SIZE = 2"))
    assert line(one, "! app.py:4:1").startswith("! app.py:4:1: warning RLD316: made was not run again although SIZE")
    assert one.line() == "  4 | made = print(SIZE)"
    assert one.line() == "    | " + "^" * 18
    (tmp_path / "lib.py").write_text(LIB.replace("old", "end"))
    code, errors = one.finish()
    assert code == 3, errors


def test_it_needs_no_library_of_language_servers() -> None:
    text = "import sys, reload_lsp.commands.watch; sys.exit('lsprotocol' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", text], cwd=ROOT, check=False).returncode == 0


@pytest.mark.skipif(TMUX is None, reason="no tmux: this needs a terminal")
async def test_on_a_terminal_there_are_a_status_line_and_keys(runtime: Path, tmp_path: Path) -> None:
    (tmp_path / "lib.py").write_text(LIB)
    (tmp_path / "app.py").write_text(APP)
    command = [*CLI, "watch", "--", sys.executable, "app.py"]
    env = environment(PYTHONPATH=str(ROOT))
    screen = Terminal(tmp_path / "tmux", f"{shlex.join(command)}; cat", tmp_path, env)
    try:
        await screen.shows("[reload-lsp] 1 process attached · r reload  u undo  R restart  q quit")
        for number in range(100):
            (tmp_path / "lib.py").write_text(LIB.replace("old", f"new {number}"))
            await asyncio.sleep(0.1)
            if "live in 1 process: lib" in screen.screen():
                break
        screen.keys("u")
        await screen.shows("undone in 1 process")
        await screen.until(
            lambda text: text.rstrip().splitlines()[-2].startswith(("old", "new")), "the program's output"
        )
        screen.keys("R")
        await screen.shows("starting again")
        await screen.shows("ready")
        screen.keys("q")
        await screen.hides("[reload-lsp] ")
    finally:
        screen.close()
