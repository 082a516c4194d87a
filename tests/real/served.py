"""Applications that serve HTTP: started, and asked."""

from __future__ import annotations

import http.client
import re
import socket
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from driver import Said
from edits import Broken

from reload_lsp.demo.processes import COMMAND

PATIENCE = 60.0
SHOWN = ("x-", "location", "content-type", "access-control")


class Served:
    """An application on a port of its own. A probe is `GET /path` or `POST /path body`."""

    def __init__(
        self, command: Sequence[str | Path], folder: Path, env: Mapping[str, str], live: bool, varies: str
    ) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        words = [str(word).replace("PORT", str(self.port)) for word in command]
        self._process = subprocess.Popen(
            [*COMMAND, "run", "--", *words] if live else words, cwd=folder, env=dict(env),
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        self.said = Said(self._process)
        self._varies = re.compile(varies)
        self._wait()

    def ask(self, probe: str) -> str:
        """The status and body of the answer, without what differs from request to request."""
        method, path, body = (*probe.split(" ", 2), "")[:3]
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            headers = {"Origin": "http://elsewhere.example", "Access-Control-Request-Method": "GET"}
            headers |= {"Content-Type": _kind(body)} if body else {}
            connection.request(method, path, body.encode() or None, headers)
            answer = connection.getresponse()
            told = [f"{n}: {v}" for n, v in answer.getheaders() if n.lower().startswith(SHOWN)]
            text = "\n".join([str(answer.status), *sorted(told), answer.read().decode(errors="replace")])
        finally:
            connection.close()
        return self._varies.sub("~", text)

    def close(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _wait(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE).close()
                return
            except OSError:
                if self._process.poll() is not None:
                    break
                time.sleep(0.02)  # nothing tells that another process has begun to listen
        self.close()
        raise Broken("\n".join(self.said.lines[-20:]))


def _kind(body: str) -> str:
    return "application/json" if body.startswith("{") else "application/x-www-form-urlencoded"
