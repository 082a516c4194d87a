"""`reload-lsp watch`: reload running programs from a terminal, without an editor.

With `-- COMMAND` it starts the program too; without, it reloads whatever runs the folder's files with the agent inside.
The program's standard input is empty; start one that reads its terminal by `reload-lsp run` in another.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sys
from collections.abc import Sequence

from .watch_child import Child
from .watch_screen import Screen
from .watch_session import Session


def main(argv: list[str]) -> int:
    """Watch until `q`, Ctrl-C or, without a terminal, the program's end; its exit code then."""
    options = _options(argv)
    return asyncio.run(Watch(options.under, options.command).run())


class Watch:
    """One run of the command."""

    def __init__(self, folder: str, command: Sequence[str]) -> None:
        self._screen = Screen(sys.stdout)
        self._session = Session(os.path.abspath(folder), self._screen)
        self._child = Child(command, self._screen.raw, self._ended) if command else None
        self._over: asyncio.Future[int] | None = None
        self._keys = {"r": self._session.reload, "u": self._session.undo, "q": self._quit, "\x04": self._quit}
        if self._child is not None:
            self._keys["R"] = self._restart
        self._session.keys = " · r reload  u undo" + ("  R restart" if self._child else "") + "  q quit"

    async def run(self) -> int:
        loop = asyncio.get_running_loop()
        self._over = loop.create_future()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self._finish, 0)
        self._screen.listen(self._pressed)
        try:
            await self._session.begin()
            if self._child is not None:
                await self._child.start()
            self._session.status()
            return await self._over
        finally:
            if self._child is not None:
                await self._child.stop()
            self._session.close()
            self._screen.close()

    def _pressed(self, keys: str) -> None:
        for key in keys:
            work = self._keys.get(key)
            if work is not None:
                self._session.spawn(work())

    async def _restart(self) -> None:
        assert self._child is not None
        self._screen.line("starting again", "dim")
        await self._child.stop()
        await self._child.start()

    async def _quit(self) -> None:
        self._finish(0)

    def _ended(self, code: int) -> None:
        if not self._screen.is_terminal:
            self._finish(code if code >= 0 else 128 - code)
            return
        self._screen.line(f"the program ended with code {code}; R starts it again", "error" if code else "dim")

    def _finish(self, code: int) -> None:
        if self._over is not None and not self._over.done():
            self._over.set_result(code)


def _options(argv: list[str]) -> argparse.Namespace:
    at = argv.index("--") if "--" in argv else len(argv)
    parser = argparse.ArgumentParser(
        prog="reload-lsp watch",
        usage="reload-lsp watch [--under FOLDER] [-- COMMAND ...]",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--under", default=".", metavar="FOLDER", help="the program's folder (default: here)")
    options = parser.parse_args(argv[:at])
    options.command = argv[at + 1 :]
    return options
