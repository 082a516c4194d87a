"""What users do, in a real VS Code with the packaged extension; each story leaves pictures."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from workbench import Workbench

Open = Callable[..., Workbench]

APP = """import time

from prices import total

last = None


def show(last):
    text = total(3)
    if text != last:
        print(text, flush=True)
    return text


if __name__ == "__main__":
    while True:
        last = show(last)
        time.sleep(0.05)
"""
PRICES = """RATE = 10


def total(count):
    return f"{count} loaves cost {count * RATE}"
"""


def program(folder: Path) -> None:
    (folder / "app.py").write_text(APP)
    (folder / "prices.py").write_text(PRICES)


def test_a_save_changes_what_the_program_prints(workbench: Open, folder: Path) -> None:
    program(folder)
    window = workbench("prices.py")
    window.status("no process")
    window.terminal("python3 app.py")
    window.terminal_shows("3 loaves cost 30")
    window.status("1 process")
    window.replace_line(1, "RATE = 12")
    window.save()
    window.terminal_shows("3 loaves cost 36")
    window.status("1 process", "live: prices", "ms")
    window.shot("02-reloaded")
