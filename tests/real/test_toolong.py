"""toolong, a log viewer on Textual from PyPI, on a terminal of its own, edited while it shows a log."""

from __future__ import annotations

import shlex
import shutil
import sys
from pathlib import Path

import pytest
from driver import installed, packages_of

from reload_lsp.demo.editor import Editor
from reload_lsp.demo.processes import COMMAND, environment

sys.path.insert(0, str(Path(__file__).parents[1] / "server"))

from terminal import TMUX, Terminal

pytestmark = [pytest.mark.slow, pytest.mark.skipif(TMUX is None, reason="no tmux: this needs a terminal")]

PACKAGES = ("toolong==1.5.0",)
KEY = "{self.key_display}[/reverse] {self.description}"
LABEL = "class MetaLabel(Label):\n"
RENDER = "        return self._renderable\n\n    def update"
LOUD = (
    "        made = self._renderable\n"
    "        return made.append('!') if isinstance(made, Text) and not made.plain.endswith('!') else made\n\n"
    "    def update"
)


def saved(editor: Editor, path: Path, old: str, new: str) -> tuple[str, list[str]]:
    """Edit one place and save: the outcome, and the modules done."""
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    editor.forget()
    editor.save(path, text.replace(old, new))
    done = editor.reloaded()
    return done["outcome"], done["modules"]


async def test_a_textual_program_is_edited_while_it_is_on_the_screen(folder: Path) -> None:
    python = installed("toolong", *PACKAGES) / "python"
    site = folder / "env" / "site-packages"
    shutil.copytree(packages_of(python.parent), site)
    shutil.move(site / "toolong", folder / "ws" / "toolong")
    (folder / "ws" / "app.log").write_text("".join(f"2024-01-01 00:00:{i:02} line {i}\n" for i in range(20)))
    start = f"import sys; sys.path[:0] = ['', {str(site)!r}]; sys.argv = ['tl', 'app.log']; "
    start += "import runpy; runpy.run_module('toolong', run_name='__main__', alter_sys=True)"
    env = environment(folder)
    command = shlex.join([*COMMAND, "run", "--", str(python), "-c", start])
    terminal = Terminal(folder / "tmux", command, folder / "ws", env)
    editor = Editor(folder / "ws", env)
    package, static = folder / "ws" / "toolong", site / "textual" / "widgets" / "_static.py"
    try:
        await terminal.shows("line 19")
        editor.initialize()
        editor.attached()
        for path in (package / "log_view.py", package / "help.py", static):
            editor.open(path)
        # A method of a widget: its class has a metaclass and is hooked by `__init_subclass__`.
        assert saved(editor, package / "log_view.py", KEY, KEY.replace("{self.d", "<{self.d") + ">") == (
            "applied", ["toolong.log_view"],
        )  # fmt: skip
        await showing_help(terminal, "TooLong is a log file viewer")
        terminal.keys("C-f")
        await terminal.shows("<Find>")
        # A text that a screen reads when it is made.
        assert (
            saved(editor, package / "help.py", "TooLong is a log file viewer", "Edited: a log viewer")[0] == "applied"
        )
        await showing_help(terminal, "Edited: a log viewer")
        # A new class and a docstring: the classes that exist are not made anew.
        new = f'class Extra(Label):\n    """New."""\n\n\n{LABEL}    """Edited."""\n'
        assert saved(editor, package / "log_view.py", LABEL, new)[0] == "applied"
        # Textual itself.
        assert saved(editor, static, RENDER, LOUD) == ("applied", ["textual.widgets._static"])
        terminal.keys("F1")
        await terminal.shows("!")
    finally:
        editor.stop()
        terminal.close()


async def showing_help(terminal: Terminal, text: str) -> None:
    """Open the help screen, which must show `text`, and close it."""
    terminal.keys("F1")
    await terminal.shows(text)
    terminal.keys("Escape")
    await terminal.hides(text)
