"""Other reloaders at work on the same program: each found, each with what turns it off."""

from __future__ import annotations

from pathlib import Path

import pytest
from driver import installed
from fleet import fleet, free_port

from reload_lsp.wire.client import Client
from reload_lsp.wire.records import living

pytestmark = pytest.mark.slow

PACKAGES = (
    "uvicorn==0.54.0",
    "flask==3.1.3",
    "django==5.2.8",
    "jurigged==0.6.1",
    "gunicorn==27.0.1",
    "watchdog==6.0.0",
)
ASGI = """\
async def app(scope, receive, send):
    if scope["type"] == "http":
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})
"""
WSGI = "def app(environ, start):\n    start('200 OK', [])\n    return []\n"
FLASK = "from flask import Flask\napp = Flask(__name__)\n"
DJANGO = """\
import sys
from django.conf import settings
from django.core.management import execute_from_command_line

settings.configure(DEBUG=True, ROOT_URLCONF=__name__, SECRET_KEY="x", ALLOWED_HOSTS=["*"])
urlpatterns = []

if __name__ == "__main__":
    execute_from_command_line(sys.argv)
"""
WAITS = "import time\nprint('ready', flush=True)\ntime.sleep(120)\n"
RELOADS = "without --reload"
# What is started, what it says when it works, what it is called, what turns it off.
CASES = {
    "uvicorn": (ASGI, "uvicorn --reload --port {port} app:app", "startup complete", "uvicorn --reload", RELOADS),
    "gunicorn": (WSGI, "gunicorn --reload -b 127.0.0.1:{port} app:app", "Booting", "gunicorn --reload", RELOADS),
    "flask": (FLASK, "flask --debug run --port {port}", "Debugger is active", "Flask's reloader", "--no-reload"),
    "django": (DJANGO, "python app.py runserver {port}", "Watching for", "Django's autoreload", "--noreload"),
    "jurigged": (WAITS, "python -m jurigged app.py", "ready", "jurigged", "without it"),
    "watchmedo": (WAITS, "watchmedo auto-restart -p *.py -- python app.py", "ready", "watchmedo", "without watchmedo"),
}


@pytest.mark.parametrize("name", CASES)
def test_it_is_found_and_said(folder: Path, workspace: Path, name: str) -> None:
    text, command, ready, called, remedy = CASES[name]
    bin_folder = installed("reloaders", *PACKAGES)
    app = workspace / "app.py"
    app.write_text(text)
    words = command.format(port=free_port()).split()
    words = [str(bin_folder / word) if word == "python" else word for word in words]
    with fleet(folder, workspace, [bin_folder / words[0], *words[1:]], ready) as program:
        (shown,) = program.editor.diagnosed(app, ["RLD716"])
        assert shown["message"].startswith(f"{called} is at work on ")
        assert remedy in shown["message"]


def test_a_program_that_nobody_else_reloads(folder: Path, workspace: Path, python: Path) -> None:
    (workspace / "app.py").write_text(WAITS)
    with fleet(folder, workspace, [python, "app.py"], "ready") as program:
        program.attached(1)
        (record,) = living(str(folder / "run" / "reload-lsp"))
        with Client(record) as client:
            assert client.request("others") == {"reloaders": []}
