"""The little shop that the stories are about, and what most of them begin with."""

from __future__ import annotations

from workbench import Workbench

# Prints what it has to say whenever that changes: what is in the terminal tells what the program runs.
APP = """import time

import prices

last = None


def show(last):
    text = prices.total(3)
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


def running(window: Workbench) -> Workbench:
    window.terminal("python3 app.py")
    window.status("1 process")
    return window
