"""The whole agent with the real engine: a file changes, the program follows.

The programs wait at their top level, in statements that read what changes: those are rightly held, so a batch
is `partial`; what counts here is that the changed module follows.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
from programs import STARTED, Program

Start = Callable[..., Program]
LOOP = """
import sys
import lib
seen = []
for line in sys.stdin:
    seen.append(lib.say())
    print(*seen, flush=True)
"""
OLD, NEW = "def say():\n    return 'old'\n", "def say():\n    return 'new'\n"


@pytest.fixture
def lib(tmp_path: Path) -> Path:
    path = tmp_path / "lib.py"
    path.write_text(OLD)
    return path


def said(one: Program) -> str:
    one.say("go on")
    return one.line()


def test_a_save_over_the_wire_changes_the_program_that_keeps_its_state(program: Start, lib: Path) -> None:
    one = program(STARTED + LOOP)
    one.line()
    assert said(one) == "old"
    with one.client() as client:
        files = {f["path"]: f for f in client.request("loaded")["files"]}
        assert files[str(lib)]["sha256"] == hashlib.sha256(OLD.encode()).hexdigest()
        assert files[str(lib)]["modules"] == ["lib"]
        lib.write_text(NEW)
        save = {"path": str(lib), "kind": "modified", "sha256": hashlib.sha256(NEW.encode()).hexdigest()}
        report = client.request("apply", {"batch": 1, "cause": "save", "files": [save]})
        assert ("lib", "patched") in [(s["module"], s["ending"]) for s in report["statements"]]
        assert said(one) == "old new"
        status = client.request("status")
        assert status["generation"] == report["generation"]
        assert status["lastReload"] is not None
        assert status["texts"]["bytes"] >= len(NEW)
        assert status["texts"]["held"] > 0


def test_a_program_reloads_itself_without_any_server(program: Start, lib: Path) -> None:
    text = "import reload_lsp, lib\nprint(lib.say(), flush=True)\ninput()\n"
    text += "report = reload_lsp.reload()\nprint(report.modules[0], lib.say(), flush=True)\n"
    text += "print(type(report) is reload_lsp.Report, report.duration_ms > 0, flush=True)\n"
    one = program("import reload_lsp\nreload_lsp.reload()\n" + text)
    assert one.line() == "old"
    lib.write_text(NEW)
    one.say()
    assert one.line() == "lib new"
    assert one.line() == "True True"
    assert one.finish() == (0, "")


def test_what_is_imported_later_is_told(program: Start, lib: Path) -> None:
    one = program(STARTED + "import sys\nsys.stdin.readline()\nimport lib\nprint('in', flush=True)\ninput()\n")
    one.line()
    with one.client() as client:
        assert str(lib) not in [f["path"] for f in client.request("loaded")["files"]]
        one.say()
        assert one.line() == "in"
        client.request("status")
        event = client.next_event()
        assert event.method == "loaded"
        assert [f["path"] for f in event.params["files"]] == [str(lib)]


def test_a_batch_at_a_checkpoint_happens_in_the_thread_that_called(program: Start, lib: Path) -> None:
    text = (
        "import threading, sys, lib, reload_lsp\nreload_lsp.checkpoint()\nprint('set', flush=True)\n"
        "sys.stdin.readline()\nreport = reload_lsp.checkpoint()\nprint(lib.WHERE)\n"
        "print(report.modules[0], flush=True)\ninput()\n"
    )
    lib.write_text("import threading\nWHERE = 'import'\n")
    one = program(STARTED + text)
    one.line(), one.line()
    asking, watching = one.client(), one.client()
    lib.write_text("import threading\nWHERE = threading.current_thread().name\n")
    files = [{"path": str(lib), "kind": "modified", "sha256": None}]
    from reload_lsp.wire import frames

    asking._socket.sendall(
        frames.encode({"id": 9, "method": "apply", "params": {"batch": 1, "cause": "save", "files": files}})
    )
    while watching.request("status")["state"] != "waiting":
        pass
    one.say()
    assert [one.line(), one.line()] == ["MainThread", "lib"]
    asking.close(), watching.close()
