"""A web page in a real Chromium tries what pages can do to local ports: it reaches a plain pygls server, and nothing of ours."""

from __future__ import annotations

import http.server
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from environments import environment_with
from programs import Program
from pythons import EDITORS

from reload_lsp.wire.client import Client
from reload_lsp.wire.keyfile import make_key, read_key
from reload_lsp.wire.records import Endpoint

CHROMIUM = EDITORS / "bin" / "chromium"
pytestmark = [
    pytest.mark.slow,
    pytest.mark.editor,
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"no chromium in {EDITORS}: run tests/editors/setup.sh"),
]

WAYS = ["fetch", "form", "beacon", "websocket"]
PYGLS = ("pygls[ws]==2.1.1",)
ATTACK = """
async ([port, messages, patience]) => {
    const url = `http://127.0.0.1:${port}/`, said = {}
    document.body.innerHTML = '<iframe name="target"></iframe><form method="post" target="target" enctype="text/plain"><input>'
    const text = JSON.stringify(messages.form), half = text.indexOf("=")  // such a form sends NAME=VALUE
    const form = document.querySelector("form"), field = form.querySelector("input")
    Object.assign(field, {name: text.slice(0, half), value: text.slice(half + 1)})
    form.action = url
    form.submit()
    navigator.sendBeacon(url, JSON.stringify(messages.beacon))
    const options = {method: "POST", mode: "no-cors", body: JSON.stringify(messages.fetch), signal: AbortSignal.timeout(patience)}
    const asked = fetch(url, options).then(() => said.fetch = "answered", error => said.fetch = error.name)
    const opened = new Promise(done => {
        const socket = new WebSocket(`ws://127.0.0.1:${port}/`)
        socket.onopen = () => { said.websocket = "open"; socket.send(JSON.stringify(messages.websocket)) }
        socket.onclose = () => { said.websocket ??= "closed"; done() }
        setTimeout(done, patience)
    })
    await Promise.all([asked, opened])
    return said
}
"""
# What pygls offers with --tcp and --ws.
PLAIN = """
import sys
from pygls.lsp.server import LanguageServer
server = LanguageServer("plain", "1")

@server.feature("attack")
def attack(params):
    print("handled", params.way, flush=True)

getattr(server, f"start_{sys.argv[1]}")("127.0.0.1", int(sys.argv[2]))
"""
SERVED = """
import sys, lib
def hook(event, _):
    if event.startswith("reload_lsp."):
        print(event, flush=True)
sys.addaudithook(hook)
import reload_lsp
reload_lsp.start()
print("ready", flush=True)
sys.stdin.readline()
print(lib.value, flush=True)
"""


class _Quiet(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"<!doctype html><body>")

    def log_message(self, format: str, *args: Any) -> None: ...


@pytest.fixture(scope="module")
def page() -> Iterator[Any]:
    """A page of some site, in a browser."""
    from playwright.sync_api import sync_playwright

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Quiet) as site, sync_playwright() as playwright:
        threading.Thread(target=site.serve_forever, daemon=True).start()
        options = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=options)
        opened = browser.new_page()
        opened.goto(f"http://localhost:{site.server_port}/")
        yield opened
        browser.close()
        site.shutdown()


@pytest.fixture
def port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


@pytest.mark.parametrize(
    ("kind", "reached"),
    [("tcp", {"fetch", "form", "beacon"}), pytest.param("ws", {"websocket"}, marks=pytest.mark.longrun)],
)
def test_the_attack_is_real(page: Any, port: int, tmp_path: Path, kind: str, reached: set[str]) -> None:
    """What stops it below is ours, not the browser's."""
    python = sys.executable if kind == "tcp" else environment_with("pygls", PYGLS) / "bin" / "python"
    script = tmp_path / "plain.py"
    script.write_text(PLAIN)
    plain = Program([str(python), str(script), kind, str(port)], env={}, cwd=tmp_path)
    while not _listens(port):
        assert plain.process.poll() is None, plain.finish()
    messages = {w: {"jsonrpc": "2.0", "method": "attack", "params": {"way": w, "padding": "="}} for w in WAYS}
    page.evaluate(ATTACK, [port, messages, 1500])
    handled = {plain.line().removeprefix("handled ") for _ in reached}
    plain.kill()
    assert handled == reached


def test_a_page_can_do_nothing(page: Any, port: int, program: Callable[..., Program], tmp_path: Path) -> None:
    lib, key = tmp_path / "lib.py", tmp_path / "key"
    lib.write_text("value = 1\n")
    make_key(str(key))
    one = program(SERVED, RELOAD_LSP_LISTEN=f"127.0.0.1:{port}", RELOAD_LSP_KEY_FILE=str(key))
    assert one.line() == "ready"
    lib.write_text("value = 2\n")
    apply = {"batch": 1, "cause": "save", "files": [{"path": str(lib), "kind": "modified", "sha256": None}]}
    message = {"id": 1, "method": "apply", "params": apply, "padding": "="}
    said = page.evaluate(ATTACK, [port, dict.fromkeys(WAYS, message), 20_000])
    assert said == {"fetch": "TypeError", "websocket": "closed"}
    endpoint = replace(one.record(), endpoint=Endpoint(tcp=("127.0.0.1", port)), key=read_key(str(key)))
    with Client(endpoint, 10) as client:
        assert client.request("status")["generation"] == 0
        assert client.request("apply", apply)["outcome"] == "applied"  # who has the key may
    assert one.line() == "reload_lsp.reload"  # once
    one.say()
    assert one.line() == "2"
    assert one.finish() == (0, "")


def _listens(port: int) -> bool:
    """Without a connection: a plain server ends with its first one."""
    rows = [row.split() for row in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return any(row[1].endswith(f":{port:04X}") and row[3] == "0A" for row in rows)
