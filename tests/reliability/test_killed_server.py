"""The server dies between any two messages: the program goes on, and the next server knows what it runs."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from load import APP, Desk, Running, descriptors
from relay import Relay

from reload_lsp.demo.processes import DemoError
from reload_lsp.wire.client import Client

CONNECTING = (
    6  # messages that pass until a process is attached: hello and what is loaded, with their answers, and what follows
)
SAVING = 4  # until a save is live, and somewhat beyond


def text(number: int) -> str:
    return f"def value():\n    return {number}\n"


class Killing:
    """Kills the server of an editor when so many messages have passed."""

    def __init__(self) -> None:
        self._left, self._editor = 0, None  # nobody is to be killed
        self._lock = threading.Lock()

    def arm(self, editor: Desk, messages: int) -> None:
        with self._lock:
            self._left, self._editor = messages, editor

    def __call__(self, direction: str) -> bool:
        with self._lock:
            self._left -= 1
            if self._editor is None or self._left >= 0:
                return False
            self._editor.process.kill()
            self._editor = None
            return True


class Bench:
    """A program, and servers one after the other that reach it by way of a relay."""

    def __init__(self, program: Running, work: Path, desk: Callable[..., Desk]) -> None:
        self.program, self.work, self._desk = program, work, desk
        elsewhere = work.parent / "r" / "reload-lsp"
        for folder in (elsewhere.parent, elsewhere):
            folder.mkdir(mode=0o700)
        self._runtime = str(elsewhere.parent)
        self.killing = Killing()
        self.relay = Relay(program.record(), elsewhere, self.killing)

    def server(self) -> Desk:
        return self._desk(XDG_RUNTIME_DIR=self._runtime)

    def save_until_killed(self, editor: Desk, number: int) -> None:
        with pytest.raises((DemoError, OSError)):
            while True:
                editor.change(self.work, text(number))

    def what_runs(self) -> int:
        """What the program does, which is what its agent says to another client."""
        with Client(self.program.record()) as client:
            assert client.request("status")["state"] == "idle"
            [file] = [f for f in client.request("loaded")["files"] if f["path"] == str(self.work)]
        number = int(self.program.ask("work.value()"))
        assert file["sha256"] == sha256(text(number).encode()).hexdigest()
        return number

    def see_the_truth(self, editor: Desk) -> None:
        """A new server knows what became of the one before: a text that is not live is said before anything is saved."""
        editor.attached()
        if self.work.read_text() != text(self.what_runs()):
            editor.diagnosed(self.work, ["RLD801"])


@pytest.fixture
def bench(start: Callable[..., Running], desk: Callable[..., Desk], workspace: Path) -> Iterator[Bench]:
    work = workspace / "work.py"
    work.write_text(text(0))
    (workspace / "app.py").write_text(APP)
    made = Bench(start(), work, desk)
    yield made
    made.relay.close()
    assert made.program.finish() == (0, "")


@pytest.mark.slow
def test_between_any_two_messages(bench: Bench) -> None:
    open_files: set[int] = set()
    for messages in range(CONNECTING):
        editor = bench.server()
        bench.killing.arm(editor, messages)
        bench.save_until_killed(editor, 1)
        assert bench.what_runs() in (0, 1)
        open_files.add(descriptors(bench.program.pid))
    for messages in range(SAVING):
        editor = bench.server()
        bench.see_the_truth(editor)
        runs = bench.what_runs()
        bench.killing.arm(editor, messages)
        bench.save_until_killed(editor, messages + 2)
        assert bench.what_runs() in (runs, messages + 2)
        open_files.add(descriptors(bench.program.pid))
    editor = bench.server()
    bench.see_the_truth(editor)
    editor.change(bench.work, text(9))
    assert bench.what_runs() == 9
    assert editor.stop() == 0
    assert max(open_files) - min(open_files) <= 2
