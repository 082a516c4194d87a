"""Clocks that stand still, or are set by years: nothing depends on them."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from load import APP, Desk, Running

from reload_lsp.watch.batches import Gatherer
from reload_lsp.wire.client import open_socket
from reload_lsp.wire.records import living

# As tests with freezegun do, and more: the clocks of the whole process, from the first line of the program on.
FROZEN = """
import time
for name in ("time", "monotonic", "perf_counter"):
    setattr(time, name, lambda found=getattr(time, name)(): found)
"""
JUMPING = (
    "import random, time\nreal = time.time\ntime.time = lambda: real() + random.choice((-1, 1)) * 10 * 365 * 86400\n"
)


@pytest.mark.parametrize("clock", [FROZEN, JUMPING], ids=["frozen", "jumping"])
def test_a_programs_clock(
    clock: str, start: Callable[..., Running], desk: Callable[..., Desk], workspace: Path, runtime: Path
) -> None:
    work = workspace / "work.py"
    work.write_text("def value():\n    return 1\n")
    (workspace / "app.py").write_text(clock + APP)
    program, editor = start(), desk()
    editor.attached()
    for number in range(2, 5):
        [process] = editor.change(work, f"def value():\n    return {number}\n")
        assert process["outcome"] == "applied"
        assert program.ask("work.value()") == str(number)
    began = time.monotonic()
    with open_socket(living(str(runtime))[0].endpoint, 10) as silent:  # who says nothing is closed in time all the same
        assert silent.recv(1) == b""
    assert time.monotonic() - began < 3
    assert program.finish() == (0, "")


def test_the_servers_clock(
    start: Callable[..., Running], desk: Callable[..., Desk], workspace: Path, tmp_path: Path
) -> None:
    (tmp_path / "sitecustomize.py").write_text(JUMPING)
    work = workspace / "work.py"
    work.write_text("def value():\n    return 1\n")
    (workspace / "app.py").write_text(APP)
    program, editor = start(), desk(PYTHONPATH=str(tmp_path))
    editor.attached()
    for number in range(2, 5):
        [process] = editor.change(work, f"def value():\n    return {number}\n")
        assert process["outcome"] == "applied"
    assert program.ask("work.value()") == "4"
    assert editor.stop() == 0


def test_a_file_from_the_future_is_a_file(
    start: Callable[..., Running], desk: Callable[..., Desk], workspace: Path
) -> None:
    work = workspace / "work.py"
    work.write_text("def value():\n    return 1\n")
    (workspace / "app.py").write_text(APP)
    program, editor = start(), desk()
    editor.attached()
    for number, years in enumerate((30, -30, 5), 2):
        editor.change(work, f"def value():\n    return {number}\n")
        then = time.time() + years * 365 * 86400
        os.utime(work, (then, then))
        assert program.ask("work.value()") == str(number)


def test_an_unfinished_record_is_not_swept_while_it_is_written(runtime: Path) -> None:
    """Whatever the clock says about its age."""
    from reload_lsp.wire import locks

    runtime.mkdir(mode=0o700)
    draft = runtime / "0123abcd.json.new"
    writing = os.open(draft, os.O_RDWR | os.O_CREAT, 0o600)
    locks.hold(writing)
    os.utime(draft, (0, 0))
    assert living(str(runtime)) == []
    assert draft.exists()
    os.close(writing)
    assert living(str(runtime)) == []
    assert not draft.exists()


@pytest.mark.parametrize("jump", [1e9, -1e9])
def test_a_watcher_whose_clock_jumps(jump: float) -> None:
    gatherer = Gatherer()
    gatherer.add("/a.py", "modified", 1000.0)
    gatherer.add("/b.py", "modified", 1000.0 + jump)
    assert gatherer.due is not None
    assert [change.path for change in gatherer.take(lambda _: True)] == ["/a.py", "/b.py"]
    assert gatherer.due is None
