"""A real Neovim, headless, against a real program."""

import asyncio
import shlex
import shutil

import pytest
from editors import HERE, environment, marks, program, report
from real import ANSWERING, MONITORS, NO_MONITOR, launch
from terminal import TMUX, Terminal

MINUTE = 60.0
pytestmark = marks("nvim")

APP = "def answer(): return 41\n" + ANSWERING


def settled(own) -> dict[str, str]:
    """The environment of a Neovim that has the lines of docs/editors.md for its settings."""
    env = environment(own)
    (own / "config" / "nvim").mkdir()
    shutil.copy(HERE / "neovim" / "init.lua", own / "config" / "nvim")
    return env


async def test_writing_the_buffer_reloads_the_program(folder, tmp_path):
    (folder / "pyproject.toml").write_text("")
    (folder / "app.py").write_text(APP, encoding="utf-8")
    own = tmp_path / "nvim"
    env = settled(own)
    running = await launch(folder / "app.py")
    try:
        neovim = await asyncio.create_subprocess_exec(
            str(program("nvim")), "--headless", "-c", f"luafile {HERE / 'neovim' / 'save.lua'}",
            cwd=folder, env=env, stdin=-3, stdout=-1, stderr=-2,
        )  # fmt: skip
        said, _ = await asyncio.wait_for(neovim.communicate(), MINUTE)
        assert neovim.returncode == 0, (report(own), said.decode("utf-8", "replace"))
        assert await running.ask("answer()") == "42"
    finally:
        await running.kill()
    lines = report(own)
    assert "ok diagnostic" in lines and "ok clean" in lines
    (shown,) = [line for line in lines if line.startswith("diagnostic ")]
    assert "NameError" in shown and " 1 " in shown
    assert "action Retry the reload" in lines
    assert "encoding utf-8" in lines
    assert "underlined unsafe" in lines, "an accent and an emoji stand before the name"


@pytest.mark.skipif(TMUX is None, reason="no tmux: this needs a terminal")
async def test_what_is_seen_on_a_terminal(folder, tmp_path):
    (folder / "pyproject.toml").write_text("")
    (folder / "app.py").write_text(APP, encoding="utf-8")
    running = await launch(folder / "app.py")
    command = f"{shlex.quote(str(program('nvim')))} app.py"
    neovim = Terminal(tmp_path / "tmux", command, folder, settled(tmp_path / "nvim"))
    try:
        await neovim.shows("1 process attached")
        neovim.type(":s/41/42/")
        neovim.keys("Enter")
        neovim.type(":w")
        neovim.keys("Enter")
        await neovim.shows("live in 1 process: __main__")
        neovim.type("ox = 'é😀' unsafe")
        neovim.keys("Escape")
        neovim.type(":w")
        neovim.keys("Enter")
        await neovim.shows("refused: invalid syntax")
        neovim.type("gra")
        await neovim.shows("Reload all changed files")
        neovim.keys("Escape")
        await neovim.hides("Reload all changed files")
        neovim.type(":2d | w")
        neovim.keys("Enter")
        await neovim.hides("refused: invalid syntax")
        assert await running.ask("answer()") == "42"
    finally:
        neovim.close()
        await running.kill()


async def test_an_edit_has_its_verdict_before_it_is_written(folder, tmp_path):
    (folder / "pyproject.toml").write_text("")
    text = 'é = "😀"; N = 1\nimport threading\npool = threading.Thread(name=str(N))\n'
    (folder / "app.py").write_text(text + ANSWERING, encoding="utf-8")
    own = tmp_path / "nvim"
    env = settled(own)
    running = await launch(folder / "app.py")
    try:
        neovim = await asyncio.create_subprocess_exec(
            str(program("nvim")), "--headless", "-c", f"luafile {HERE / 'neovim' / 'verdict.lua'}",
            cwd=folder, env=env, stdin=-3, stdout=-1, stderr=-2,
        )  # fmt: skip
        said, _ = await asyncio.wait_for(neovim.communicate(), MINUTE)
        assert neovim.returncode == 0, (report(own), said.decode("utf-8", "replace"))
        assert await running.ask("N, pool.name") == "(1, '1')"
    finally:
        await running.kill()
    told = {word: rest for word, _, rest in (line.partition(" ") for line in report(own))}
    assert told["diagnostic"].startswith("RLD301 2 3 on save: pool is not run again although N changed")
    assert told["lens"] == "on save: re-run 1 statement · 1 held"
    assert "1. run `N` " in told["plan"] and "**hold** `pool` " in told["plan"]
    assert told["hover"].startswith("`pool` of `__main__` /") and "runs the text on the screen" in told["hover"]


JOBS = """import os
from functools import lru_cache
import threading


def spin():
    while True:
        if threading.Event().wait(0.001) or os.path.exists("stop"):
            raise SystemExit


def rows():
    yield 1
    yield 2


@lru_cache
def price():
    return 5
"""
LAZY = """def load():
    global LIMIT
    # é 😀
    import os

    if os: from config import LIMIT


load()  # reload: never
def limit(): return "é 😀", LIMIT
"""
WORKING = """import jobs, lazy, os, threading

rows = jobs.rows()
next(rows)
asked = threading.Event()


def work():
    jobs.price()
    asked.set()
    jobs.spin()


def over():
    worker.join()
    globals().pop("rows").close()


worker = threading.Thread(target=work, name="worker-1", daemon=True)
worker.start()
asked.wait()
threading.Thread(target=over, daemon=True).start()
"""


async def test_what_an_edit_cannot_reach_and_the_ways_out(folder, tmp_path):
    texts = {"jobs": JOBS, "lazy": LAZY, "config": "LIMIT = 1\n", "app": WORKING + ANSWERING}
    for name, text in texts.items():
        (folder / f"{name}.py").write_text(text, encoding="utf-8")
    (folder / "pyproject.toml").write_text("")
    own = tmp_path / "nvim"
    env = settled(own)
    running = await launch(folder / "app.py")
    try:
        await drive("ways", folder, env, own)
        assert await running.ask("lazy.limit()") == "('é 😀', 5)"
    finally:
        await running.kill()
    lines = report(own)
    assert any("after RLD402 2 Thread worker-1 still runs the old spin, line 8" in line for line in lines)
    assert 'line def limit(): return "é 😀", config.LIMIT' in lines


async def drive(script, folder, env, own):
    """Have a Neovim run a script of tests/server/neovim."""
    neovim = await asyncio.create_subprocess_exec(
        str(program("nvim")), "--headless", "-c", f"luafile {HERE / 'neovim' / f'{script}.lua'}",
        cwd=folder, env=env, stdin=-3, stdout=-1, stderr=-2,
    )  # fmt: skip
    said, _ = await asyncio.wait_for(neovim.communicate(), 2 * MINUTE)
    assert neovim.returncode == 0, (report(own), said.decode("utf-8", "replace"))


LIB = "def price(n):\n    if n:\n        return 1\n    return 2\n"
CALLING = """import lib, os, time

print("ready", flush=True)
while not os.path.exists("go"):
    time.sleep(0.01)
lib.price(0)
time.sleep(60)
"""


@NO_MONITOR
async def test_lines_that_have_not_run_are_marked_until_they_have(folder, tmp_path):
    (folder / "pyproject.toml").write_text("")
    (folder / "lib.py").write_text(LIB, encoding="utf-8")
    (folder / "app.py").write_text(CALLING, encoding="utf-8")
    own = tmp_path / "nvim"
    env = settled(own)
    running = await launch(folder / "app.py", python=MONITORS)
    try:
        await drive("inlay", folder, env, own)
    finally:
        await running.kill()
