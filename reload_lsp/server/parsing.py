"""Long texts parsed in a process of their own, so that the editor's other requests are answered meanwhile."""

from __future__ import annotations

import asyncio
import os
import pickle
import sys
from pathlib import Path

from ..source.statement import Statement
from ..verdict.module import ModuleText

LONG = 150_000  # characters; about 5,000 lines, which hold the interpreter for some 40 ms
PACKAGE = Path(__file__).parents[2]


async def ready(module: ModuleText) -> None:
    """Have the statements of a module at hand. Raises SyntaxError or ValueError."""
    if len(module.text) >= LONG and not await asyncio.to_thread(module.read_quickly):
        module.adopt(await _elsewhere(module.text))


async def _elsewhere(text: str) -> list[Statement]:
    path = os.pathsep.join(filter(None, (str(PACKAGE), os.environ.get("PYTHONPATH"))))
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "reload_lsp.verdict.parse",
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": path},
    )  # fmt: skip
    data, _ = await process.communicate(text.encode("utf-8", "surrogatepass"))
    answer = await asyncio.to_thread(pickle.loads, data)
    if isinstance(answer, Exception):
        raise answer
    return answer
