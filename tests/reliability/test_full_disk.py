"""The disk fills up while program and editor are at work: what could be written is what runs, and nobody is harmed."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from load import APP, Desk, Running
from programs import records


def text(number: int) -> str:
    return f"def value():\n    return {number}\n"


@pytest.fixture
def small(workspace: Path, runtime: Path) -> Iterator[Path]:
    """Workspace and runtime folder on a file system of 128 KiB; a folder on it."""
    if os.geteuid() != 0:
        pytest.skip("needs root, to mount a small file system")
    mounted = runtime.parent
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=128k,mode=700", "none", mounted], check=False).returncode:
        pytest.skip("this machine mounts no tmpfs")
    (mounted / "ws").mkdir()
    yield mounted / "ws"
    subprocess.run(["umount", "-l", mounted], check=True)


def fill(folder: Path) -> Path:
    """Write until nothing fits any more."""
    path = folder / "full"
    with open(path, "wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(512))
        except OSError:
            return path


def test_the_disk_fills_up(small: Path, desk: Callable[..., Desk], runtime: Path, tmp_path: Path) -> None:
    log = tmp_path / "log"
    work = small / "work.py"
    work.write_text(text(1))
    (small / "app.py").write_text(APP)
    program, editor = Running(small, "app.py", RELOAD_LSP_LOG=str(log)), desk(small)
    try:
        assert program.line() == "ready"
        editor.attached()
        filling = fill(small)
        for number in range(2, 6):  # a file of the same size fits where it was
            [process] = editor.change(work, text(number))
            assert (process["outcome"], program.ask("work.value()")) == ("applied", str(number))
        # Another program begins: it has no room for its record, and runs as it would without us.
        other = Running(small, "app.py")
        assert [other.line(), other.ask("work.value()")] == ["ready", "5"]
        assert other.finish() == (0, "")
        # The child of a fork has no room for one either.
        assert program.ask(
            "__import__('os').waitpid(__import__('os').fork() or __import__('os')._exit(3), 0)[1]"
        ) == str(3 << 8)
        with pytest.raises(OSError):  # the editor cannot save more than fits: the file is what is left of it
            work.write_text(text(6) + "#" * (1 << 20))
        filling.unlink()
        [process] = editor.change(work, text(7))
        assert (process["outcome"], program.ask("work.value()")) == ("applied", "7")
        late = Running(small, "app.py")
        assert late.line() == "ready"
        assert {record.pid for record in records()} == {program.pid, late.pid}
        late.kill()
        assert program.finish() == (0, "")
        faults = [line for line in log.read_text().splitlines() if "Error" in line]
        assert faults and all("No space left" in line for line in faults), faults
    finally:
        program.kill()
        editor.end()
    assert [name for name in os.listdir(runtime) if name.endswith(".json.new")] == []


def test_a_record_that_is_cut_short_is_none(runtime: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A nearly full disk takes the first part of what is written."""
    from reload_lsp.wire import announce
    from reload_lsp.wire.records import living

    runtime.mkdir(mode=0o700)
    written: list[int] = []

    def little(descriptor: int, data: bytes) -> int:
        if written and written[-1] == 0:
            raise OSError(28, "No space left on device")
        written.append(0)
        return real(descriptor, data[:100])

    real = os.write
    monkeypatch.setattr(announce.os, "write", little)
    with pytest.raises(OSError, match="No space"):
        announce.Announcement(str(runtime), "0123abcd", {"key": "0" * 500})
    assert os.listdir(runtime) == []
    assert living(str(runtime)) == []
