"""Virtual environments with packages from PyPI for the programs that tests run: made once, kept in the cache."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

CACHE = Path(os.environ.get("RELOAD_LSP_TEST_CACHE", Path(__file__).parents[1] / ".cache"))


def environment_with(name: str, packages: Sequence[str]) -> Path:
    """The folder of an environment with `packages`; of several test processes, one makes it and the others wait."""
    folder = CACHE / f"real-{name}"
    stamp = folder / "stamp"
    wanted = hashlib.sha256(repr((sys.version, tuple(packages))).encode()).hexdigest()
    with _alone(folder):
        if not stamp.exists() or stamp.read_text() != wanted:
            shutil.rmtree(folder, ignore_errors=True)
            subprocess.run([sys.executable, "-m", "venv", folder], check=True)
            pip = [folder / "bin" / "python", "-m", "pip", "install", "-q", "--disable-pip-version-check"]
            subprocess.run([*pip, *packages], check=True)
            stamp.write_text(wanted)
    return folder


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    CACHE.mkdir(parents=True, exist_ok=True)
    with open(f"{folder}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
