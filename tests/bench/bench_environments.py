"""The peers, and an environment for each under `.cache/bench`: what is measured is what PyPI has."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
CACHE = Path(os.environ.get("RELOAD_LSP_TEST_CACHE", ROOT / ".cache")) / "bench"


@dataclass(frozen=True, slots=True)
class Peer:
    """A reloader: its name here and in `bench_reloaders`, and what to install for it."""

    name: str
    requirement: str = ""
    newest: str = ""  # the least CPython that it asks for, where that is more than ours


PEERS = (
    Peer("reload-lsp"),
    Peer("importlib.reload"),
    Peer("ordered reload"),
    Peer("IPython autoreload", "ipython"),
    Peer("jurigged", "jurigged"),
    Peer("hmr", "hmr", "3.12"),
    Peer("pydevd", "debugpy"),
    Peer("limeade", "limeade"),
)
RESTART = Peer("uvicorn --reload", "uvicorn[standard]")


def python_of(peer: Peer, python: Path) -> Path | None:
    """The interpreter with the peer installed; None, said why, where it cannot be."""
    folder = CACHE / (peer.requirement.partition("[")[0] or "plain")
    wanted = hashlib.sha256(f"{python} {peer.requirement}".encode()).hexdigest()
    stamp = folder / "stamp"
    if not stamp.exists() or stamp.read_text() != wanted:
        shutil.rmtree(folder, ignore_errors=True)
        try:
            _made(folder, python, peer.requirement)
        except subprocess.CalledProcessError as error:
            print(f"{peer.name} is left out: {error.stderr[-400:]}", file=sys.stderr)
            return None
        stamp.write_text(wanted)
    return folder / "bin" / "python"


def version_of(peer: Peer, python: Path) -> str:
    """The peer's version as installed."""
    name = peer.requirement.partition("[")[0]
    if not name:
        return ""
    ask = f"import importlib.metadata as m; print(m.version({name!r}))"
    return _run([python, "-c", ask]).strip()


def _made(folder: Path, python: Path, requirement: str) -> None:
    # Not `venv`: a Debian Python without its own wheels has no ensurepip.
    _run([sys.executable, "-m", "virtualenv", "-q", "-p", python, folder])
    if requirement:
        _run([folder / "bin" / "python", "-m", "pip", "install", "-q", "--disable-pip-version-check", requirement])


def _run(command: list[str | Path]) -> str:
    return subprocess.run(command, capture_output=True, text=True, timeout=900, check=True).stdout
