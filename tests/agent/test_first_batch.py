"""The first batch finds everything imported: the agent's thread did that when nobody waited for it."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from programs import Program

Start = Callable[..., Program]
TEXT = """\
import re
LIMIT = 1

def allowed():
    return LIMIT

class Table:
    size = allowed()
    def fits(self):
        return 1
"""
EDITS = {
    "a function": ("return LIMIT", "return LIMIT + 0"),
    "a constant": ("LIMIT = 1", "LIMIT = 2"),
    "a method": ("return 1", "return 2"),
    "an import": ("import re", "import os"),
    "another definition": ("class Table", "def more(): pass\n\nclass Table"),
}
# Once all is read ahead it says "read"; then, asked with a line, what was imported since.
WATCHING = """
import sys
import lib
from _reload_lsp_agent.agent import process
def read_ahead(original=process.read_ahead):
    global before
    pause = original()
    if pause is None:
        before = set(sys.modules)
        print("read", flush=True)
    return pause
process.read_ahead = read_ahead
"""
ASKED = """
for line in sys.stdin:
    if line == "reload\\n":
        assert reload_lsp.reload().outcome == "applied"
    print(sorted(set(sys.modules) - before), flush=True)
"""


@pytest.fixture
def lib(tmp_path: Path) -> Path:
    path = tmp_path / "lib.py"
    path.write_text(TEXT)
    return path


def ask(one: Program, question: str) -> str:
    one.say(question)
    return one.line()


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_it_imports_nothing_where_the_program_asks(program: Start, lib: Path, edit: tuple[str, str]) -> None:
    one = program("import reload_lsp\nreload_lsp._load_agent()\n" + WATCHING + "reload_lsp.start()\n" + ASKED)
    assert one.line() == "read"
    lib.write_text(TEXT.replace(*edit))
    assert ask(one, "reload") == "[]"


def test_it_imports_nothing_where_an_editor_asks(run: Start, lib: Path, tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(WATCHING + "print('ready', flush=True)\n" + ASKED)
    one = run(sys.executable, str(script))
    assert one.line() == "ready"
    with one.client() as client:
        client.request("loaded")
        assert one.line() == "read"
        edited = TEXT.replace("return LIMIT", "return 3")
        lib.write_text(edited)
        save = {"path": str(lib), "kind": "modified", "sha256": hashlib.sha256(edited.encode()).hexdigest()}
        assert client.request("apply", {"batch": 1, "cause": "save", "files": [save]})["outcome"] in (
            "applied",
            "partial",
        )
        assert ask(one, "what came") == "[]"
