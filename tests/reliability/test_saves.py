"""Saves in a row: every one reaches the program, and neither program nor server grows."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from load import APP, Desk, Running, resident

LINES = 300  # of the edited module


def module(number: int) -> str:
    """A module of which each save edits something else: a body, a constant with dependents, a method, a line that is new."""
    kind = number % 4
    filler = "".join(f"def helper_{n}(a, b):\n    return a * {n} + b\n\n\n" for n in range(LINES // 4))
    return (
        f"BASE = {number if kind == 1 else 0}\nDERIVED = {{'base': BASE, 'more': BASE + 1}}\n\n\n"
        f"class Order:\n    def total(self):\n        return {number if kind == 2 else 0}\n\n\n"
        f"def saved():\n    return {number}\n\n\n" + ("NEW = BASE + 1\n\n\n" if kind == 3 else "") + filler
    )


def saves(
    count: int, begin: Callable[..., Running], desk: Callable[..., Desk], path: Path
) -> list[tuple[int, int, int]]:
    """So many saves, each answered before the next; blocks of the program, memory of program and server at ten moments."""
    path.write_text(module(0))
    (path.parent / "app.py").write_text(APP + "ORDER = work.Order()\n")
    program, editor = begin(), desk()
    editor.attached()
    measured: list[tuple[int, int, int]] = []
    for number in range(1, count + 1):
        [process] = editor.change(path, module(number))
        assert process["outcome"] == "applied", process
        assert process["generation"] == number
        if number % (count // 10) == 0:
            assert program.ask("work.saved()") == str(number)
            measured.append((program.blocks, resident(program.pid), editor.memory))
    base = count if count % 4 == 1 else 0
    assert program.ask("work.DERIVED, work.BASE") == str(({"base": base, "more": base + 1}, base))
    assert editor.stop() == 0
    assert program.finish() == (0, "")
    return measured


@pytest.mark.slow
def test_saves_in_a_row(start: Callable[..., Running], desk: Callable[..., Desk], workspace: Path) -> None:
    measured = saves(120, start, desk, workspace / "work.py")
    blocks = [found[0] for found in measured[4:]]
    assert max(blocks) - min(blocks) < 0.02 * blocks[0], measured


@pytest.mark.longrun
def test_ten_thousand_saves(start: Callable[..., Running], desk: Callable[..., Desk], workspace: Path) -> None:
    began = time.perf_counter()
    measured = saves(10_000, start, desk, workspace / "work.py")
    print(f"\n10,000 saves in {time.perf_counter() - began:.0f} s")
    print("saves    blocks   program KiB   server KiB")
    for tenth, (blocks, program, server) in enumerate(measured, 1):
        print(f"{tenth * 1000:>6,}  {blocks:>8,}  {program:>12,}  {server:>11,}")
    (first, program, server), (last, program_after, server_after) = measured[0], measured[-1]
    assert last < 1.01 * first, measured
    assert program_after < program + 2048, measured
    assert server_after < server + 4096, measured
