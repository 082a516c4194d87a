"""Which files git ignores: asked of git itself, many paths in one call, off the event loop's back."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterable, Sequence

SECONDS = 5.0
UNTRUSTED = ("-c", "core.fsmonitor=false")  # a repository may name a program there, which git would start


async def ignored(root: str, paths: Sequence[str]) -> set[str]:
    """Those of `paths` (below `root`) that git ignores; none where there is no git or no repository."""
    if not paths:
        return set()
    try:
        process = await asyncio.create_subprocess_exec(
            "git", "-C", root, *UNTRUSTED, "check-ignore", "-z", "--stdin", "--",
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
    except OSError:
        return set()
    try:
        out, _ = await asyncio.wait_for(process.communicate(_stdin(paths)), SECONDS)
    except asyncio.TimeoutError:
        process.kill()
        return set()
    return {os.fsdecode(name) for name in out.split(b"\0") if name}


def _stdin(paths: Iterable[str]) -> bytes:
    return b"\0".join(os.fsencode(path) for path in paths) + b"\0"
