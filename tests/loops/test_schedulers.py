"""Event loops and green threads: statements run where the editor's settings say that the program wants them."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from driver import installed
from looping import looping
from test_green_threads import PACKAGES

pytestmark = pytest.mark.slow

LIB = "import threading\n\nWHERE = 'import'\n"
THREAD = "threading.current_thread().name"
IN_LOOP = f"__import__('asyncio').get_running_loop().is_running() and {THREAD}"
SAYING = """\
import lib, threading, {library}


def say():
    print("where", lib.WHERE, flush=True)

"""
ASYNCIO = """
async def main():
    print("ready", flush=True)
    while True:
        await asyncio.sleep(0.02)
        say()

asyncio.run(main())
"""
TRIO = ASYNCIO.replace("asyncio.run(main())", "trio.run(main)").replace("asyncio", "trio")
GEVENT = """
def ticking():
    while True:
        gevent.sleep(0.02)
        say()

print("ready", flush=True)
gevent.spawn(ticking).join()
"""


@pytest.mark.parametrize(
    ("library", "text", "place", "edit"),
    [
        ("asyncio", ASYNCIO, "eventLoop", IN_LOOP),
        ("trio", TRIO, "mainThread", THREAD),
        ("gevent", GEVENT, "mainThread", THREAD),
    ],
    ids=["asyncio", "trio", "gevent"],
)
def test_statements_run_where_they_are_wanted(own_folder: Path, library: str, text: str, place: str, edit: str) -> None:
    python = installed("green", *PACKAGES) / "python"
    texts = {"lib": LIB, "app": SAYING.format(library=library) + text}
    with looping(own_folder, python, texts, runIn=place) as program:
        assert program.save("lib", "'import'", edit) == []
        program.program.said.wait_for("where MainThread")


IDLE = """
async def main():
    print("ready", flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
"""


def test_an_idle_loop_is_woken(own_folder: Path) -> None:
    texts = {"lib": LIB, "app": SAYING.format(library="asyncio") + IDLE}
    with looping(own_folder, Path(sys.executable), texts, runIn="mainThread") as program:
        assert program.save("lib", "'import'", f"{THREAD}\nprint('where', WHERE, flush=True)") == []
        program.program.said.wait_for("where MainThread")
