"""A real Helix on a terminal against a real program."""

import json
import shlex

import pytest
from editor import SERVER
from editors import environment, marks, program
from real import ANSWERING, launch
from terminal import TMUX, Terminal

pytestmark = [*marks("hx"), pytest.mark.skipif(TMUX is None, reason="no tmux: Helix needs a terminal")]

APP = "def answer(): return 41\n" + ANSWERING
LANGUAGES = """
[language-server.reload-lsp]
command = {command}
args = {args}

[[language]]
name = "python"
language-servers = ["reload-lsp"]
"""
CONFIG = """
[editor]
end-of-line-diagnostics = "hint"
"""


async def test_writing_the_buffer_reloads_the_program(folder, tmp_path):
    (folder / "pyproject.toml").write_text("")
    (folder / "app.py").write_text(APP, encoding="utf-8")
    own = tmp_path / "helix"
    env = environment(own)
    (own / "config" / "helix").mkdir()
    languages = LANGUAGES.format(command=json.dumps(SERVER[0]), args=json.dumps(SERVER[1:]))
    (own / "config" / "helix" / "languages.toml").write_text(languages)
    (own / "config" / "helix" / "config.toml").write_text(CONFIG)
    running = await launch(folder / "app.py")
    command = f"{shlex.quote(str(program('hx')))} --log {shlex.quote(str(own / 'log'))} -vv app.py"
    helix = Terminal(tmp_path / "tmux", command, folder, env)
    try:
        await helix.shows("return 41")
        await helix.until(lambda _: "1 process attached" in (own / "log").read_text(), "the process")
        helix.type("%s41")
        helix.keys("Enter")
        helix.type("c42")
        await helix.shows("return 42")
        helix.keys("Escape")
        await helix.shows("NOR")
        save(helix)
        helix.type("ggo")
        helix.type("x = 'é😀' unsafe")
        await helix.shows("unsafe")
        helix.keys("Escape")
        await helix.shows("NOR")
        save(helix)
        await helix.shows("refused: invalid syntax")
        helix.keys("Space", "a")
        await helix.shows("Reload all changed files")
        helix.keys("Escape")
        await helix.hides("Reload all changed files")
        helix.keys("x", "d")
        await helix.hides("unsafe")
        save(helix)
        await helix.hides("refused: invalid syntax")
        assert await running.ask("answer()") == "42"
    finally:
        helix.close()
        await running.kill()


def save(helix: Terminal) -> None:
    helix.type(":write")
    helix.keys("Enter")
