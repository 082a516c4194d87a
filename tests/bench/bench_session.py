"""A measured program with a reloader in it, driven as an editor and a user would: save, and see when it does what was saved."""

from __future__ import annotations

import json
import os
import queue
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any

from bench_environments import ROOT
from bench_texts import write_program

sys.path.insert(0, str(ROOT))

import reload_lsp.demo.editor as demo_editor
from reload_lsp.commands.run import bootstrap_folder
from reload_lsp.demo.editor import Editor
from reload_lsp.demo.processes import COMMAND

TARGET = Path(__file__).parent / "bench_target.py"
START_SECONDS = 120.0
ANSWER_SECONDS = 90.0
demo_editor.PATIENCE = ANSWER_SECONDS

Json = dict[str, Any]


class Ended(Exception):
    """The measured program is not there any more, or says nothing."""


class Typing(Editor):
    """An editor in which what is saved was typed a while before."""

    def typed(self, path: Path, text: str) -> None:
        """Put `text` into the buffer, and wait until the server knows it."""
        self._versions[path.name] += 1
        uri = path.as_uri()
        changed = {"uri": uri, "version": self._versions[path.name]}
        self.notify("textDocument/didChange", {"textDocument": changed, "contentChanges": [{"text": text}]})
        self.notify("textDocument/willSave", {"textDocument": {"uri": uri}, "reason": 1})
        self.nothing()

    def nothing(self) -> float:
        """Seconds that a request takes that does nothing, to the program and back."""
        begun = time.perf_counter()
        self.request("workspace/executeCommand", {"command": "reloadLsp.ping", "arguments": []})
        return time.perf_counter() - begun

    def lens(self, path: Path) -> float:
        """Seconds that a request takes that the server answers by itself."""
        begun = time.perf_counter()
        self.request("textDocument/codeLens", {"textDocument": {"uri": path.as_uri()}})
        return time.perf_counter() - begun

    def saved(self, path: Path) -> None:
        self.notify("textDocument/didSave", {"textDocument": {"uri": path.as_uri()}})


def bootstrapped() -> dict[str, str]:
    """What `reload-lsp run` adds to the environment of a program."""
    return {"PYTHONPATH": bootstrap_folder(), "RELOAD_LSP_BOOTSTRAP": bootstrap_folder()}


class Session:
    """A program, and with `editor` the language server and an editor beside it."""

    def __init__(
        self,
        name: str,
        python: Path,
        modules: int = 10,
        objects: int = 1000,
        dependents: int = 10,
        editor: bool = False,
        by_hand: bool = False,
        before: Callable[[Path], None] | None = None,
    ) -> None:
        self.root = Path(tempfile.mkdtemp(prefix="rl-bench-"))
        self.folder = self.root / "program"
        if modules >= 0:
            write_program(self.folder, modules, dependents)
        else:
            self.folder.mkdir()
        if before is not None:
            before(self.folder)
        command = [str(python), str(TARGET), name, str(self.folder), str(modules), str(objects)]
        if by_hand:
            command.append("by-hand")
        env = {k: v for k, v in os.environ.items() if not k.startswith(("RELOAD_LSP", "PYTHON"))}
        env["XDG_RUNTIME_DIR"] = str(self.root)
        self._texts: dict[Path, str] = {}
        self.editor: Typing | None = None
        launched = [*COMMAND, "run", "--", *command] if editor else command
        own = env if editor or name != "reload-lsp" else {**env, **bootstrapped()}
        self.begun = time.perf_counter()
        self.process = subprocess.Popen(
            launched, env=own, cwd=self.folder, stdin=-1, stdout=-1, stderr=subprocess.DEVNULL, text=True
        )
        self._lines: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()
        try:
            self.ready = self.heard("ready", START_SECONDS)
            self.watches: bool = self.ready["watches"] and not by_hand
            if editor:
                self._open(env)
        except BaseException:
            self.close()
            raise

    def _open(self, env: dict[str, str]) -> None:
        self.editor = Typing(self.folder, env)
        self.editor.initialize()
        self.editor.attached()
        for name in ("big.py", "config.py", "extra_0.py"):
            self.editor.open(self.folder / name)

    def __enter__(self) -> Session:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        if self.editor is not None:
            self.editor.end()
        self.process.kill()
        self.process.wait()
        shutil.rmtree(self.root, ignore_errors=True)

    # what a user does ----------------------------------------------------------------------------------------
    def save(self, name: str, text: str, what: str, value: Any, busy: bool = False) -> Json:
        """Save, and wait for the new behaviour: seconds from the save to it (None: never), a busy thread's longest gap, and
        what the reload alone took where it was asked for by hand."""
        path = self.folder / name
        if self.editor is not None:
            self.editor.typed(path, text)
        self.say(do="watch", what=what, value=value, busy=busy)
        path.write_text(text)
        saved = time.perf_counter()
        found: Json = {}
        if self.editor is not None:
            self.editor.saved(path)
        elif not self.watches:
            self.say(do="reload", path=str(path), what=what)
            found = self.heard("took")
        seen = self.heard("seen")
        found["way"] = seen["seen"] - saved if seen["seen"] else None
        found["gap"], found["held"] = seen["worst"], seen["held"]
        if self.editor is not None:
            told = self.editor.reloaded()
            found.update(apply=told["durationMs"] / 1e3, outcome=told["outcome"], nothing=self.editor.nothing())
            self.editor.forget()
        return found

    def by_hand(self, name: str, text: str, what: str) -> Json:
        """Write a file and ask for its reload: what that alone took."""
        path = self.folder / name
        path.write_text(text)
        return self.ask("took", do="reload", path=str(path), what=what)

    # the program's input and output ---------------------------------------------------------------------------
    def ask(self, key: str, **what: Any) -> Json:
        self.say(**what)
        return self.heard(key)

    def say(self, **what: Any) -> None:
        assert self.process.stdin
        try:
            self.process.stdin.write(json.dumps(what) + "\n")
            self.process.stdin.flush()
        except OSError as error:
            raise Ended(str(error)) from error

    def heard(self, key: str, seconds: float = ANSWER_SECONDS) -> Json:
        """The next answer with `key` in it (or an error, where a reload is what was asked for)."""
        end = time.monotonic() + seconds
        kept: list[str] = []
        while True:
            try:
                line = self._lines.get(timeout=max(0.0, end - time.monotonic()))
            except queue.Empty:
                raise Ended(f"no answer within {seconds:.0f} s") from None
            if not line:
                raise Ended(f"the program ended with exit code {self.process.wait()}")
            told = json.loads(line) if line.startswith("{") else {}
            if key in told or (key == "took" and "error" in told):
                for other in kept:
                    self._lines.put(other)
                return told
            if told:
                kept.append(line)

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self._lines.put(line)
        self._lines.put("")
