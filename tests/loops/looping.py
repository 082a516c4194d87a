"""A program in its loop: what its loop evaluates when it is asked, and what a save of one of its files does to it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fleet import Fleet, fleet

WINDOWS = ("PySide6_Essentials==6.12.0", "pygame==2.6.1")


class Looping:
    """Modules in a folder, run by a program that evaluates each line of its standard input in its own loop."""

    def __init__(self, program: Fleet, workspace: Path) -> None:
        self.program, self.workspace = program, workspace

    def ask(self, expression: str) -> Any:
        """What an expression gives in the program, as the loop has it."""
        known = len(self.program.said.lines)
        assert self.program.process.stdin is not None
        self.program.process.stdin.write(expression + "\n")
        self.program.process.stdin.flush()
        return eval(self.program.said.wait_for("= ", known).partition("= ")[2])

    def save(self, name: str, old: str, new: str) -> list[str]:
        """Change one place of a module and save: the codes of what the user then sees; it must have been applied."""
        path, editor = self.workspace / f"{name}.py", self.program.editor
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{path.name} has {old!r} {text.count(old)} times"
        if path.name not in editor._versions:
            editor.open(path)
        editor.save(path, text.replace(old, new))
        told = editor._wait("reloadLsp/didReload", _has_effect, "no reload was reported")
        [done] = told["processes"]
        seen = [f["code"] for f in done["findings"] if f["severity"] in ("error", "warning")]
        assert done["outcome"] in ("applied", "partial"), done
        return seen


def _has_effect(told: dict[str, Any]) -> bool:
    """A save may be noticed twice on a busy machine, as the file's change and as the editor's: the second finds nothing to do."""
    return any(process["outcome"] != "no-effect" for process in told["processes"])


@contextlib.contextmanager
def looping(folder: Path, python: Path, texts: dict[str, str], **settings: Any) -> Iterator[Looping]:
    """The modules `texts` in a folder of their own, `app` running under `reload-lsp run`; `settings` are the editor's."""
    workspace = folder / "ws"
    workspace.mkdir()
    for name, text in texts.items():
        (workspace / f"{name}.py").write_text(text, encoding="utf-8")
    with fleet(folder, workspace, [python, "app.py"], "ready") as program:
        program.editor.notify("workspace/didChangeConfiguration", {"settings": {"reloadLsp": settings}})
        program.attached(1)
        yield Looping(program, workspace)
