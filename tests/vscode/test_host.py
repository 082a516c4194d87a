"""Tests that run inside the extension host, where the API can be asked: vscode-extension/test/host."""

from __future__ import annotations

import json
import time
from pathlib import Path

from codeserver import SECONDS, CodeServer
from playwright.sync_api import BrowserContext
from workbench import Workbench

APP = "import time\nimport prices\n\nwhile True:\n    time.sleep(0.05)\n"
# Stopped at a breakpoint on line 8, once for each value that it sees.
STOPPING = """import time
import rates

seen = []

def see(value):
    seen.append(value)
    print(seen)

if __name__ == "__main__":
    while True:
        if rates.RATE not in seen:
            see(rates.RATE)
        time.sleep(0.05)
"""


def test_inside_the_extension_host(browser: BrowserContext, server: CodeServer, built: Path, folder: Path) -> None:
    (folder / "app.py").write_text(APP)
    (folder / "prices.py").write_text("RATE = 10\n")
    (folder / "stopping.py").write_text(STOPPING)
    (folder / "rates.py").write_text("RATE = 1\n")
    server.configure({})

    window = Workbench(browser, server, folder, folder)
    window.develop(server.extension, built / "debugger", tests=built / "host-tests.js")
    try:
        window.open("app.py")
        results = folder / "results.json"
        deadline = time.monotonic() + 3 * SECONDS
        while not results.exists():
            assert time.monotonic() < deadline, f"no results\n{server.log()}"
            window.page.wait_for_timeout(100)
        found = json.loads(results.read_text())
    finally:
        window.close()
        server.end_programs()
    print(*[line for line in window.console if "activation:" in line])
    assert len(found) == 8
    assert not [one for one in found if "error" in one], json.dumps(found, indent=1).replace("\\n", "\n")
