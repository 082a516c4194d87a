"""Programs with the real agent, for the server's tests: started by `reload-lsp run`, driven line by line."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import pytest
import pythons
from editor import ROOT, SECONDS

CLI = "import sys; from reload_lsp.cli import main; sys.exit(main())"


class Program:
    """A running program that answers each line of input with the value of an expression of its own."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process

    @property
    def pid(self) -> int:
        return self.process.pid

    async def ask(self, expression: str) -> str:
        """The value of `expression` in the program's main module."""
        self.process.stdin.write(f"{expression}\n".encode())
        return await self.line()

    async def line(self) -> str:
        line = await asyncio.wait_for(self.process.stdout.readline(), SECONDS)
        assert line, f"the program ended: {(await self.process.stderr.read()).decode()}"
        return line.decode("utf-8").rstrip("\n")

    async def kill(self) -> None:
        if self.process.returncode is None:
            self.process.kill()
        await self.process.wait()


ANSWERING = """
if __name__ == "__main__":
    import sys
    print("ready", flush=True)
    for line in sys.stdin:
        print(eval(line), flush=True)
"""


MONITORS = next((p for v in pythons.VERSIONS[::-1] if v >= "3.12" and (p := pythons.find(v)) is not None), None)
NO_MONITOR = pytest.mark.skipif(MONITORS is None, reason="no CPython 3.12 or newer: sys.monitoring is not there before")


async def launch(main: Path, *options: str, python: str | Path | None = sys.executable) -> Program:
    """Start `main` under `reload-lsp run` with the program's own `python`, and wait until it says that it is ready."""
    env = {k: v for k, v in os.environ.items() if not k.startswith("RELOAD_LSP")}
    env.update(PYTHONPATH=str(ROOT), PYTHONIOENCODING="utf-8")
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", CLI, "run", *options, "--", str(python), main.name,
        cwd=main.parent, env=env, stdin=-1, stdout=-1, stderr=-1,
    )  # fmt: skip
    program = Program(process)
    assert await program.line() == "ready"
    return program
