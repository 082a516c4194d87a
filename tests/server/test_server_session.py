"""A long session at random: whatever was edited, saved, reverted, killed and restarted, no finding outlives its cause."""

from __future__ import annotations

import asyncio
import random
from pathlib import Path

import pytest
from editor import Editor
from lsprotocol import types as t
from real import ANSWERING, Program, launch

STEPS = 250
pytestmark = pytest.mark.slow

# The parts of three modules, each in several versions; the first of each is one that a program can start with.
PARTS: dict[str, list[list[str]]] = {
    "base": [
        ["N = 1\n", "N = 2\n", "N = 3\n", "N = = 3\n"],
        ["def double(n):\n    return n * 2\n", "def double(n):\n    return n * 3\n", "def triple(n):\n    return n\n"],
        [
            "class Item:\n    __slots__ = ('a',)\n",
            "class Item:\n    __slots__ = ('a', 'b')\n",
            "class Item:\n    x = 1\n",
        ],
    ],
    "middle": [
        ["import threading\nimport base\nfrom base import N, double\n"],
        ["pool = threading.Thread(name=str(N))\n", "pool = threading.Thread(name=str(N + 1))\n", "pool = None\n"],
        ["high = base.N + 1\n", "high = base.N + 2  # reload: keep\n", "high = 1 / 0\n", "high = missing\n"],
        [
            "class Part:\n    def __init__(self):\n        self.x = 1\n    def get(self):\n        return self.y\n",
            "class Part:\n    def __init__(self):\n        self.x = 1\n        self.y = 2\n"
            "    def get(self):\n        return self.y\n",
        ],
    ],
    "top": [
        ["import middle\nfrom base import Item\n"],
        ["held = [Item(), middle.Part()]\n", "held = [Item()]\n"],
        ["total = middle.high\n", "total = middle.high * 2\n", "print(middle.high, end='')\n"],
    ],
}


class Session:
    """An editor, a program that comes and goes, and three files."""

    def __init__(self, editor: Editor, folder: Path, seed: int) -> None:
        self.editor, self.folder = editor, folder
        self.random = random.Random(seed)
        self.program: Program | None = None
        self.open: set[str] = set()
        self.log: list[str] = []

    def path(self, name: str) -> Path:
        return self.folder / f"{name}.py"

    def version(self, name: str, good: bool = False) -> str:
        return "\n".join(part[0] if good else self.random.choice(part) for part in PARTS[name])

    def buffer(self, name: str) -> str:
        return self.editor.texts[self.path(name).as_uri()]

    async def step(self) -> None:
        name = self.random.choice(list(PARTS))
        acts = [self.edit] * 5 + [self.save] * 4 + [self.revert] * 2 + [self.outside, self.close, self.undo, self.pause]
        acts += [self.kill] if self.random.random() < 0.15 else []
        act = self.random.choice(acts)
        self.log.append(f"{act.__name__} {name}")
        await act(name)
        if self.program is None and self.random.random() < 0.3:
            await self.start()

    def shown(self, name: str) -> Path:
        """The file, open in the editor."""
        if name not in self.open:
            self.open.add(name)
            self.editor.open(self.path(name))
        return self.path(name)

    async def edit(self, name: str) -> None:
        self.editor.write(self.shown(name), self.version(name))
        if self.random.random() < 0.2:
            await asyncio.sleep(self.random.choice((0.05, 0.25)))  # people pause, too: a verdict may be told

    async def save(self, name: str) -> None:
        self.editor.save(self.shown(name), self.version(name) if self.random.random() < 0.5 else None)
        if self.random.random() < 0.5:
            await self.editor.run("reloadLsp.ping")

    async def revert(self, name: str) -> None:
        path = self.shown(name)
        self.editor.write(path, path.read_text(encoding="utf-8"))

    async def outside(self, name: str) -> None:
        self.path(name).write_text(self.version(name), encoding="utf-8")

    async def close(self, name: str) -> None:
        if name in self.open:
            self.open.discard(name)
            uri = self.path(name).as_uri()
            self.editor.client.text_document_did_close(t.DidCloseTextDocumentParams(t.TextDocumentIdentifier(uri)))

    async def undo(self, name: str) -> None:
        await self.editor.run("reloadLsp.undo")

    async def pause(self, name: str) -> None:
        await self.editor.run("reloadLsp.pause")
        await self.save(name)
        await self.editor.run("reloadLsp.resume")

    async def kill(self, name: str) -> None:
        if self.program is not None:
            await self.program.kill()
            self.program = None

    async def start(self) -> None:
        """Start the program, from texts with which it can start."""
        for name in PARTS:
            self.editor.save(self.shown(name), self.version(name, good=True))
        self.program = await launch(self.folder / "app.py")
        await self.editor.attached(1)
        await self.editor.until(lambda: not told(self.editor, self.folder))  # saved, started, nothing edited


def told(editor: Editor, folder: Path) -> set[tuple[str, int, str, object, str]]:
    """Everything that an editor shows."""
    return {
        (path.name, d.range.start.line, str(d.code), d.severity, d.message)
        for path in folder.glob("*.py")
        for d in editor.diagnostics(path)
    }


@pytest.mark.parametrize("seed", [7])
async def test_no_finding_outlives_its_cause(start, folder, seed):
    (folder / "app.py").write_text("import top\n" + ANSWERING)
    for name, parts in PARTS.items():
        (folder / f"{name}.py").write_text("\n".join(part[0] for part in parts))
    editor = await start()
    session = Session(editor, folder, seed)
    await session.start()
    said = set()
    for _ in range(STEPS):
        await session.step()
        said |= {code for _, _, code, _, _ in told(editor, folder)}
    await session.kill("")
    await editor.attached(0)
    await session.start()
    await alike(start, session, {})
    # What is only on the screen is judged alike, too.
    await alike(start, session, {name: session.version(name) for name in PARTS})
    await alike(start, session, {"base": session.buffer("base").replace("N = 1", "N = 5")})
    await session.kill("")
    assert said >= {"RLD301", "RLD901", "RLD101", "RLD209"}, "the session was too quiet to prove anything"


async def alike(start, session: Session, unsaved: dict[str, str]) -> None:
    """A new editor on the same files and program shows the same, with the same `unsaved` texts on its screen."""
    folder = session.folder
    other = await start()
    await other.attached(1)
    for name in PARTS:
        session.shown(name)
        other.open(session.path(name))
    for editor in (session.editor, other):
        for name in PARTS:
            editor.write(session.path(name), unsaved.get(name, session.path(name).read_text(encoding="utf-8")))
    for editor in (session.editor, other):
        for name in PARTS:
            await editor.run("reloadLsp.showPlan", session.path(name).as_uri(), {"show": False})
    try:
        await session.editor.until(lambda: told(session.editor, folder) == told(other, folder))
    except AssertionError:
        difference = told(session.editor, folder) ^ told(other, folder)
        raise AssertionError(f"{difference} after {session.log[-60:]}") from None
