"""The Pythons of this machine that tests run on: one of each version, and an environment for each."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
CACHE = Path(os.environ.get("RELOAD_LSP_TEST_CACHE", ROOT / ".cache"))
EDITORS = Path(os.environ.get("RELOAD_LSP_EDITORS", CACHE / "editors"))
VERSIONS = ("3.10", "3.11", "3.12", "3.13", "3.14")
NEEDED = ("pytest>=8", "pytest-asyncio>=1.0", "pytest-xdist>=3.5", "hypothesis>=6.100")


def find(version: str) -> Path | None:
    """A CPython of this version that works, from wherever people keep them."""
    return next((python for python in _candidates(version) if _is(python, version)), None)


def _candidates(version: str) -> Iterator[Path]:
    if sys.version_info[:2] == tuple(map(int, version.split("."))):
        yield Path(sys.executable)
    home = Path.home()
    yield EDITORS / "bin" / f"python{version}"
    yield from sorted(home.glob(f".pyenv/versions/{version}.*/bin/python"), reverse=True)
    yield from sorted(home.glob(f".local/share/uv/python/cpython-{version}*/bin/python{version}"), reverse=True)
    for folder in os.environ.get("PATH", "").split(os.pathsep):
        if not folder.endswith("shims"):
            yield Path(folder) / f"python{version}"


def _is(python: Path, version: str) -> bool:
    if not os.access(python, os.X_OK):
        return False
    ask = "import sys, ssl; print(sys.implementation.name, '%d.%d' % sys.version_info[:2])"
    try:
        done = subprocess.run([python, "-c", ask], capture_output=True, text=True, timeout=60, check=False)
    except OSError:
        return False
    return done.stdout.strip() == f"cpython {version}"


def environment(version: str, python: Path) -> Path:
    """A virtual environment of this Python with the project and pytest; made again when these change."""
    folder = CACHE / f"python{version}"
    stamp = folder / "stamp"
    wanted = hashlib.sha256((ROOT / "pyproject.toml").read_bytes() + repr((str(python), NEEDED)).encode()).hexdigest()
    if not stamp.exists() or stamp.read_text() != wanted:
        shutil.rmtree(folder, ignore_errors=True)
        # Not `venv`: a Debian Python without its own wheels has no ensurepip.
        run([sys.executable, "-m", "virtualenv", "-q", "-p", python, folder])
        run([folder / "bin" / "python", "-m", "pip", "install", "-q", "-e", ROOT, *NEEDED])
        stamp.write_text(wanted)
    # Tests start hundreds of programs: where bytecode is not written (PYTHONDONTWRITEBYTECODE), each would compile ours anew.
    run([folder / "bin" / "python", "-m", "compileall", "-q", ROOT / "reload_lsp"])
    return folder


def run(command: list[str | Path], **more: object) -> str:
    """Run to the end; its output, which is shown where it fails."""
    done = subprocess.run(command, stdout=-1, stderr=-2, text=True, timeout=900, check=False, **more)  # type: ignore[call-overload]
    assert done.returncode == 0, f"{command}: exit code {done.returncode}\n{done.stdout[-20000:]}"
    return str(done.stdout)
