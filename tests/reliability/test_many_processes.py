"""Many processes at once: one batch reaches all of them, and each answers for itself."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from load import APP, Desk, Running

FORKING = """
import os, sys, work

if __name__ == "__main__":
    children = []
    for _ in range(int(sys.argv[1])):
        ask, asked = os.pipe()
        answered, answer = os.pipe()
        pid = os.fork()
        if not pid:
            while os.read(ask, 1):
                os.write(answer, str(work.value()).encode())
            os._exit(0)
        children.append((pid, asked, answered))
        os.close(ask), os.close(answer)
    print("ready", flush=True)
    for line in sys.stdin:
        for _, asked, _ in children:
            os.write(asked, b"?")
        print(sorted({os.read(answered, 9) for _, _, answered in children}), flush=True)
    for pid, asked, _ in children:
        os.kill(pid, 9)
        os.waitpid(pid, 0)
"""
CHILDREN = 15


@pytest.mark.slow
def test_a_batch_reaches_all_of_a_programs_children(
    start: Callable[..., Running], desk: Callable[..., Desk], workspace: Path
) -> None:
    work = workspace / "work.py"
    work.write_text("def value():\n    return 1\n")
    (workspace / "app.py").write_text(FORKING.replace("int(sys.argv[1])", str(CHILDREN)))
    program, editor = start(), desk()
    editor.attached(CHILDREN + 1)
    for number in range(2, 7):
        table = editor.change(work, f"def value():\n    return {number}\n")
        assert [process["outcome"] for process in table] == ["applied"] * (CHILDREN + 1)
        assert program.ask("all") == str([str(number).encode()])
    assert program.finish() == (0, "")
    editor.attached(0)


@pytest.mark.longrun
def test_sixty_four_programs(start: Callable[..., Running], desk: Callable[..., Desk], workspace: Path) -> None:
    work = workspace / "work.py"
    work.write_text("def value():\n    return 1\n")
    (workspace / "app.py").write_text(APP)
    began = time.perf_counter()
    programs = [start() for _ in range(64)]
    print(f"\n64 programs started in {time.perf_counter() - began:.1f} s")
    began = time.perf_counter()
    editor = desk()
    editor.attached(64)
    print(f"attached in {time.perf_counter() - began:.1f} s, server {editor.memory} KiB")
    took: list[float] = []
    for number in range(2, 102):
        began = time.perf_counter()
        table = editor.change(work, f"def value():\n    return {number}\n")
        took.append(time.perf_counter() - began)
        assert [process["outcome"] for process in table] == ["applied"] * 64
    assert {program.ask("work.value()") for program in programs} == {"101"}
    took.sort()
    print(f"100 saves: median {took[50] * 1e3:.0f} ms, longest {took[-1] * 1e3:.0f} ms, server {editor.memory} KiB")
    for program in programs[:32]:
        os.kill(program.pid, 9)
    editor.attached(32)
    table = editor.change(work, "def value():\n    return 0\n")
    assert [process["outcome"] for process in table] == ["applied"] * 32
