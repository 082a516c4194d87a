"""A minimal LSP client on the standard library: what an editor says and hears, in the order it came."""

from __future__ import annotations

import json
import queue
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

from .processes import COMMAND, PATIENCE, DemoError, kill, start, stop

Json = dict[str, Any]
CAPABILITIES: Json = {
    "general": {"positionEncodings": ["utf-32"]},
    "window": {"showDocument": {"support": True}},
    "textDocument": {
        "synchronization": {"didSave": True, "willSave": True},
        "publishDiagnostics": {"relatedInformation": True, "codeDescriptionSupport": True},
        "codeAction": {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": ["quickfix"]}}},
    },
}


class Editor:
    """One editor with one server (`command`; none: this installation's) on standard input and output."""

    def __init__(self, folder: Path, env: Mapping[str, str], command: Sequence[str] = ()) -> None:
        self.folder = folder
        self.process = start(command or [*COMMAND, "--stdio"], folder, env)
        self._heard: queue.Queue[Json | None] = queue.Queue()
        self._kept: list[Json] = []
        self._versions: dict[str, int] = {}
        self._requests = 0
        threading.Thread(target=self._read, args=(self.process.stdout,), daemon=True).start()

    # what an editor does -----------------------------------------------------------------------------------
    def initialize(self) -> None:
        """Open the workspace."""
        root = {"uri": self.folder.as_uri(), "name": self.folder.name}
        params = {
            "processId": None,
            "rootUri": root["uri"],
            "workspaceFolders": [root],
            "capabilities": CAPABILITIES,
            "initializationOptions": self.settings(),
        }
        self.request("initialize", params)
        self.notify("initialized", {})

    def settings(self) -> Json:
        """The server's settings, where they are to be others than usual."""
        return {}

    def open(self, path: Path) -> None:
        """Open a file in a buffer."""
        self._versions[path.name] = 1
        text = path.read_text(encoding="utf-8")
        item = {"uri": path.as_uri(), "languageId": "python", "version": 1, "text": text}
        self.notify("textDocument/didOpen", {"textDocument": item})

    def save(self, path: Path, text: str) -> float:
        """Put `text` into the buffer and save it; when it was saved, by `time.perf_counter`."""
        self._versions[path.name] += 1
        uri = path.as_uri()
        changed = {"uri": uri, "version": self._versions[path.name]}
        self.notify("textDocument/didChange", {"textDocument": changed, "contentChanges": [{"text": text}]})
        self.notify("textDocument/willSave", {"textDocument": {"uri": uri}, "reason": 1})
        path.write_text(text, encoding="utf-8", newline="\n")
        saved = time.perf_counter()
        self.notify("textDocument/didSave", {"textDocument": {"uri": uri}})
        return saved

    def fixes(self, path: Path, diagnostic: Json) -> list[str]:
        """The titles of the quick fixes that are offered on a diagnostic."""
        params = {
            "textDocument": {"uri": path.as_uri()},
            "range": diagnostic["range"],
            "context": {"diagnostics": [diagnostic], "only": ["quickfix"]},
        }
        return [action["title"] for action in self.request("textDocument/codeAction", params)]

    def stop(self) -> int:
        """`shutdown` and `exit`; the server's exit code."""
        if self.process.poll() is None:
            self.request("shutdown", None)
            self.notify("exit", None)
        return stop(self.process)

    def end(self) -> None:
        """Whatever happened, the server does not outlive the demo."""
        kill(self.process)

    # what it hears -----------------------------------------------------------------------------------------
    def attached(self) -> Json:
        """Wait for the status that names a process."""
        return self._wait("reloadLsp/status", lambda status: bool(status["processes"]), "no program was attached")

    def reloaded(self) -> Json:
        """Wait for the end of a batch: its one process."""
        return self._wait("reloadLsp/didReload", lambda _: True, "no reload was reported")["processes"][0]

    def diagnosed(self, path: Path, codes: list[str]) -> list[Json]:
        """Wait until exactly `codes` are shown on a file."""

        def shown(params: Json) -> bool:
            return params["uri"] == path.as_uri() and [d.get("code") for d in params["diagnostics"]] == codes

        what = f"{path.name} never showed {', '.join(codes) or 'that it is clean'}"
        return self._wait("textDocument/publishDiagnostics", shown, what)["diagnostics"]

    def forget(self) -> None:
        """What was heard until now belongs to an earlier step."""
        self._kept.clear()

    # the protocol ------------------------------------------------------------------------------------------
    def request(self, method: str, params: Json | None) -> Any:
        """Ask, and wait for the answer."""
        self._requests += 1
        number = self._requests
        self._send({"id": number, "method": method, "params": params})

        def is_answer(message: Json) -> bool:
            return message.get("id") == number and "method" not in message

        answer = self._until(is_answer, f"no answer to {method}")
        if "error" in answer:
            raise DemoError(f"{method}: {answer['error']['message']}")
        return answer["result"]

    def notify(self, method: str, params: Json | None) -> None:
        self._send({"method": method, "params": params})

    def _wait(self, method: str, holds: Callable[[Json], bool], otherwise: str) -> Json:
        def wanted(message: Json) -> bool:
            return message.get("method") == method and holds(message["params"])

        return self._until(wanted, otherwise)["params"]

    def _until(self, wanted: Callable[[Json], bool], otherwise: str) -> Json:
        """The first message that is wanted, of those heard already and those to come; each is taken once."""
        for index, message in enumerate(self._kept):
            if wanted(message):
                return self._kept.pop(index)
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                message = self._heard.get(timeout=max(0.0, deadline - time.monotonic()))
            except queue.Empty:
                raise DemoError(otherwise) from None
            if message is None:
                raise DemoError(f"the server ended with exit code {self.process.wait(PATIENCE)}")
            if wanted(message):
                return message
            self._take(message)

    def _take(self, message: Json) -> None:
        """Keep what nobody waited for; requests of the server are answered with nothing."""
        if "method" in message and "id" in message:
            empty = [None] * len(message["params"].get("items", ())) if message.get("params") else None
            self._send({"id": message["id"], "result": empty or None})
        else:
            self._kept.append(message)

    def _send(self, message: Json) -> None:
        assert self.process.stdin
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self.process.stdin.flush()

    def _read(self, output: IO[bytes]) -> None:
        while (length := _length(output)) is not None:
            self._heard.put(json.loads(output.read(length)))
        self._heard.put(None)


def _length(output: IO[bytes]) -> int | None:
    """The length of the next message; None where the server has closed its output."""
    length = None
    while header := output.readline().strip():
        name, _, value = header.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    return length
