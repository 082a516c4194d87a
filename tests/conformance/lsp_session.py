"""The simplest of editors, for benches: speaks LSP with the real server, knows what a user would see. Standard library."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = os.environ.get("RELOAD_LSP_SOURCE") or str(Path(__file__).parents[2])
CLI = ["-c", f"import sys; sys.path.insert(0, {ROOT!r}); from reload_lsp.cli import main; sys.exit(main())"]
SERVER_PYTHON = os.environ.get("RELOAD_LSP_PYTHON", sys.executable)
SECONDS = 12.0
NO_ANSWER = 5.0  # a save of a file that no process runs is followed by no notification
SEVERITIES = {1: "error", 2: "warning"}
CREATED, CHANGED, DELETED = 1, 2, 3
CAPABILITIES = {
    "general": {"positionEncodings": ["utf-16"]},
    "textDocument": {
        "synchronization": {"willSave": True, "didSave": True},
        "publishDiagnostics": {"relatedInformation": True, "codeDescriptionSupport": True, "dataSupport": True},
    },
}


class Session:
    """One server process, the files open in it, and what it shows."""

    def __init__(self) -> None:
        self.runtime = tempfile.mkdtemp(prefix="rl-")
        self.diagnostics: dict[str, list[dict[str, Any]]] = {}
        self.said: list[str] = []
        self.reloads: list[dict[str, Any]] = []
        self.status: dict[str, Any] = {}
        self._open: dict[str, int] = {}
        self._last_id = 0
        self._answers: dict[int, dict[str, Any]] = {}
        self._news = threading.Condition()
        self._server: subprocess.Popen[bytes] | None = None

    def wrap(self, argv: Sequence[str], env: Mapping[str, str]) -> tuple[list[str], dict[str, str]]:
        """How the target is launched: under `reload-lsp run`, in a runtime folder of its own."""
        return [SERVER_PYTHON, *CLI, "run", "--", *argv], {**self._clean(env), "XDG_RUNTIME_DIR": self.runtime}

    def start(self, folder: str, pid: int) -> None:
        """Start the server on `folder` and wait until it has found the process `pid`."""
        env = {**self._clean(os.environ), "XDG_RUNTIME_DIR": self.runtime}
        command = [SERVER_PYTHON, *CLI]
        self._server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=-3, env=env)
        threading.Thread(target=self._read, daemon=True).start()
        root = {"uri": uri(folder), "name": os.path.basename(folder)}
        self.request(
            "initialize",
            {
                "processId": os.getpid(),
                "rootUri": uri(folder),
                "workspaceFolders": [root],
                "capabilities": CAPABILITIES,
            },
        )
        self.notify("initialized", {})
        found = self.command("reloadLsp.attach")["processes"]
        if pid not in {process["pid"] for process in found}:
            raise RuntimeError(f"the server has not found the process {pid}, only {found}")

    def open(self, path: str) -> None:
        """Open a file, as it is on disk."""
        if path not in self._open:
            self._open[path] = 1
            item = {"uri": uri(path), "languageId": "python", "version": 1, "text": text_of(path)}
            self.notify("textDocument/didOpen", {"textDocument": item})

    def close(self, path: str) -> None:
        if self._open.pop(path, None):
            self.notify("textDocument/didClose", {"textDocument": {"uri": uri(path)}})

    def save(self, paths: Sequence[str]) -> None:
        """Save All of files whose new text is on disk already."""
        for path in paths:
            self.open(path)
            self._open[path] += 1
            document = {"uri": uri(path), "version": self._open[path]}
            self.notify(
                "textDocument/didChange", {"textDocument": document, "contentChanges": [{"text": text_of(path)}]}
            )
        for path in paths:
            document = {"uri": uri(path)}
            self.notify("textDocument/willSave", {"textDocument": document, "reason": 1})
            self.notify("textDocument/didSave", {"textDocument": document})

    def changed_outside(self, changes: Mapping[str, int]) -> None:
        """Files that the editor did not write: created, changed or deleted (LSP `FileChangeType`)."""
        for path, kind in changes.items():
            if kind == DELETED:
                self.close(path)
        listed = [{"uri": uri(path), "type": kind} for path, kind in changes.items()]
        if listed:
            self.notify("workspace/didChangeWatchedFiles", {"changes": listed})

    def reloaded(self, paths: Sequence[str], since: int) -> list[dict[str, Any]]:
        """The `reloadLsp/didReload` notifications after the first `since`, once they cover `paths`, or none comes."""
        wanted = {uri(path) for path in paths}

        def covered() -> bool:
            return wanted <= {name for told in self.reloads[since:] for name in told["files"]}

        try:
            self._until(covered, "", NO_ANSWER)
        except TimeoutError:
            pass
        self._until(lambda: not self._busy(), "the batch did not end")
        return self.reloads[since:]

    def apply(
        self, saved: Sequence[str], outside: Mapping[str, int]
    ) -> tuple[list[dict[str, Any]], dict[str, list[str]]]:
        """Bring changes to the server as an editor does; the batches, and what the user then sees by severity."""
        since, said = len(self.reloads), len(self.said)
        self.save(saved)
        self.changed_outside(outside)
        expected = [*saved, *(path for path, kind in outside.items() if kind != CREATED)]
        batches = self.reloaded(expected, since)
        shown = self.shown()
        shown["warning"] += self.said[said:]
        return batches, shown

    def shown(self) -> dict[str, list[str]]:
        """Every diagnostic on the screen as a line of text, by severity."""
        found: dict[str, list[str]] = {"error": [], "warning": [], "other": []}
        for name, listed in self.diagnostics.items():
            for one in listed:
                place = f"{name.rpartition('/')[2]}:{one['range']['start']['line'] + 1}"
                related = "; ".join(r["message"] for r in one.get("relatedInformation") or ())
                text = f"{one['code']} {one['message']} [{place}]" + (f" ({related})" if related else "")
                found[SEVERITIES.get(one["severity"], "other")].append(text)
        return found

    def end(self) -> None:
        """Shut the server down and leave nothing behind."""
        if self._server is not None:
            try:
                self.request("shutdown", None)
                self.notify("exit", None)
                self._server.wait(SECONDS)
            except (OSError, TimeoutError, subprocess.TimeoutExpired):
                self._server.kill()
                self._server.wait()
        shutil.rmtree(self.runtime, ignore_errors=True)

    # the protocol ----------------------------------------------------------------------------------------------
    def request(self, method: str, params: Any) -> Any:
        """The result of a request."""
        self._last_id += 1
        number = self._last_id
        self._send({"id": number, "method": method, "params": params})
        self._until(lambda: number in self._answers, f"no answer to {method}")
        answer = self._answers.pop(number)
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']}")
        return answer.get("result")

    def command(self, name: str, *arguments: Any) -> Any:
        """The answer to one of the server's commands."""
        return self.request("workspace/executeCommand", {"command": name, "arguments": list(arguments)})

    def notify(self, method: str, params: Any) -> None:
        self._send({"method": method, "params": params})

    def _busy(self) -> bool:
        return any(p["state"] == "reloading" for p in self.status.get("processes", ()))

    def _clean(self, env: Mapping[str, str]) -> dict[str, str]:
        return {k: v for k, v in env.items() if k not in ("CI", "RELOAD_LSP", "PYTHONPATH")}

    def _until(self, holds: Callable[[], bool], what: str, seconds: float = SECONDS) -> None:
        end = time.monotonic() + seconds
        with self._news:
            while not holds():
                if not self._news.wait(max(end - time.monotonic(), 0)) and not holds():
                    raise TimeoutError(what)

    def _send(self, message: dict[str, Any]) -> None:
        assert self._server is not None and self._server.stdin is not None
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self._server.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self._server.stdin.flush()

    def _read(self) -> None:
        assert self._server is not None and self._server.stdout is not None
        stream = self._server.stdout
        while header := stream.readline():
            while stream.readline().strip():
                pass
            message = json.loads(stream.read(int(header.split(b":")[1])))
            with self._news:
                self._take(message)
                self._news.notify_all()

    def _take(self, message: dict[str, Any]) -> None:
        method, params = message.get("method"), message.get("params")
        if method is None:
            self._answers[message["id"]] = message
        elif "id" in message:
            result = [None] * len(params["items"]) if method == "workspace/configuration" else None
            self._send({"id": message["id"], "result": result})
        elif method == "textDocument/publishDiagnostics":
            self.diagnostics[params["uri"]] = params["diagnostics"]
        elif method == "reloadLsp/didReload":
            self.reloads.append(params)
        elif method == "reloadLsp/status":
            self.status = params
        elif method == "window/showMessage" and params["type"] <= 2:
            self.said.append(params["message"])


def uri(path: str) -> str:
    return Path(path).as_uri()


def text_of(path: str) -> str:
    with open(path, encoding="utf-8", errors="replace", newline="") as file:
        return file.read()


def python_files(folder: str) -> list[str]:
    """Every module below `folder`."""
    return sorted(str(path) for path in Path(folder).rglob("*.py"))
